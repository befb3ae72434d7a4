package main

import (
	"encoding/json"

	"github.com/containernetworking/plugins/pkg/ipam"
)

func probeShape() any { return NetConf{} }

func probeLoad(config []byte) (any, error) {
	// Same as cmdAdd.
	conf := NetConf{}
	if err := json.Unmarshal(config, &conf); err != nil {
		return nil, err
	}
	if conf.IPAM.Type == "" {
		if _, err := ipam.ExecAdd("", config); err != nil {
			return nil, err
		}
	}
	return map[string]any{"mtu": conf.MTU}, nil
}
