package main

import (
	"fmt"
)

func probeShape() any { return FirewallNetConf{} }

func probeLoad(config []byte) (any, error) {
	conf, _, err := parseConf(config)
	if err != nil {
		return nil, err
	}
	// Same as setupIngressPolicy.
	switch conf.IngressPolicy {
	case "", IngressPolicyOpen, IngressPolicySameBridge, IngressPolicyIsolated:
		return map[string]any{}, nil
	default:
		return nil, fmt.Errorf("unknown ingress policy: %q", conf.IngressPolicy)
	}
}
