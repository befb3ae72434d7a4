package main

import (
	"github.com/k8snetworkplumbingwg/ovs-cni/pkg/config"
	"github.com/k8snetworkplumbingwg/ovs-cni/pkg/plugin"
	"github.com/k8snetworkplumbingwg/ovs-cni/pkg/types"
)

func probeShape() any { return types.NetConf{} }

func probeLoad(text []byte) (any, error) {
	n, err := config.LoadConf(text)
	if err != nil {
		return nil, err
	}
	if len(n.Trunk) > 0 {
		if err := plugin.ProbeTrunk(n.Trunk); err != nil {
			return nil, err
		}
	}
	conf := map[string]any{"bridge": n.BrName, "mtu": n.MTU}
	if n.VlanTag != nil {
		conf["vlan"] = *n.VlanTag
	}
	return conf, nil
}
