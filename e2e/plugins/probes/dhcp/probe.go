package main

import "encoding/json"

func probeShape() any { return NetConf{} }

func probeLoad(config []byte) (any, error) {
	// Same as getSocketPath, which cmdAdd calls, and the daemon.
	conf := NetConf{}
	if err := json.Unmarshal(config, &conf); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}
