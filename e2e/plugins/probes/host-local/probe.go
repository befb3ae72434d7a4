package main

import (
	"net"
	"strconv"

	"github.com/containernetworking/plugins/plugins/ipam/host-local/backend/allocator"
	fakestore "github.com/containernetworking/plugins/plugins/ipam/host-local/backend/testing"
)

// No test counts more addresses than this.
const most = 5000

func probeShape() any { return allocator.Net{} }

// probeLoad returns the addresses that the allocator assigns until none is left, range set by range set.
func probeLoad(config []byte) (any, error) {
	n, _, err := allocator.LoadIPAMConfig(config, "")
	if err != nil {
		return nil, err
	}
	ranges := []any{}
	addresses := []string{}
	truncated := false
	for i := range n.Ranges {
		for _, r := range n.Ranges[i] {
			ranges = append(ranges, map[string]any{
				"subnet": r.Subnet.IP.String(), "start": r.RangeStart.String(), "end": r.RangeEnd.String(), "gateway": r.Gateway.String(),
			})
		}
		a := allocator.NewIPAllocator(&n.Ranges[i], fakestore.NewFakeStore(map[string]string{}, map[string]net.IP{}), i)
		for id := 0; ; id++ {
			if len(addresses) >= most {
				truncated = true
				break
			}
			got, err := a.Get(strconv.Itoa(id), "net1", nil)
			if err != nil {
				break
			}
			addresses = append(addresses, got.Address.IP.String())
		}
	}
	return map[string]any{"ranges": ranges, "addresses": addresses, "truncated": truncated}, nil
}
