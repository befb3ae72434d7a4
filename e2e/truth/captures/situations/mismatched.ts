/** Names in a network's config that its controller compares with others, and requests that do not fit. */
import type { Json } from '../kit/types';
import { asking, entry, ipPool, multusSays, running, start } from './attaching';
import { count, found, none, refused, says, silentOn, type Situation } from './situation';

const overlay = (name: string, nad: string, more: Readonly<Record<string, Json>> = {}): Json => ({
  cniVersion: '0.4.0',
  name,
  type: 'ovn-k8s-cni-overlay',
  topology: 'layer2',
  subnets: '192.168.100.0/24',
  netAttachDefName: nad,
  ...more,
});

/** A network that was copied into another namespace, with the name of the original inside. */
function copiedOverlay(): Situation {
  const { cluster, node } = start();
  cluster.nad('red/tenant', overlay('tenant', 'red/tenant'));
  cluster.nad('blue/tenant', overlay('tenant', 'red/tenant'));
  asking(cluster, 'blue/a', node, 'tenant');
  refused(
    cluster,
    'blue/a',
    multusSays(
      'blue/a',
      'tenant',
      "CNI request failed with status 400: '[blue/a 0a1b network tenant NAD blue/tenant] failed to get pod annotation: timed out waiting for annotations: context deadline exceeded",
    ),
  );
  return {
    source: 'ovn-kubernetes go-controller/pkg/util/multi_network.go (net-attach-def name is inconsistent with config)',
    cluster,
    checks: [
      says('findings[subjects~net:blue/tenant]', 'netAttachDefName'),
      says('findings[subjects~net:blue/tenant]', 'red/tenant'),
      says('findings[subjects~net:blue/tenant].severity', 'error'),
      none('findings[subjects~net:red/tenant]'),
    ],
    sayings: [{ command: 'explain', words: 'pod blue/a address', says: /netAttachDefName/ }],
  };
}

/** Two definitions of one network that differ: OVN-Kubernetes takes the first, and pods of the other wait. */
function oneNameTwoTopologies(): Situation {
  const { cluster, node } = start();
  cluster.nad('red/bluenet', overlay('bluenet', 'red/bluenet'));
  cluster.nad('blue/bluenet', overlay('bluenet', 'blue/bluenet', { topology: 'layer3', subnets: '10.99.0.0/16/24' }));
  asking(cluster, 'blue/a', node, 'bluenet');
  refused(
    cluster,
    'blue/a',
    multusSays(
      'blue/a',
      'bluenet',
      "CNI request failed with status 400: '[blue/a 0a1b network bluenet NAD blue/bluenet] failed to get pod annotation: timed out waiting for annotations: context deadline exceeded",
    ),
  );
  return {
    source: 'ovn-kubernetes/ovn-kubernetes#3428',
    cluster,
    checks: [
      says('findings[subjects~pod:blue/a]', 'bluenet'),
      says('findings', '(?i)differ|not the same|another config'),
      says('findings', 'red/bluenet'),
      says('findings', 'layer3|topology'),
    ],
    sayings: [{ command: 'explain', words: 'pod blue/a address', says: /red\/bluenet/ }],
  };
}

/** One network in two namespaces, defined alike: as it is meant. */
function oneNetworkTwoNamespaces(): Situation {
  const { cluster, node } = start();
  for (const namespace of ['red', 'blue']) {
    cluster.nad(
      `${namespace}/physnet`,
      overlay('physnet', `${namespace}/physnet`, { topology: 'localnet', subnets: '10.9.0.0/24', vlanID: 7 }),
    );
    running(cluster, `${namespace}/a`, node, 'physnet', [
      entry(
        `${namespace}/physnet`,
        'net1',
        namespace === 'red' ? '10.9.0.3' : '10.9.0.4',
        `0a:58:0a:09:00:0${namespace === 'red' ? '3' : '4'}`,
      ),
    ]);
  }
  return {
    source: 'ovn-kubernetes docs/features/multiple-networks (one network, several namespaces)',
    cluster,
    checks: [none('findings[severity=error]'), none('findings[severity=warning]')],
  };
}

/** OVN-Kubernetes gives addresses by subnets alone. */
function ipamBesideSubnets(): Situation {
  const { cluster } = start();
  cluster.nad(
    'red/tenant',
    overlay('tenant', 'red/tenant', { ipam: { type: 'whereabouts', range: '192.168.100.0/24' } }),
  );
  return {
    source: 'ovn-kubernetes multi_network.go (ErrorUnsupportedIPAMKey)',
    cluster,
    checks: [
      says('findings[rule=network-config-invalid]', '(?i)ipam'),
      says('findings[rule=network-config-invalid]', 'subnets'),
      says('findings[rule=network-config-invalid].severity', 'error'),
    ],
  };
}

/** What OVN-Kubernetes assigns lies in subnets of the config, on layer 3 with the length of each node's part. */
function addressesOfOverlays(): Situation {
  const { cluster, node } = start();
  cluster.nad('red/tenant', overlay('tenant', 'red/tenant', { subnets: '192.168.100.0/24,fd00:100::/64' }));
  cluster.nad('blue/routed', overlay('routed', 'blue/routed', { topology: 'layer3', subnets: '10.30.0.0/16/24' }));
  cluster.nad('green/routed', overlay('other', 'green/routed', { topology: 'layer3', subnets: '10.30.0.0/16/24' }));
  cluster.object({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes', uid: 'sc-1' },
    spec: { cidrs: ['10.30.0.0/20'] },
  });
  running(cluster, 'red/a', node, 'tenant', [entry('red/tenant', 'net1', '192.168.100.4', '0a:58:c0:a8:64:04')]);
  return {
    source: 'ovn-kubernetes docs/features/multiple-networks (subnets), multi_network.go (subnetOverlapCheck)',
    cluster,
    checks: [
      none('findings[rule=duplicate-address]'),
      none('findings[rule=ipam-pool-full]'),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [
      { command: 'lookup', words: '192.168.100.9', says: /network red\/tenant/ },
      { command: 'lookup', words: 'fd00:100::9', says: /network red\/tenant/ },
      { command: 'lookup', words: '10.30.7.7', says: /network blue\/routed/ },
      { command: 'lookup', words: '192.168.100.4', says: /red\/a/ },
      {
        command: 'explain',
        words: 'network blue/routed clashes',
        says: /10\.30\.0\.0\/20/,
        silentOn: /green\/routed|given twice/,
      },
    ],
  };
}

/** Kube-OVN calls the provider of a network after its definition, whatever the config says. */
function otherProvider(asIpam: boolean): Situation {
  const { cluster, node } = start();
  cluster.nad(
    'lab/attach',
    asIpam
      ? {
          cniVersion: '0.3.1',
          type: 'macvlan',
          master: 'eth1',
          ipam: { type: 'kube-ovn', server_socket: '/run/openvswitch/kube-ovn-daemon.sock', provider: 'attachnet.lab' },
        }
      : {
          cniVersion: '0.3.1',
          type: 'kube-ovn',
          server_socket: '/run/openvswitch/kube-ovn-daemon.sock',
          provider: 'attachnet.default.ovn',
        },
  );
  asking(cluster, 'lab/a', node, 'attach');
  refused(
    cluster,
    'lab/a',
    multusSays(
      'lab/a',
      'attach',
      `request ip return 500 no address allocated to pod lab/a provider ${asIpam ? 'attachnet.lab' : 'attachnet.default.ovn'}, please see kube-ovn-controller logs to find errors`,
    ),
  );
  return {
    source: 'kubeovn/kube-ovn#2806, pkg/controller/pod.go (getPodAttachmentNet)',
    cluster,
    checks: [
      says('findings[subjects~net:lab/attach]', 'provider'),
      says('findings[subjects~net:lab/attach]', asIpam ? '"?attach\\.lab' : 'attach\\.lab\\.ovn'),
    ],
    sayings: [{ command: 'explain', words: 'pod lab/a address', says: asIpam ? /attach\.lab/ : /attach\.lab\.ovn/ }],
  };
}

/** One NUMA node has the CPUs, the other one the function. */
function otherNumaNode(): Situation {
  const { cluster, node } = start({ capacity: { 'openshift.io/vfs': '4' } });
  cluster.nad(
    'nfv/fast',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/vfs' },
  );
  cluster.write('nfv/du', node, [], {
    phase: 'Failed',
    statusReason: 'TopologyAffinityError',
    statusMessage: 'Pod was rejected: Resources cannot be allocated with Topology locality',
    resources: { 'openshift.io/vfs': '1', cpu: '8' },
    annotations: { 'k8s.v1.cni.cncf.io/networks': 'fast' },
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#413, kubernetes/kubernetes#84597, sriov-network-operator#435',
    cluster,
    checks: [
      says('findings[subjects~pod:nfv/du]', 'Topology locality|TopologyAffinityError'),
      says('findings[subjects~pod:nfv/du]', '(?i)NUMA'),
      silentOn('findings[subjects~pod:nfv/du].advice', '(?i)device that it no longer has'),
      says('findings[subjects~pod:nfv/du].advice', '(?i)excludeTopology|topology manager|single-numa-node|policy'),
    ],
    sayings: [{ command: 'explain', words: 'pod nfv/du address', says: /NUMA/i }],
  };
}

/** Two interfaces of one network, and one device: the kubelet gave one, and the second interface has none. */
function twoInterfacesOneDevice(): Situation {
  const { cluster, node } = start({ capacity: { 'openshift.io/vfs': '4' } });
  cluster.nad(
    'nfv/fast',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/vfs' },
  );
  asking(cluster, 'nfv/du', node, 'fast, fast', { resources: { 'openshift.io/vfs': '1' } });
  refused(
    cluster,
    'nfv/du',
    multusSays('nfv/du', 'fast', 'SRIOV-CNI failed to load netconf: LoadConf(): VF pci addr is required'),
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#310, k8snetworkplumbingwg/multus-cni#1328',
    cluster,
    checks: [
      says('findings[subjects~pod:nfv/du]', 'openshift\\.io/vfs'),
      says('findings[subjects~pod:nfv/du]', '(?i)\\b2\\b|two|twice'),
      says('findings[subjects~pod:nfv/du].advice', '(?i)2|two|each'),
    ],
    sayings: [{ command: 'explain', words: 'pod nfv/du address', says: /openshift\.io\/vfs/ }],
  };
}

const WHEREABOUTS: Json = {
  cniVersion: '0.3.1',
  type: 'macvlan',
  master: 'bond0',
  capabilities: { ips: true },
  ipam: { type: 'whereabouts', range: '192.168.8.0/24' },
};

/** whereabouts takes the pod's own address with its prefix length only. */
function wishWithoutLength(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', WHEREABOUTS);
  asking(cluster, 'shop/a', node, '[{"name": "lan", "ips": ["192.168.8.50"]}]');
  refused(
    cluster,
    'shop/a',
    multusSays('shop/a', 'lan', 'invalid CIDR 192.168.8.50: invalid CIDR address: 192.168.8.50'),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts pkg/config/config.go (handleEnvArgs)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', '192\\.168\\.8\\.50'),
      says('findings[subjects~pod:shop/a].advice', '192\\.168\\.8\\.50/|annotation'),
      silentOn('findings[subjects~pod:shop/a].advice', '(?i)correct the range'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /annotation|192\.168\.8\.50\// }],
  };
}

/** The pod has what it asked for, and whereabouts has not written it down. */
function wishBesideTheRange(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', WHEREABOUTS);
  ipPool(cluster, '192.168.8.0-24', '192.168.8.0/24', { '1': 'shop/a' });
  running(cluster, 'shop/a', node, '[{"name": "lan", "ips": ["192.168.8.50/24"]}]', [
    { name: 'shop/lan', interface: 'net1', ips: ['192.168.8.1', '192.168.8.50'], mac: '0a:58:00:00:08:50', dns: {} },
  ]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts cmd/whereabouts.go (static addresses beside the allocated one)',
    cluster,
    checks: [
      says('findings[rule=ipam-inconsistent]', '192\\.168\\.8\\.50'),
      says('findings[rule=ipam-inconsistent]', '(?i)asked for|annotation|requests'),
      silentOn('findings[rule=ipam-inconsistent]', '(?i)reconciler|upgrade'),
      says('findings[rule=ipam-inconsistent].advice', '(?i)exclude'),
      none('findings[rule=requested-not-honoured]'),
      count('findings[rule=ipam-inconsistent]', 1),
      found('interfaces[id=if:shop/a/net1][ips~192.168.8.50]'),
    ],
  };
}

export const mismatched: Readonly<Record<string, () => Situation>> = {
  'overlay with the name of another definition': copiedOverlay,
  'one overlay defined in two ways': oneNameTwoTopologies,
  'one overlay defined alike in two namespaces': oneNetworkTwoNamespaces,
  'overlay with an IPAM of its own': ipamBesideSubnets,
  'addresses of overlays': addressesOfOverlays,
  'Kube-OVN provider of another name': () => otherProvider(false),
  'Kube-OVN as IPAM, and a provider of another name': () => otherProvider(true),
  'function on the other NUMA node': otherNumaNode,
  'two interfaces and one device': twoInterfacesOneDevice,
  'requested address without prefix length for whereabouts': wishWithoutLength,
  'requested address next to the range of whereabouts': wishBesideTheRange,
};
