/** Networks of Multus as people ran them, where the answer is in a number, a link or an owner. */
import type { Json } from '../kit/types';
import { asking, entry, ipPool, multusSays, running, start } from './attaching';
import { hostLinks, labPod, startLab } from './lab';
import { count, found, is, none, OLD, refused, says, silentOn, type Situation } from './situation';

const NO_MANAGE = { 'node.k8s.amazonaws.com/no_manage': 'true' };

/** One network on two nodes, whose second ENIs are in different order: the MAC tells. */
function otherOrder(): Situation {
  const { cluster, node } = start();
  const a = cluster.subnet('10.50.4.0/24');
  const b = cluster.subnet('10.50.6.0/24');
  const [a1] = [node.eni({ dev: 1, tags: NO_MANAGE }, a), node.eni({ dev: 2, tags: NO_MANAGE }, b)];
  const other = cluster.node('n2', node.subnet);
  other.primary.free(6);
  other.eni({ dev: 1, tags: NO_MANAGE }, b);
  const a2 = other.eni({ dev: 2, tags: NO_MANAGE }, a);
  cluster.nad('core/n4', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '10.50.4.0/24' },
  });
  const [one, two] = [a1.add().ip, a2.add().ip];
  running(cluster, 'core/upf-0', node, 'n4', [entry('core/n4', 'net1', one, a1.mac)]);
  // On n2, eth1 is the other subnet’s ENI, and so is the MAC of the interface.
  running(cluster, 'core/upf-1', other, 'n4', [entry('core/n4', 'net1', two, other.enis[1]?.mac ?? '')]);
  return {
    source: 'aws-samples/eks-install-guide-for-multus (eth1 and eth2), awslabs/amazon-eks-ami#2180',
    cluster,
    checks: [
      is('interfaces[id=if:core/upf-0/net1].eni', a1.id),
      is('interfaces[id=if:core/upf-1/net1].eni', other.enis[1]?.id),
      is('interfaces[id=if:core/upf-1/net1].addresses.0.eni', a2.id),
      says('findings[rule=address-not-on-eni][subjects~pod:core/upf-1]', a2.id),
      silentOn('findings[rule=address-not-on-eni].command', 'assign-private-ip-addresses'),
      says('findings[rule=address-not-on-eni].advice', '(?i)only addresses of its subnet'),
      none('findings[rule=address-not-on-eni][subjects~pod:core/upf-0]'),
      says('findings[rule=network-subnet-mismatch]', 'n2'),
      silentOn('findings[rule=network-subnet-mismatch]', '\\bn1\\b'),
    ],
    sayings: [{ command: 'lookup', words: two, says: new RegExp(a2.id) }],
  };
}

/** Two networks with one name in their configs: the refusal names the config. */
function oneConfigName(): Situation {
  const { cluster, node } = start();
  const config = (range: string): Json => ({
    cniVersion: '0.3.1',
    name: 'kubevirt-network',
    type: 'bridge',
    bridge: 'br0',
    ipam: { type: 'whereabouts', range },
  });
  cluster.nad('vms/london', config('10.1.0.0/30'));
  cluster.nad('vms/paris', config('10.2.0.0/24'));
  ipPool(cluster, '10.1.0.0-30', '10.1.0.0/30', { '1': 'vms/a-0', '2': 'vms/a-1' });
  for (const at of [0, 1])
    running(cluster, `vms/a-${String(at)}`, node, 'london', [
      entry('vms/london', 'net1', `10.1.0.${String(at + 1)}`, `0a:58:0a:01:00:0${String(at + 1)}`),
    ]);
  asking(cluster, 'vms/b', node, 'london');
  refused(
    cluster,
    'vms/b',
    multusSays(
      'vms/b',
      'kubevirt-network',
      'error at storage engine: Could not allocate IP in range: ip: 10.1.0.1 / - 10.1.0.2 / range: 10.1.0.0/30 / excludeRanges: []',
    ),
  );
  return {
    source: 'kubevirt/kubevirt#7001 (name of the config), k8snetworkplumbingwg/whereabouts#41',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full][subjects~net:vms/london]', '2 of (its |the )?2'),
      none('findings[rule=ipam-pool-full][subjects~net:vms/paris]'),
      found('findings[rule=ipam-pool-full][subjects~pod:vms/b]'),
    ],
  };
}

/** A bridge on a bond with VLANs: the network’s own VLAN, and who is on it. */
function vlanBridge(): Situation {
  const { cluster, node } = startLab();
  hostLinks(cluster, node, [
    { name: 'mgmt-br', type: 'linux-bridge', state: 'up', 'mac-address': '52:54:00:00:00:01' },
    { name: 'mgmt-bo', type: 'bond', state: 'up', 'mac-address': '52:54:00:00:00:01' },
  ]);
  for (const id of [91, 92])
    cluster.nad(`default/vlan${String(id)}`, {
      cniVersion: '0.3.1',
      name: `vlan${String(id)}`,
      type: 'bridge',
      bridge: 'mgmt-br',
      promiscMode: true,
      vlan: id,
      ipam: {},
    });
  labPod(cluster, 'default/virt-launcher-a', node, 'vlan91', [
    entry('default/vlan91', 'pod37a8eec1ce1', null, '02:00:00:00:00:91'),
  ]);
  labPod(cluster, 'default/virt-launcher-b', node, 'vlan92', [
    entry('default/vlan92', 'pod37a8eec1ce1', null, '02:00:00:00:00:91'),
  ]);
  return {
    source: 'harvester/harvester#2259, #7650',
    cluster,
    checks: [
      is('networks[id=net:default/vlan91].vlan', 91),
      is('networks[id=net:default/vlan91].parent.value', 'mgmt-br'),
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=parent-interface-missing]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: '02:00:00:00:00:91', says: /virt-launcher-a[\s\S]*virt-launcher-b/ }],
  };
}

/** DaemonSet pods that run since before the reboot of Multus: one has the interface, one has not. */
function halfOfThem(): Situation {
  const { cluster, node } = start();
  const other = cluster.node('n2', node.subnet);
  other.primary.free(6);
  cluster.nad('lab/dev', { cniVersion: '0.3.1', type: 'host-device', device: 'eth1' });
  const [kept] = [node, other].map((on) => on.eni({ dev: 1, tags: NO_MANAGE }));
  running(cluster, 'lab/app-1', node, 'dev', [{ name: 'lab/dev', interface: 'net1', mac: kept?.mac ?? '', dns: {} }], {
    createdAt: OLD,
  });
  running(cluster, 'lab/app-2', other, 'dev', [], { createdAt: OLD });
  return {
    source: 'containerd/containerd#9053, k8snetworkplumbingwg/multus-cni#1387',
    cluster,
    checks: [
      count('findings[rule=network-status-missing]', 1),
      says('findings[rule=network-status-missing]', 'app-2'),
      is('interfaces[id=if:lab/app-1/net1].eni', kept?.id),
      none('findings[rule=host-device-conflict]'),
    ],
    sayings: [{ command: 'lookup', words: kept?.id ?? '', says: /lab\/app-1/, silentOn: /lab\/app-2/ }],
  };
}

/** A pool of IPv6: the offset is a large number, and the size has no exact one. */
function largePool(): Situation {
  const { cluster, node } = start();
  cluster.nad('core/six', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br6',
    ipam: {
      type: 'whereabouts',
      range: '2001:db8:480:603d::/64',
      gateway: '2001:db8:480:603d::1',
      exclude: ['2001:db8:480:603d::1/128'],
    },
  });
  ipPool(cluster, '2001-db8-480-603d---64', '2001:db8:480:603d::/64', {
    '18446744073709551614': 'core/a',
    '2': 'core/gone',
  });
  running(cluster, 'core/a', node, 'six', [
    entry('core/six', 'net1', '2001:db8:480:603d:ffff:ffff:ffff:fffe', '0a:58:00:00:00:01'),
  ]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts (v0.8.0 tests, ::1 as gateway), #139',
    cluster,
    checks: [
      is('networks[id=net:core/six].ipam.used', 2),
      is('networks[id=net:core/six].ipam.size', null),
      none('findings[rule=ipam-pool-full]'),
      none('findings[rule=network-config-invalid]'),
      none('findings[rule=duplicate-address]'),
    ],
    sayings: [
      { command: 'lookup', words: '2001:db8:480:603d:ffff:ffff:ffff:fffe', says: /core\/a/ },
      { command: 'lookup', words: '2001:0db8:0480:603d::2', says: /core\/gone/ },
    ],
  };
}

export const attempts: Readonly<Record<string, () => Situation>> = {
  'ENIs in another order': otherOrder,
  'one name in two configs': oneConfigName,
  'VLANs of one bridge': vlanBridge,
  'half of the pods after a reboot': halfOfThem,
  'large pool of IPv6': largePool,
};
