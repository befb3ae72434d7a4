package main

import (
	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/plugins/pkg/ipam"
)

func probeShape() any { return NetConf{} }

func probeLoad(config []byte) (any, error) {
	n, _, err := loadConf(&skel.CmdArgs{StdinData: config, Netns: "/proc/self/ns/net"}, false)
	if err != nil {
		return nil, err
	}
	mode, err := modeFromString(n.Mode)
	if err != nil {
		return nil, err
	}
	name, err := modeToString(mode)
	if err != nil {
		return nil, err
	}
	if n.IPAM.Type == "" {
		if _, err := ipam.ExecAdd("", config); err != nil {
			return nil, err
		}
	}
	return map[string]any{"master": n.Master, "mode": name, "mtu": n.MTU, "linkInContainer": n.LinkContNs}, nil
}
