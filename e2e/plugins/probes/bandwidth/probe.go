package main

func probeShape() any { return PluginConf{} }

func probeLoad(config []byte) (any, error) {
	if _, err := parseConfig(config); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}
