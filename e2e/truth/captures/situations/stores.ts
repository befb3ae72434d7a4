/** What an IPAM can give and what it has given: ranges by their arithmetic, stores that outlive their pods. */
import type { Json } from '../kit/types';
import { asking, entry, ipPool, multusSays, running, start } from './attaching';
import { count, is, none, refused, says, silentOn, type Situation } from './situation';

/** Reboots leave the files of host-local: the range is full, and few pods are there. */
function storeAfterReboots(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0',
    ipam: {
      type: 'host-local',
      ranges: [[{ subnet: '192.168.9.0/24', rangeStart: '192.168.9.10', rangeEnd: '192.168.9.14' }]],
    },
  });
  for (const at of [0, 1])
    running(cluster, `shop/w-${String(at)}`, node, 'lan', [
      entry('shop/lan', 'net1', `192.168.9.1${String(at + 3)}`, `0a:58:00:00:00:0${String(at)}`),
    ]);
  asking(cluster, 'shop/new', node, 'lan');
  refused(
    cluster,
    'shop/new',
    multusSays(
      'shop/new',
      'lan',
      'failed to allocate for range 0: no IP addresses available in range set: 192.168.9.10-192.168.9.14',
    ),
  );
  return {
    source: 'containernetworking/plugins#697, #252, #498',
    cluster,
    checks: [
      is('networks[id=net:shop/lan].ipam.size', 5),
      is('networks[id=net:shop/lan].ipam.used', 2),
      says('findings[rule=ipam-pool-full]', '2 of (its |the )?5'),
      says('findings[rule=ipam-pool-full]', '/var/lib/cni/networks'),
      says('findings[rule=ipam-pool-full]', 'n1'),
      says('findings[rule=ipam-pool-full].advice', '(?i)files?|/var/lib/cni'),
      silentOn('findings[rule=ipam-pool-full].advice', '(?i)widen the range'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/new address', says: /host-local|\/var\/lib\/cni/ }],
  };
}

/** The other kind: as many pods as addresses. */
function storeInUse(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0',
    ipam: {
      type: 'host-local',
      ranges: [[{ subnet: '192.168.9.0/24', rangeStart: '192.168.9.10', rangeEnd: '192.168.9.11' }]],
    },
  });
  for (const at of [0, 1])
    running(cluster, `shop/w-${String(at)}`, node, 'lan', [
      entry('shop/lan', 'net1', `192.168.9.1${String(at)}`, `0a:58:00:00:00:0${String(at)}`),
    ]);
  asking(cluster, 'shop/new', node, 'lan');
  refused(
    cluster,
    'shop/new',
    multusSays(
      'shop/new',
      'lan',
      'failed to allocate for range 0: no IP addresses available in range set: 192.168.9.10-192.168.9.11',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#373 (the range is in use)',
    cluster,
    checks: [
      is('networks[id=net:shop/lan].ipam.used', 2),
      says('findings[rule=ipam-pool-full].advice', '(?i)widen'),
      silentOn('findings[rule=ipam-pool-full]', '/var/lib/cni'),
    ],
  };
}

/** The sizes of host-local's ranges: never the gateway, never the first and the last of IPv4. */
function sizesOfHostLocal(): Situation {
  const { cluster } = start();
  const nad = (name: string, ipam: { readonly [key: string]: Json }): void =>
    cluster.nad(`shop/${name}`, {
      cniVersion: '0.3.1',
      type: 'bridge',
      bridge: 'br0',
      ipam: { type: 'host-local', ...ipam },
    });
  nad('whole', { subnet: '10.9.0.0/24' });
  nad('tiny', { subnet: '10.9.1.0/30' });
  nad('from', { subnet: '10.9.2.0/24', rangeStart: '10.9.2.100', rangeEnd: '10.9.2.109', gateway: '10.9.2.105' });
  nad('sets', {
    ranges: [[{ subnet: '10.9.3.0/28' }, { subnet: '10.9.4.0/28' }]],
  });
  nad('dual', { ranges: [[{ subnet: '10.9.5.0/28' }], [{ subnet: 'fd00::/120' }]] });
  return {
    source: 'containernetworking/plugins#12, #417 (range of the allocator)',
    cluster,
    checks: [
      is('networks[id=net:shop/whole].ipam.size', 253),
      is('networks[id=net:shop/tiny].ipam.size', 1),
      is('networks[id=net:shop/from].ipam.size', 9),
      is('networks[id=net:shop/sets].ipam.size', 26),
      none('findings[rule=network-config-invalid]'),
    ],
  };
}

/** A pod has one address of each family: the set of the smaller range says how many pods there can be. */
function twoFamilies(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/dual', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0',
    ipam: {
      type: 'host-local',
      ranges: [
        [{ subnet: '10.9.5.0/24', rangeStart: '10.9.5.10', rangeEnd: '10.9.5.11' }],
        [{ subnet: 'fd00:9::/64' }],
      ],
    },
  });
  for (const at of [0, 1])
    running(cluster, `shop/w-${String(at)}`, node, 'dual', [
      {
        name: 'shop/dual',
        interface: 'net1',
        ips: [`10.9.5.1${String(at)}`, `fd00:9::${String(at + 2)}`],
        mac: `0a:58:00:00:00:0${String(at)}`,
        dns: {},
      },
    ]);
  asking(cluster, 'shop/new', node, 'dual');
  refused(
    cluster,
    'shop/new',
    multusSays(
      'shop/new',
      'dual',
      'failed to allocate for range 0: no IP addresses available in range set: 10.9.5.10-10.9.5.11',
    ),
  );
  return {
    source: 'containernetworking/plugins#12 (two ranges, two families)',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', '10\\.9\\.5\\.10-10\\.9\\.5\\.11'),
      says('findings[rule=ipam-pool-full].advice', '(?i)widen'),
      silentOn('findings[rule=ipam-pool-full]', '/var/lib/cni'),
    ],
  };
}

/** whereabouts: bits of the host in range and exclude, as on KubeVirt with ipvlan. */
function excludesWithHostBits(): Situation {
  const { cluster, node } = start();
  cluster.nad('vms/london', {
    cniVersion: '0.3.1',
    name: 'kubevirt-network',
    capabilities: { ips: true },
    plugins: [
      {
        type: 'ipvlan',
        mode: 'l2',
        master: 'ens6',
        ipam: {
          type: 'whereabouts',
          range: '10.1.0.1/19',
          exclude: ['10.1.0.1/30', '10.1.0.196/32'],
          routes: [{ dst: '0.0.0.0/0', gw: '10.1.0.1' }],
          gateway: '10.1.0.1',
        },
      },
    ],
  });
  ipPool(cluster, '10.1.0.0-19', '10.1.0.0/19', { '4': 'vms/virt-launcher-a' });
  running(cluster, 'vms/virt-launcher-a', node, 'london', [entry('vms/london', 'net1', '10.1.0.4', node.primary.mac)]);
  return {
    source: 'kubevirt/kubevirt#7001',
    cluster,
    checks: [
      // 8190 usable, without .1, .2, .3 (of the /30) and .196.
      is('networks[id=net:vms/london].ipam.size', 8186),
      is('networks[id=net:vms/london].ipam.used', 1),
      is('ipPools[id=pool:kube-system/10.1.0.0-19].allocations.0.live', true),
      says('findings[rule=default-route-conflict]', 'net1|london'),
    ],
    sayings: [{ command: 'lookup', words: '10.1.0.4', says: /virt-launcher-a[\s\S]*net1|net1[\s\S]*virt-launcher-a/ }],
  };
}

/** whereabouts gives the gateway's address away, unless it is excluded. */
function gatewayGivenToPod(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/dummy', {
    cniVersion: '0.3.1',
    plugins: [
      {
        type: 'macvlan',
        master: 'br-ex',
        mode: 'bridge',
        ipam: { type: 'whereabouts', range: '30.30.30.0/28', gateway: '30.30.30.1' },
      },
    ],
  });
  ipPool(cluster, '30.30.30.0-28', '30.30.30.0/28', { '1': 'shop/a' });
  running(cluster, 'shop/a', node, 'dummy', [entry('shop/dummy', 'net1', '30.30.30.1', '0a:58:00:00:00:01')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#601',
    cluster,
    checks: [
      is('networks[id=net:shop/dummy].ipam.size', 14),
      says('findings[subjects~net:shop/dummy]', '30\\.30\\.30\\.1\\b'),
      says('findings[subjects~net:shop/dummy]', '(?i)gateway'),
      says('findings[subjects~net:shop/dummy].advice', '(?i)exclude'),
    ],
    sayings: [{ command: 'lookup', words: '30.30.30.1', says: /shop\/a[\s\S]*gateway|gateway[\s\S]*shop\/a/ }],
  };
}

/** The range as the thread's author got it to work: from, to and length in one text. */
function rangeInOneText(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/dummy', {
    cniVersion: '0.3.1',
    plugins: [
      {
        type: 'macvlan',
        master: 'br-ex',
        mode: 'bridge',
        ipam: { type: 'whereabouts', range: '30.30.30.3-30.30.30.10/28', gateway: '30.30.30.1' },
      },
    ],
  });
  ipPool(cluster, '30.30.30.0-28', '30.30.30.0/28', { '3': 'shop/a' });
  running(cluster, 'shop/a', node, 'dummy', [entry('shop/dummy', 'net1', '30.30.30.3', '0a:58:00:00:00:01')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#601 (what worked)',
    cluster,
    checks: [
      is('networks[id=net:shop/dummy].ipam.size', 8),
      is('networks[id=net:shop/dummy].ipam.used', 1),
      is('ipPools[id=pool:kube-system/30.30.30.0-28].size', 8),
      silentOn('findings', '(?i)is the gateway'),
    ],
  };
}

/** whereabouts of today gives neither network nor broadcast address; IPv6 alike. */
function firstAndLast(): Situation {
  const { cluster } = start();
  const nad = (name: string, ipam: { readonly [key: string]: Json }): void =>
    cluster.nad(`shop/${name}`, {
      cniVersion: '0.3.1',
      type: 'macvlan',
      master: 'bond0',
      ipam: { type: 'whereabouts', ...ipam },
    });
  nad('thirty', { range: '192.168.22.100/30' });
  nad('readme', { range: '192.168.2.225/28' });
  nad('six', { range: '2001:db8::/124' });
  nad('ranges', { ipRanges: [{ range: '192.168.10.0/28' }, { range: '2001:db8:1::/124' }] });
  return {
    source: 'k8snetworkplumbingwg/whereabouts#38, #41, #544, #139',
    cluster,
    checks: [
      is('networks[id=net:shop/thirty].ipam.size', 2),
      is('networks[id=net:shop/readme].ipam.size', 14),
      is('networks[id=net:shop/six].ipam.size', 14),
      none('findings[rule=network-config-invalid]'),
    ],
  };
}

/** Two networks over one range, of which each takes a part: each is counted for itself. */
function partsOfTwoNetworks(): Situation {
  const { cluster, node } = start();
  const nad = (name: string, from: number, to: number): void =>
    cluster.nad(`shop/${name}`, {
      cniVersion: '0.3.1',
      type: 'macvlan',
      master: 'bond0',
      ipam: {
        type: 'whereabouts',
        range: '192.168.2.0/24',
        range_start: `192.168.2.${String(from)}`,
        range_end: `192.168.2.${String(to)}`,
      },
    });
  nad('red', 10, 12);
  nad('blue', 20, 29);
  ipPool(cluster, '192.168.2.0-24', '192.168.2.0/24', {
    '10': 'shop/r-0',
    '11': 'shop/r-1',
    '12': 'shop/r-2',
    '20': 'shop/b-0',
  });
  for (const at of [0, 1, 2])
    running(cluster, `shop/r-${String(at)}`, node, 'red', [
      entry('shop/red', 'net1', `192.168.2.1${String(at)}`, `0a:58:00:00:01:0${String(at)}`),
    ]);
  running(cluster, 'shop/b-0', node, 'blue', [entry('shop/blue', 'net1', '192.168.2.20', '0a:58:00:00:02:00')]);
  asking(cluster, 'shop/r-3', node, 'red');
  refused(
    cluster,
    'shop/r-3',
    multusSays(
      'shop/r-3',
      'red',
      'error at storage engine: Could not allocate IP in range: ip: 192.168.2.10 / - 192.168.2.12 / range: 192.168.2.0/24 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#738 (one pool, two subsets)',
    cluster,
    checks: [
      is('networks[id=net:shop/red].ipam.size', 3),
      is('networks[id=net:shop/red].ipam.used', 3),
      is('networks[id=net:shop/blue].ipam.size', 10),
      is('networks[id=net:shop/blue].ipam.used', 1),
      is('ipPools[id=pool:kube-system/192.168.2.0-24].size', 13),
      is('ipPools[id=pool:kube-system/192.168.2.0-24].used', 4),
      says('findings[rule=ipam-pool-full][subjects~net:shop/red]', '3 of (its |the )?3'),
      none('findings[rule=ipam-pool-full][subjects~net:shop/blue]'),
      count('findings[rule=ipam-pool-full]', 1),
    ],
  };
}

/** A pool that one of its two networks has filled, before any pod is refused. */
function partFilled(): Situation {
  const { cluster, node } = start();
  const nad = (name: string, from: number, to: number): void =>
    cluster.nad(`shop/${name}`, {
      cniVersion: '0.3.1',
      type: 'macvlan',
      master: 'bond0',
      ipam: {
        type: 'whereabouts',
        range: '192.168.2.0/24',
        range_start: `192.168.2.${String(from)}`,
        range_end: `192.168.2.${String(to)}`,
      },
    });
  nad('red', 10, 11);
  nad('blue', 20, 29);
  ipPool(cluster, '192.168.2.0-24', '192.168.2.0/24', { '10': 'shop/r-0', '11': 'shop/r-1', '20': 'shop/b-0' });
  for (const at of [0, 1])
    running(cluster, `shop/r-${String(at)}`, node, 'red', [
      entry('shop/red', 'net1', `192.168.2.1${String(at)}`, `0a:58:00:00:01:0${String(at)}`),
    ]);
  running(cluster, 'shop/b-0', node, 'blue', [entry('shop/blue', 'net1', '192.168.2.20', '0a:58:00:00:02:00')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#738 (one subset is full)',
    cluster,
    checks: [
      is('networks[id=net:shop/red].ipam.used', 2),
      says('findings[rule=ipam-pool-full][subjects~net:shop/red]', '2 of (its |the )?2'),
      none('findings[rule=ipam-pool-full][subjects~net:shop/blue]'),
    ],
  };
}

export const stores: Readonly<Record<string, () => Situation>> = {
  'files of host-local after reboots': storeAfterReboots,
  'range of host-local in use': storeInUse,
  'sizes of host-local’s ranges': sizesOfHostLocal,
  'range of one family full': twoFamilies,
  'host bits in range and exclude': excludesWithHostBits,
  'gateway’s address given to a pod': gatewayGivenToPod,
  'range in one text': rangeInOneText,
  'neither first nor last': firstAndLast,
  'one range, two networks': partsOfTwoNetworks,
  'one range, with one network’s part full': partFilled,
};
