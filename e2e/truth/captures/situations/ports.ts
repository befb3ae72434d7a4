/** What OVN-Kubernetes says of pods whose annotation it does not accept, and lists of further networks that hold one twice. */
import type { Json } from '../kit/types';
import { asking, multusSays, start } from './attaching';
import { refused, says, silentOn, warning, type Situation } from './situation';

const overlay = (name: string, nad: string, more: Readonly<Record<string, Json>> = {}): Json => ({
  cniVersion: '0.4.0',
  name,
  type: 'ovn-k8s-cni-overlay',
  topology: 'layer2',
  subnets: '192.168.100.0/24',
  netAttachDefName: nad,
  ...more,
});

/** OVN-Kubernetes makes no port, and says why; the kubelet only waits. */
function noPort(networks: string, text: string, wanted: string, source: string, more = {}): Situation {
  const { cluster, node } = start();
  cluster.nad('red/tenant', overlay('tenant', 'red/tenant', more));
  asking(cluster, 'red/a', node, networks);
  warning(cluster, 'red/a', 'ErrorAddingResource', text, 'controlplane');
  warning(cluster, 'red/a', 'ErrorAddingLogicalPort', text, 'controlplane');
  refused(
    cluster,
    'red/a',
    multusSays(
      'red/a',
      'tenant',
      "CNI request failed with status 400: '[red/a 0a1b network tenant NAD red/tenant] failed to get pod annotation: timed out waiting for annotations: context deadline exceeded",
    ),
  );
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:red/a]', 'red/tenant'),
      says('findings[subjects~pod:red/a].advice', wanted),
      silentOn('findings[subjects~pod:red/a].advice', '(?i)ipamd|aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod red/a address', says: new RegExp(wanted.replace('(?i)', ''), 'i') }],
  };
}

export const ports: Readonly<Record<string, () => Situation>> = {
  'overlay requested twice': () =>
    noPort(
      'tenant, tenant',
      'error adding pod red/a: unexpected error: more than one of the same NAD red/tenant specified for pod red/a',
      '(?i)once|twice|same network',
      'ovn-kubernetes multi_network.go (GetPodNADToNetworkMapping)',
    ),
  'primary network requested by annotation': () =>
    noPort(
      'tenant',
      'error adding pod red/a: unexpected primary network "tenant" specified with a NetworkSelectionElement &{Name:tenant Namespace:red}',
      '(?i)primary',
      'ovn-kubernetes multi_network.go (GetPodNADToNetworkMapping)',
      { role: 'primary' },
    ),
  'address requested outside the overlay': () =>
    noPort(
      '[{"name": "tenant", "ips": ["192.168.7.5/24"]}]',
      'error adding pod red/a: failed to assign pod addresses for pod red/a on switch: tenant_ovn_layer2_switch, err: error allocating ip 192.168.7.5: the provided IP is not in the valid range 192.168.100.0/24',
      '(?i)192\\.168\\.100\\.0/24|range|subnets',
      'ovn-kubernetes/ovn-kubernetes docs (static addresses of secondary networks)',
    ),
};
