/** The network-status in shapes that people post: old addresses, prefixes, repeated entries, pieces that are missing, no JSON. */
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { entry, ipPool, running, start } from './attaching';
import { count, found, is, none, says, silentOn, type Situation } from './situation';

const LAN = {
  cniVersion: '0.3.1',
  type: 'macvlan',
  master: 'bond0',
  ipam: { type: 'whereabouts', range: '192.168.9.0/24' },
} as const;

/** The sandbox was made anew and the status could not be written: it tells the addresses before. Their new holders have no rival. */
function statusOfTheSandboxBefore(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', LAN);
  ipPool(cluster, '192.168.9.0-24', '192.168.9.0/24', { '8': 'shop/heir', '9': 'shop/back' });
  const before = node.primary.add();
  const now = node.primary.add();
  cluster.write('shop/heir', node, [before.ip], {
    annotations: {
      [NETWORKS]: 'lan',
      [STATUS]: JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [before.ip], default: true, dns: {} },
        entry('shop/lan', 'net1', '192.168.9.8', '0a:58:00:00:09:08'),
      ]),
    },
  });
  cluster.write('shop/back', node, [now.ip], {
    annotations: {
      [NETWORKS]: 'lan',
      [STATUS]: JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [before.ip], default: true, dns: {} },
        entry('shop/lan', 'net1', '192.168.9.8', '0a:58:00:00:09:07'),
      ]),
    },
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#855, ovn-kubernetes/ovn-kubernetes#1970',
    cluster,
    checks: [
      is('interfaces[id=if:shop/back/eth0].ips', [now.ip]),
      is('interfaces[id=if:shop/heir/eth0].ips', [before.ip]),
      none('findings[rule=duplicate-address]'),
      // Two facts about one pod contradict each other: its status is not of the sandbox that it has.
      says('findings[subjects~pod:shop/back]', before.ip.replaceAll('.', '\\.')),
      says('findings[subjects~pod:shop/back]', now.ip.replaceAll('.', '\\.')),
    ],
    sayings: [{ command: 'explain', words: `address ${before.ip} who`, says: /shop\/heir/ }],
  };
}

/** Addresses with a prefix, MAC addresses in capitals, a name without its namespace, no interface name. */
function otherWriters(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', { ...LAN, ipam: {} });
  running(cluster, 'shop/a', node, 'lan', [
    { name: 'lan', interface: 'net1', ips: ['192.168.9.20/24'], mac: ' 0A:58:00:00:09:20', dns: {} },
  ]);
  return {
    source: 'k8snetworkplumbingwg/multi-net-spec (examples), redhat-best-practices-for-k8s/certsuite#1129',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].ips', ['192.168.9.20']),
      is('interfaces[id=if:shop/a/net1].mac', '0a:58:00:00:09:20'),
      is('interfaces[id=if:shop/a/net1].network', 'net:shop/lan'),
      none('findings[rule=network-status-missing]'),
      none('findings[rule=networks-changed-after-start]'),
      none('findings[severity=error]'),
    ],
    sayings: [
      { command: 'lookup', words: '0A-58-00-00-09-20', says: /shop\/a/ },
      { command: 'lookup', words: '192.168.9.20', says: /shop\/a/ },
    ],
  };
}

/** Calico names only its host side: the entry has addresses of both families, and no interface. */
function entryWithoutInterface(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', { ...LAN, ipam: {} });
  const held = node.primary.add();
  cluster.write('shop/a', node, [held.ip], {
    annotations: {
      [NETWORKS]: 'lan',
      [STATUS]: JSON.stringify([
        { name: 'k8s-pod-network', ips: [held.ip], default: true, dns: {} },
        { name: 'shop/lan', dns: {} },
      ]),
    },
  });
  return {
    source: 'k8snetworkplumbingwg/network-attachment-definition-client#75, k8snetworkplumbingwg/sriov-cni#87',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].ips', [held.ip]),
      // The network is attached: only its name in the pod is not told.
      count('interfaces[pod=pod:shop/a]', 2),
      none('findings[rule=network-status-missing]'),
      none('findings[rule=networks-changed-after-start]'),
    ],
  };
}

/** Somebody edited the annotation, or a tool cut it: it is no JSON. */
function noJson(text: string): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', LAN);
  const held = node.primary.add();
  cluster.write('shop/a', node, [held.ip], { annotations: { [NETWORKS]: 'lan', [STATUS]: text } });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#468 (annotations as they are pasted)',
    cluster,
    checks: [
      found('interfaces[id=if:shop/a/net1]'),
      is('interfaces[id=if:shop/a/eth0].ips', [held.ip]),
      says('findings[subjects~pod:shop/a]', '(?i)not JSON|cannot be read|unreadable|not a list|no list'),
      // The pod may well be in order: it is the text that nobody can read.
      silentOn('findings[subjects~pod:shop/a].advice', '(?i)Multus is not the first|CNI configuration directory'),
    ],
  };
}

/** One entry for each interface of a device that the plugin made: a userspace pair, and the address on one of them. */
function repeatedEntries(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', { ...LAN, ipam: {} });
  const held = node.primary.add();
  const eth0: Json = { name: 'aws-cni', interface: 'eth0', ips: [held.ip], mac: '254', default: true, dns: {} };
  const net1 = entry('shop/lan', 'net1', '192.168.9.30', '0a:58:00:00:09:30');
  cluster.write('shop/a', node, [held.ip], {
    annotations: {
      [NETWORKS]: 'lan',
      [STATUS]: JSON.stringify([
        eth0,
        { name: 'aws-cni', interface: 'dummydb68da92e6e', mac: '0', dns: {} },
        net1,
        net1,
      ]),
    },
  });
  return {
    source: 'k8snetworkplumbingwg/multus-dynamic-networks-controller#157 (entries written twice)',
    cluster,
    checks: [
      count('interfaces[pod=pod:shop/a]', 2),
      none('findings[rule=duplicate-address]'),
      none('findings[rule=duplicate-mac]'),
      is('interfaces[id=if:shop/a/eth0].mac', null),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'explain', words: 'address 192.168.9.30 who', says: /shop\/a/, silentOn: /conflict/i }],
  };
}

/** A tap without an uplink, and one on a bridge: there is no link of the host to look for. */
function tap(): Situation {
  const { cluster, node } = start();
  cluster.nad('vms/tap', { cniVersion: '1.0.0', type: 'tap', multiQueue: true, bridge: 'br-ext', ipam: {} });
  running(cluster, 'vms/a', node, 'tap', [{ name: 'vms/tap', interface: 'net1', mac: '0a:58:00:00:09:40', dns: {} }]);
  return {
    source: 'containernetworking/plugins#784 (tap), kubevirt/kubevirt (passt and managed tap)',
    cluster,
    checks: [
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=address-not-on-eni]'),
      is('interfaces[id=if:vms/a/net1].eni', null),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [{ command: 'lookup', words: '0a:58:00:00:09:40', says: /vms\/a/ }],
  };
}

export const reported: Readonly<Record<string, () => Situation>> = {
  'status of the previous sandbox': statusOfTheSandboxBefore,
  'status by another writer': otherWriters,
  'entry without an interface': entryWithoutInterface,
  'truncated status': () => noJson('[{"name": "aws-cni", "interface": "eth0"'),
  'status that is not a list': () => noJson('{"name": "shop/lan", "interface": "net1"}'),
  'status with entries repeated': repeatedEntries,
  'tap on a bridge': tap,
};
