package main

import "github.com/containernetworking/cni/pkg/skel"

func probeShape() any { return NetConf{} }

func probeLoad(config []byte) (any, error) {
	n, _, err := loadConf(&skel.CmdArgs{StdinData: config})
	if err != nil {
		return nil, err
	}
	return map[string]any{"bridge": n.Bridge, "mtu": n.MTU}, nil
}
