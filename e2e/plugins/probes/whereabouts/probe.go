package main

import (
	"net"
	"os"

	"github.com/k8snetworkplumbingwg/whereabouts/pkg/allocate"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/config"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/storage/kubernetes"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/types"
)

// No test counts more addresses than this.
const most = 300

// The text form, which the plugin's own unmarshaler reads first.
func probeShape() any { return types.Net{} }

// Every node has a file with the address of the API server.
var nodeFile = func() string {
	file, err := os.CreateTemp("", "whereabouts-*.conf")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if _, err := file.WriteString(`{"kubernetes":{"kubeconfig":"/kubeconfig"}}`); err != nil {
		panic(err)
	}
	return file.Name()
}()

// probeLoad returns the addresses that the allocator assigns until none is left, and the names of the pools.
func probeLoad(text []byte) (any, error) {
	n, _, err := config.LoadIPAMConfig(text, "", nodeFile)
	if err != nil {
		return nil, err
	}
	addresses := []string{}
	pools := []string{}
	truncated := false
	for _, r := range n.IPRanges {
		pools = append(pools, kubernetes.IPPoolName(kubernetes.PoolIdentifier{IpRange: r.Range, NetworkName: n.NetworkName}))
		_, ipnet, err := net.ParseCIDR(r.Range)
		if err != nil {
			return nil, err
		}
		reserved := []types.IPReservation{}
		for {
			if len(reserved) >= most {
				truncated = true
				break
			}
			ip, next, err := allocate.IterateForAssignment(*ipnet, r.RangeStart, r.RangeEnd, reserved, r.OmitRanges, "c", "ns/pod", "net1")
			if err != nil {
				if _, full := err.(allocate.AssignmentError); full {
					break
				}
				return nil, err
			}
			reserved = next
			addresses = append(addresses, ip.String())
		}
	}
	gateway := ""
	if n.Gateway != nil {
		gateway = n.Gateway.String()
	}
	return map[string]any{"addresses": addresses, "pools": pools, "truncated": truncated, "gateway": gateway}, nil
}
