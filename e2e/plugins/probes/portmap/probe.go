package main

func probeShape() any { return PortMapConf{} }

func probeLoad(config []byte) (any, error) {
	if _, _, err := parseConfig(config, "net1"); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}
