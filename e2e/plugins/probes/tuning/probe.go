package main

import "net"

func probeShape() any { return TuningConf{} }

func probeLoad(config []byte) (any, error) {
	n, err := parseConf(config, "")
	if err != nil {
		return nil, err
	}
	// Same as changeMacAddr.
	if n.Mac != "" {
		if _, err := net.ParseMAC(n.Mac); err != nil {
			return nil, err
		}
	}
	return map[string]any{}, nil
}
