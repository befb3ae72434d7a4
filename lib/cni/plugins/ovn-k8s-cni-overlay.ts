import { overlay } from './shared/overlay';

/** OVN-Kubernetes: layer 2 or 3 overlays, or `localnet` on a bridge that the node maps to a physical network. */
export const ovnKubernetes = overlay('ovn-k8s-cni-overlay', 'OVN-Kubernetes overlay', {
  read: (config) => {
    const topology = config.text('topology');
    const vlan = config.whole('vlanID');
    const physical = config.text('physicalNetworkName');
    if (topology === 'localnet') {
      return {
        mode: topology,
        vlan,
        evidence: 'the node maps the physical network to an OVS bridge; the config does not say which',
        certainty: 'unknown',
        description: `OVN-Kubernetes localnet on physical network ${physical ?? config.text('name') ?? '(not named)'}${vlan === null ? '' : `, VLAN ${vlan}`}`,
      };
    }
    return { mode: topology, description: `OVN-Kubernetes overlay${topology === null ? '' : `, ${topology}`}` };
  },
});
