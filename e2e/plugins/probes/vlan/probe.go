package main

import (
	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/plugins/pkg/ipam"
)

func probeShape() any { return NetConf{} }

func probeLoad(config []byte) (any, error) {
	n, _, err := loadConf(&skel.CmdArgs{StdinData: config, Netns: "/proc/self/ns/net"})
	if err != nil {
		return nil, err
	}
	if n.IPAM.Type == "" {
		if _, err := ipam.ExecAdd("", config); err != nil {
			return nil, err
		}
	}
	return map[string]any{"master": n.Master, "vlan": n.VlanID, "mtu": n.MTU, "linkInContainer": n.LinkContNs}, nil
}
