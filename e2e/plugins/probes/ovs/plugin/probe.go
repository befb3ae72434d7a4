package plugin

import "github.com/k8snetworkplumbingwg/ovs-cni/pkg/types"

// ProbeTrunk reads a trunk in the same way as CmdAdd.
func ProbeTrunk(trunk []*types.Trunk) error {
	_, err := splitVlanIds(trunk)
	return err
}
