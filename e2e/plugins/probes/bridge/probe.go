package main

import (
	"errors"
)

func probeShape() any { return NetConf{} }

func probeLoad(config []byte) (any, error) {
	n, _, err := loadNetConf(config, "")
	if err != nil {
		return nil, err
	}
	// The two checks that cmdAdd makes before it changes anything on the node.
	if n.IPAM.Type != "" && n.DisableContainerInterface {
		return nil, errors.New("cannot use IPAM when DisableContainerInterface flag is set")
	}
	if n.HairpinMode && n.PromiscMode {
		return nil, errors.New("cannot set hairpin mode and promiscuous mode at the same time")
	}
	return map[string]any{"bridge": n.BrName, "vlan": n.Vlan, "mtu": n.MTU, "isDefaultGateway": n.IsDefaultGW}, nil
}
