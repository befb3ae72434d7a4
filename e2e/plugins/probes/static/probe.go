package main

func probeShape() any { return Net{} }

func probeLoad(config []byte) (any, error) {
	n, _, err := LoadIPAMConfig(config, "")
	if err != nil {
		return nil, err
	}
	addresses := []string{}
	for _, a := range n.Addresses {
		addresses = append(addresses, a.Address.IP.String())
	}
	return map[string]any{"addresses": addresses}, nil
}
