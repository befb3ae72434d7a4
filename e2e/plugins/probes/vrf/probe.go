package main

func probeShape() any { return VRFNetConf{} }

func probeLoad(config []byte) (any, error) {
	conf, _, err := parseConf(config)
	if err != nil {
		return nil, err
	}
	return map[string]any{"vrfname": conf.VRFName}, nil
}
