package main

import (
	"net"
	"strings"
)

func probeShape() any { return NetConf{} }

func probeLoad(config []byte) (any, error) {
	n, err := loadConf(config)
	if err != nil {
		return nil, err
	}
	if _, err := getLink(n.Device, n.HWAddr, n.KernelPath, n.PCIAddr, n.auxDevice); err != nil {
		// Whether the device exists depends on the node; the two errors below are about the config.
		if strings.Contains(err.Error(), "failed to parse MAC address") || strings.Contains(err.Error(), "must be absolute") {
			return nil, err
		}
	}
	mac, _ := net.ParseMAC(n.HWAddr)
	return map[string]any{"device": n.Device, "hwaddr": mac.String(), "kernelpath": n.KernelPath, "pciBusID": n.PCIAddr}, nil
}
