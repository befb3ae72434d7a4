package main

import "github.com/containernetworking/cni/pkg/types"

func probeShape() any { return types.NetConf{} }

func probeLoad(config []byte) (any, error) {
	if _, err := parseNetConf(config); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}
