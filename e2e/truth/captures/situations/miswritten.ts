/** Configs that are written almost right, and a file that a plugin misses. */
import { asking, multusSays } from './attaching';
import { startLab } from './lab';
import { refused, says, silentOn, type Situation } from './situation';

/** whereabouts has no file of its own on the node. */
function whereaboutsWithoutItsFile(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('vms/br-multus', {
    cniVersion: '1.0.0',
    type: 'bridge',
    bridge: 'br-multus',
    ipam: { type: 'whereabouts', range: '192.0.2.0/24', gateway: '192.0.2.1' },
  });
  asking(cluster, 'vms/a', node, 'br-multus');
  refused(cluster, 'vms/a', multusSays('vms/a', 'br-multus', 'config file not found'));
  return {
    source: 'k8snetworkplumbingwg/whereabouts#476, canonical/microk8s#2786',
    cluster,
    checks: [
      says('findings[subjects~pod:vms/a]', '(?i)whereabouts'),
      says('findings[subjects~pod:vms/a].advice', 'whereabouts\\.conf|configuration_path'),
      silentOn('findings[subjects~pod:vms/a]', '(?i)does not know this message'),
    ],
    sayings: [{ command: 'explain', words: 'pod vms/a address', says: /whereabouts/ }],
  };
}

/** The keys of host-local, for whereabouts. */
function whereaboutsWithASubnet(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.0',
    type: 'macvlan',
    master: 'enp104s0f1',
    ipam: { type: 'whereabouts', subnet: '192.168.1.224/28' },
  });
  asking(cluster, 'shop/a', node, 'lan');
  refused(cluster, 'shop/a', multusSays('shop/a', 'lan', 'invalid CIDR : invalid CIDR address: '));
  return {
    source: 'k8snetworkplumbingwg/whereabouts#243',
    cluster,
    checks: [
      says('findings[rule=network-config-invalid]', 'range'),
      says('findings[rule=network-config-invalid]', 'subnet'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /range/ }],
  };
}

/** Quotes of a word processor in a network's config. */
function curlyQuotes(): Situation {
  const { cluster, node } = startLab();
  cluster.nad(
    'shop/lan',
    {},
    {},
    '{ "cniVersion": "0.3.0", "type": "macvlan", "master": "enp104s0f1", "ipam": { "type": “host-local", "subnet": "192.168.1.224/28" } }',
  );
  asking(cluster, 'shop/a', node, 'lan');
  refused(
    cluster,
    'shop/a',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/a]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config: invalid character \'â\' looking for beginning of value',
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#243 (as pasted)',
    cluster,
    checks: [
      says('findings[rule=network-config-invalid]', '“'),
      says('findings[rule=network-config-invalid].advice', '(?i)quot'),
    ],
  };
}

export const miswritten: Readonly<Record<string, () => Situation>> = {
  'whereabouts without its file': whereaboutsWithoutItsFile,
  'whereabouts with host-local’s key': whereaboutsWithASubnet,
  'quotes of a word processor in a network': curlyQuotes,
};
