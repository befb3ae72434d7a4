/** Ranges of whereabouts in all their spellings, and addresses that somebody else has. */
import type { Json } from '../kit/types';
import { asking, entry, ipPool, launcher, multusSays, reservation, running, start } from './attaching';
import { labPod, startLab } from './lab';
import { count, is, none, refused, says, silentOn, type Situation } from './situation';

const macvlan = (ipam: Json): Json => ({
  cniVersion: '0.3.1',
  type: 'macvlan',
  master: 'eth1',
  mode: 'bridge',
  ipam,
});

const KEPT = { 'node.k8s.amazonaws.com/no_manage': 'true' };

/** IPv6: distances from the start of the range that no double holds exactly. */
function farOffsets(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/six', macvlan({ type: 'whereabouts', range: 'fd00:77::/64' }));
  const ip = 'fd00:77::7fff:ffff:ffff:fff1';
  ipPool(cluster, 'fd00-77---64', 'fd00:77::/64', { '9223372036854775793': 'shop/a', '1': 'shop/b' });
  labPod(cluster, 'shop/a', node, 'six', [entry('shop/six', 'net1', ip, '0a:58:00:00:0e:01')]);
  labPod(cluster, 'shop/b', node, 'six', [entry('shop/six', 'net1', 'fd00:77::1', '0a:58:00:00:0e:02')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts pkg/storage/kubernetes (toIPReservationList: int64)',
    cluster,
    checks: [
      says('ipPools[id=pool:kube-system/fd00-77---64].allocations', ip),
      none('findings[rule=ipam-inconsistent]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: ip, says: /shop\/a/ }],
  };
}

/** The range's address has bits of the host in it. */
function rangeWithHostBits(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', macvlan({ type: 'whereabouts', range: '192.168.2.225/28' }));
  ipPool(cluster, '192.168.2.224-28', '192.168.2.224/28', { '2': 'shop/a' });
  reservation(cluster, '192.168.2.226', 'shop/a');
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.2.226', '0a:58:00:00:0e:01')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts README (192.168.2.225/28)',
    cluster,
    checks: [
      is('ipPools[id=pool:kube-system/192.168.2.224-28].size', 14),
      none('findings[rule=ipam-inconsistent]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.2.227', says: /shop\/lan/ }],
  };
}

/** A named network: the reservation's object has the name before the address. */
function namedReservation(): Situation {
  const { cluster, node } = startLab();
  for (const name of ['red', 'blue'])
    cluster.nad(`shop/${name}`, macvlan({ type: 'whereabouts', range: '10.7.0.0/24', network_name: name }));
  ipPool(cluster, 'red-10.7.0.0-24', '10.7.0.0/24', { '5': 'shop/a' });
  ipPool(cluster, 'blue-10.7.0.0-24', '10.7.0.0/24', { '5': 'shop/b' });
  for (const [name, pod] of [
    ['red', 'shop/a'],
    ['blue', 'shop/b'],
  ] as const)
    cluster.object({
      apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
      kind: 'OverlappingRangeIPReservation',
      metadata: {
        name: `${name}-10.7.0.5`,
        namespace: 'kube-system',
        uid: `res-${name}`,
        creationTimestamp: '2026-09-01T09:00:00Z',
      },
      spec: { podref: pod, containerid: 'c-x', ifname: 'net1' },
    });
  labPod(cluster, 'shop/a', node, 'red', [entry('shop/red', 'net1', '10.7.0.5', '0a:58:00:00:0e:01')]);
  labPod(cluster, 'shop/b', node, 'blue', [entry('shop/blue', 'net1', '10.7.0.5', '0a:58:00:00:0e:02')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#258 (named networks), normalizeIP',
    cluster,
    checks: [none('findings[rule=ipam-inconsistent]')],
    sayings: [{ command: 'lookup', words: '10.7.0.5', says: /shop\/a[^]*shop\/b/ }],
  };
}

/** Without overlapping ranges nothing is reserved cluster-wide, and nothing is missing. */
function withoutReservations(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', macvlan({ type: 'whereabouts', range: '192.168.9.0/24', enable_overlapping_ranges: false }));
  ipPool(cluster, '192.168.9.0-24', '192.168.9.0/24', { '5': 'shop/a' });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.9.5', '0a:58:00:00:0e:01')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts doc/extended-configuration.md (enable_overlapping_ranges)',
    cluster,
    checks: [none('findings[rule=ipam-inconsistent]'), none('findings[severity=error]')],
  };
}

/** A StatefulSet's pod is refused: its own name still has an address, from the node that was lost. */
function ownNameInTheWay(): Situation {
  const { cluster, node } = startLab();
  cluster.nad(
    'core/lan',
    macvlan({ type: 'whereabouts', range: '10.3.8.0/24', range_start: '10.3.8.1', range_end: '10.3.8.3' }),
  );
  ipPool(cluster, '10.3.8.0-24', '10.3.8.0/24', { '1': 'core/sm-0', '2': 'core/sm-1', '3': 'core/sm-2' });
  for (const at of [0, 1])
    labPod(cluster, `core/sm-${String(at)}`, node, 'lan', [
      entry('core/lan', 'net1', `10.3.8.${String(at + 1)}`, `0a:58:00:00:0e:0${String(at)}`),
    ]);
  asking(cluster, 'core/sm-2', node, 'lan', { owner: { kind: 'StatefulSet', name: 'sm' } });
  refused(
    cluster,
    'core/sm-2',
    multusSays(
      'core/sm-2',
      'lan',
      'error at storage engine: Could not allocate IP in range: ip: 10.3.8.1 / - 10.3.8.3 / range: 10.3.8.0/24 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#182, #291',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', '3 of (its )?3'),
      // 10.3.8.3 is of the pod's own former sandbox: nobody else uses it.
      says('findings[rule=ipam-pool-full].evidence', '10\\.3\\.8\\.3 is allocated to core/sm-2'),
      says('findings[rule=ipam-pool-full].advice', 'allocation of 10\\.3\\.8\\.3'),
    ],
    sayings: [
      { command: 'lookup', words: '10.3.8.3', says: /sm-2/ },
      { command: 'explain', words: 'pod core/sm-2 address', says: /10\.3\.8\.3/ },
    ],
  };
}

/** Fast IPAM needs a name for the network. */
function slicesWithoutAName(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', macvlan({ type: 'whereabouts', range: '10.5.0.0/20', node_slice_size: '/24' }));
  asking(cluster, 'shop/a', node, 'lan');
  refused(
    cluster,
    'shop/a',
    multusSays('shop/a', 'lan', 'error at storage engine: nodeslicepools.whereabouts.cni.cncf.io "lan" not found'),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#518',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', '(?i)node ?slice'),
      says('findings[subjects~pod:shop/a]', 'network_name|controller'),
      silentOn('findings[subjects~pod:shop/a]', '(?i)does not know this message'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /slice/i }],
  };
}

/** A machine keeps the address of its source pod after the migration; whereabouts has given that to another. */
function addressAfterMigration(): Situation {
  const { cluster, node } = startLab();
  const second = cluster.node('w2', node.subnet, node.spec);
  cluster.nad('vm/lan', macvlan({ type: 'whereabouts', range: '192.168.7.0/24' }));
  labPod(cluster, 'vm/virt-launcher-a-1', node, 'lan', [entry('vm/lan', 'pod1', '192.168.7.1', '02:00:00:00:00:01')], {
    ...launcher('a'),
    phase: 'Succeeded',
  });
  labPod(
    cluster,
    'vm/virt-launcher-a-2',
    second,
    'lan',
    [entry('vm/lan', 'pod1', '192.168.7.2', '02:00:00:00:00:01')],
    launcher('a'),
  );
  labPod(
    cluster,
    'vm/virt-launcher-b-1',
    node,
    'lan',
    [entry('vm/lan', 'pod1', '192.168.7.1', '02:00:00:00:00:02')],
    launcher('b'),
  );
  ipPool(cluster, '192.168.7.0-24', '192.168.7.0/24', { '1': 'vm/virt-launcher-b-1', '2': 'vm/virt-launcher-a-2' });
  return {
    source: 'kubevirt/kubevirt#13709',
    cluster,
    checks: [
      none('findings[rule=duplicate-address]'),
      none('findings[rule=ipam-inconsistent]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.7.1', says: /virt-launcher-b-1/ }],
  };
}

/** Two pods ask for one address: the second is refused by an IPAM that knows, and both are named. */
function oneAddressAskedTwice(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  const held = kept.add();
  const networks = `[{"name":"lan","ips":["${held.ip}/20"]}]`;
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    capabilities: { ips: true },
    ipam: { type: 'host-local', subnet: '10.40.0.0/20' },
  });
  running(cluster, 'shop/a', node, networks, [entry('shop/lan', 'net1', held.ip, kept.mac)]);
  asking(cluster, 'shop/b', node, networks);
  refused(
    cluster,
    'shop/b',
    multusSays(
      'shop/b',
      'lan',
      `failed to allocate for range 0: requested IP address ${held.ip} is not available in range set 10.40.0.1-10.40.15.254`,
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1087 (requested IP address is not available)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/b]', held.ip.replaceAll('.', '\\.')),
      says('findings[subjects~pod:shop/b]', 'shop/a'),
      count('findings[rule=duplicate-address]', 0),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/b address', says: /shop\/a/ }],
  };
}

export const ranges: Readonly<Record<string, () => Situation>> = {
  'IPv6 range with far addresses': farOffsets,
  'range with bits of the host': rangeWithHostBits,
  'reservations of named networks': namedReservation,
  'range without reservations': withoutReservations,
  'own name blocks the range': ownNameInTheWay,
  'node slices without a name': slicesWithoutAName,
  'address of a migrated virtual machine': addressAfterMigration,
  'one address requested twice': oneAddressAskedTwice,
};
