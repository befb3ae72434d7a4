package main

import (
	"net"

	"github.com/containernetworking/cni/pkg/skel"
)

func probeShape() any { return NetConf{} }

func probeLoad(config []byte) (any, error) {
	n, _, err := loadConf(&skel.CmdArgs{StdinData: config, Netns: "/proc/self/ns/net"}, "")
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
	// Same as createMacvlan.
	if n.Mac != "" {
		if _, err := net.ParseMAC(n.Mac); err != nil {
			return nil, err
		}
	}
	return map[string]any{"master": n.Master, "mode": name, "mtu": n.MTU, "linkInContainer": n.LinkContNs}, nil
}
