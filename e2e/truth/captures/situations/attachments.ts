/** Multus on and off EKS: what keeps a network from a pod, whose text names something else than the cause. */
import { Cluster } from '../kit/cluster';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { asking, ipPool, multusSays, running, start } from './attaching';
import { is, none, refused, says, silentOn, warning, type Situation } from './situation';

/** An alias of a link (`ens33:1`) is an address, and no link. */
function aliasForMaster(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.0',
    type: 'macvlan',
    master: 'ens33:1',
    mode: 'bridge',
    ipam: { type: 'host-local', subnet: '10.1.0.0/16' },
  });
  asking(cluster, 'shop/clash', node, 'lan');
  refused(cluster, 'shop/clash', multusSays('shop/clash', 'lan', 'Link not found'));
  return {
    source: 'k8snetworkplumbingwg/multus-cni#720',
    cluster,
    checks: [
      says('findings[rule=parent-interface-missing][subjects~pod:shop/clash]', 'ens33:1'),
      says('findings[subjects~pod:shop/clash]', '(?i)alias|label|not a link|no link'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/clash address', says: /ens33:1/ }],
  };
}

/** One address in the range, kept for a pod that the rollout replaced. */
function rangeOfOne(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    plugins: [
      {
        type: 'macvlan',
        master: 'bond0',
        mode: 'bridge',
        ipam: {
          type: 'whereabouts',
          range: '192.168.101.0/24',
          range_start: '192.168.101.122',
          range_end: '192.168.101.122',
        },
      },
      { capabilities: { mac: true }, type: 'tuning' },
    ],
  });
  ipPool(cluster, '192.168.101.0-24', '192.168.101.0/24', { '122': 'shop/frigate-7c9f-old' });
  asking(cluster, 'shop/frigate-8d1a-new', node, 'lan');
  refused(
    cluster,
    'shop/frigate-8d1a-new',
    multusSays(
      'shop/frigate-8d1a-new',
      'lan',
      'error at storage engine: Could not allocate IP in range: ip: 192.168.101.122 / - 192.168.101.122 / range: 192.168.101.0/24 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1442',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', '1 of (its )?1'),
      says('findings[rule=ipam-pool-full]', 'frigate-7c9f-old'),
      is('ipPools[id=pool:kube-system/192.168.101.0-24].allocations.0.live', false),
    ],
    sayings: [
      { command: 'lookup', words: '192.168.101.122', says: /frigate-7c9f-old/ },
      { command: 'explain', words: 'pod shop/frigate-8d1a-new address', says: /full|frigate-7c9f-old/ },
    ],
  };
}

/** The default gateway asked for lies outside of the network. */
function gatewayOutside(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/mynet', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br0',
    ipam: { type: 'host-local', subnet: '172.16.0.0/24' },
  });
  asking(cluster, 'shop/gw', node, '[{"name":"mynet","default-route":["192.168.2.1"]}]');
  refused(cluster, 'shop/gw', multusSays('shop/gw', 'mynet', 'error setting default gateway: no route to host'));
  return {
    source: 'k8snetworkplumbingwg/multus-cni#483, #906',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/gw]', '192\\.168\\.2\\.1'),
      says('findings[subjects~pod:shop/gw]', '172\\.16\\.0\\.0/24'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/gw address', says: /192\.168\.2\.1|no route to host/ }],
  };
}

/** A plugin of somebody else, with its master in the annotation. */
function foreignPlugin(): Situation {
  const { cluster, node } = start();
  cluster.nad(
    'core5g/aws-ipvlan-test',
    { cniVersion: '0.3.0', type: 'multi-nic', plugin: { type: 'aws-ipvlan', mode: 'l2' }, ipam: { type: 'static' } },
    { 'multi-nic.cni/owner': 'MultiNicNetwork' },
  );
  asking(
    cluster,
    'core5g/netshoot',
    node,
    '[{"name":"aws-ipvlan-test","cni-args":{"master":["ens6"]},"ips":["10.10.1.24/24"]}]',
  );
  refused(
    cluster,
    'core5g/netshoot',
    multusSays(
      'core5g/netshoot',
      'aws-ipvlan-test',
      'failed to get ips: static IP 10.10.1.24/24 cannot be used: no matching interface',
    ),
  );
  return {
    source: 'foundation-model-stack/multi-nic-cni#345',
    cluster,
    checks: [
      says('findings[subjects~pod:core5g/netshoot]', 'no matching interface'),
      none('findings[rule=network-config-invalid]'),
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=networks-annotation-invalid]'),
    ],
    sayings: [{ command: 'explain', words: 'pod core5g/netshoot address', says: /no matching interface/ }],
  };
}

/** Calico as a second network of a machine: two entries of one name, none with an interface. */
function calicoTwice(): Situation {
  const { cluster, node } = start();
  cluster.nad('kube-system/cni0', { cniVersion: '0.3.1', type: 'calico', ipam: { type: 'calico-ipam' } });
  const held = node.primary.add();
  const status: Json = [
    { name: 'cni0', ips: [held.ip], default: true, dns: {} },
    { name: 'cni0', ips: ['100.101.245.120'], dns: {} },
  ];
  cluster.write('vms/virt-launcher-vmi-x', node, [held.ip], {
    annotations: {
      [NETWORKS]: '[{"interface":"net1","name":"cni0","namespace":"kube-system"}]',
      [STATUS]: JSON.stringify(status),
    },
    labels: { 'kubevirt.io': 'virt-launcher' },
    owner: { kind: 'VirtualMachineInstance', name: 'vmi-x' },
  });
  return {
    source: 'kubevirt/kubevirt#3909, kubernetes/kubernetes#93522',
    cluster,
    checks: [
      none('findings[rule=duplicate-address]'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[rule=network-missing]'),
      none('findings[rule=network-unused]'),
      none('findings[subjects~pod:vms/virt-launcher-vmi-x][severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: '100.101.245.120', says: /virt-launcher-vmi-x/ }],
  };
}

/** A StatefulSet with one fixed address in its template: every replica has it. */
function fixedAddressInTemplate(): Situation {
  const { cluster, node } = start();
  const other = cluster.node('n2', node.subnet);
  other.primary.free(3);
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    capabilities: { ips: true },
    ipam: { type: 'static' },
  });
  const wanted = '[{"name":"lan","ips":["192.168.9.20/24"]}]';
  for (const [at, on] of [node, other].entries())
    running(
      cluster,
      `shop/db-${String(at)}`,
      on,
      wanted,
      [{ name: 'shop/lan', interface: 'net1', ips: ['192.168.9.20'], mac: `0a:58:00:00:01:0${String(at)}`, dns: {} }],
      {
        owner: { kind: 'StatefulSet', name: 'db' },
      },
    );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#103 (static with replicas), multus-cni#1147',
    cluster,
    checks: [
      says('findings[rule=duplicate-address]', '192\\.168\\.9\\.20'),
      says('findings[rule=duplicate-address]', '(?i)static|annotation|template|replica'),
      silentOn('findings[rule=duplicate-address]', '(?i)host-local'),
    ],
    sayings: [{ command: 'explain', words: 'address 192.168.9.20 who', says: /db-0[\s\S]*db-1/ }],
  };
}

/** Bare metal beside EKS: macvlan is what one uses there. */
function macvlanOnHybrid(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('mi-0abc', subnet, {
    ipamd: false,
    instance: false,
    type: null,
    providerId: 'eks-hybrid:///eu-west-1/shop/mi-0abc',
    labels: { 'eks.amazonaws.com/compute-type': 'hybrid' },
    os: 'Ubuntu 22.04',
  });
  cluster.nad('edge/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eno1',
    ipam: { type: 'whereabouts', range: '192.168.20.0/24' },
  });
  const status: Json = [
    { name: 'cilium', interface: 'eth0', ips: ['10.85.0.9'], default: true, dns: {} },
    { name: 'edge/lan', interface: 'net1', ips: ['192.168.20.5'], mac: '0a:58:00:00:02:01', dns: {} },
  ];
  cluster.write('edge/cam', node, ['10.85.0.9'], {
    annotations: { [NETWORKS]: 'lan', [STATUS]: JSON.stringify(status) },
  });
  return {
    source: 'aws/eks-hybrid (Multus on hybrid nodes)',
    cluster,
    checks: [
      none('findings[rule=macvlan-on-eni]'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[rule=parent-name-drift]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.20.5', says: /edge\/cam/ }],
  };
}

/** Nobody has 'aws-cni' on the node yet: Multus finds no default network. */
function noDefaultNetwork(): Situation {
  const { cluster, node } = start();
  asking(cluster, 'shop/a', node, 'lan');
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    ipam: { type: 'host-local', subnet: '10.9.0.0/24' },
  });
  refused(
    cluster,
    'shop/a',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/a]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: GetCNIConfig: err in GetCNIConfigFromFile: No networks found in /etc/cni/multus/net.d',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#641',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', '/etc/cni/multus/net\\.d'),
      none('findings[rule=network-missing]'),
      silentOn('findings[subjects~pod:shop/a]', '(?i)ipamd has|out of addresses'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /multus\/net\.d/ }],
  };
}

/** The pod asks in its annotation for what Multus cannot know: a warning of the scheduler says nothing of it. */
function taintedOnly(): Situation {
  const { cluster } = start();
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });
  asking(cluster, 'shop/late', null, 'lan');
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: telco}.',
    'default-scheduler',
  );
  return {
    source: 'kubernetes/kubernetes (untolerated taint)',
    cluster,
    checks: [none('findings[rule=network-unused]'), silentOn('findings', '(?i)device plugin')],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /untolerated taint/ }],
  };
}

export const attachments: Readonly<Record<string, () => Situation>> = {
  'alias of a link as master': aliasForMaster,
  'range of one address': rangeOfOne,
  'gateway outside of the network': gatewayOutside,
  'third-party plugin': foreignPlugin,
  'Calico as a second network': calicoTwice,
  'fixed address in a template': fixedAddressInTemplate,
  'macvlan on a hybrid node': macvlanOnHybrid,
  'Multus without a default network': noDefaultNetwork,
  'taint, and a network': taintedOnly,
};
