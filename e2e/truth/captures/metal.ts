/** No AWS at all: Multus on bare metal, whereabouts pools of every shape, SR-IOV devices (multus §2.3, §4.2–4.5, §6). */
import { Cluster } from './kit/cluster';
import { keyed, oneOf, sameSet } from './kit/compare';
import { NETWORKS, STATUS } from './kit/pod';
import type { Fields, Json } from './kit/types';

const POOLS = 'kube-system';

function startCapture() {
  const c = new Cluster({ daemon: false, withoutEc2: true });
  c.undecided.push('ipam-inconsistent', 'network-unused', 'multus-down');
  const s = c.subnet('192.0.2.0/24');
  const plain = { type: null, instance: false, ipamd: false, maxPods: 110, os: 'Ubuntu 24.04.1 LTS', providerId: null };
  const w1 = c.node('w1', s, { ...plain, capacity: { 'openshift.io/up': '0' } });
  const w2 = c.node('w2', s, plain);
  for (const node of [w1, w2]) {
    c.expect('nodes', node.id, {
      computeType: 'other',
      instanceId: null,
      maxPods: 110,
      cni: null,
      branch: null,
      eniConfig: null,
    });
  }

  // A list of the pods of one namespace would be a part.
  c.write('kube-system/kube-proxy', w1, [], { hostNetwork: true });

  const macvlan = (name: string, ipam: Json): void =>
    c.nad(`telco/${name}`, { cniVersion: '0.3.1', type: 'macvlan', master: 'ens1f0', ipam });
  const pool = (
    name: string,
    range: string,
    allocations: Readonly<Record<string, readonly [pod: string, as: string]>>,
  ): void =>
    c.object({
      apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
      kind: 'IPPool',
      metadata: { name, namespace: POOLS, uid: `pool-${name}` },
      spec: {
        range,
        allocations: Object.fromEntries(
          Object.entries(allocations).map(([offset, [podref, ifname]]) => [
            offset,
            { id: `c-${offset}`, podref, ifname },
          ]),
        ),
      },
    });
  let last = 0;
  const pod = (key: string, node: typeof w1, network: string, ips: readonly string[], truth: Fields = {}): void => {
    last += 1;
    const eth0 = `10.244.0.${String(last)}`;
    c.write(key, node, [eth0], {
      annotations: {
        [NETWORKS]: network,
        [STATUS]: JSON.stringify([
          { name: 'cbr0', interface: 'eth0', ips: [eth0], mac: 'CE:85:C2:1C:D1:CB', default: true, dns: {} },
          {
            name: `telco/${network}`,
            interface: 'net1',
            ips,
            mac: `5a:00:00:00:01:${String(last).padStart(2, '0')}`,
            dns: {},
          },
        ]),
      },
    });
    c.interfaces[`if:${key}/eth0`] = {
      node: node.id,
      network: 'cluster',
      ips: [eth0],
      mac: oneOf('ce:85:c2:1c:d1:cb', null),
      eni: null,
      card: null,
      addresses: [{ ip: eth0, backed: 'not-applicable', eni: null }],
      link: { rule: 'none' },
    };
    c.interfaces[`if:${key}/net1`] = {
      node: node.id,
      network: `net:telco/${network}`,
      eni: null,
      card: null,
      state: 'reported',
      ...truth,
    };
  };
  return { c, w1, w2, macvlan, pool, pod };
}

type Capture = ReturnType<typeof startCapture>;

function sharedPools({ c, w1, w2, macvlan, pool, pod }: Capture): void {
  // One range, two networks without a name of their own: one pool. A gone pod's and a finished pod's address are held by nobody.
  macvlan('wb', { type: 'whereabouts', range: '10.50.0.0/24' });
  macvlan('wb-2', { type: 'whereabouts', range: '10.50.0.0/24', gateway: '10.50.0.1' });
  pod('telco/a1', w1, 'wb', ['10.50.0.5'], { ips: ['10.50.0.5'], hostNic: 'nic:w1/ens1f0' });
  pod('telco/a2', w2, 'wb-2', ['10.50.0.6'], { ips: ['10.50.0.6'], hostNic: 'nic:w2/ens1f0' });
  c.write('telco/finished', w1, ['10.244.9.9'], { phase: 'Succeeded' });
  pool('10.50.0.0-24', '10.50.0.0/24', {
    '5': ['telco/a1', 'net1'],
    '6': ['telco/a2', 'net1'],
    '7': ['telco/gone', 'net1'],
    '8': ['telco/finished', 'net1'],
  });
  c.expect('ipPools', `pool:${POOLS}/10.50.0.0-24`, {
    range: '10.50.0.0/24',
    networks: sameSet('net:telco/wb', 'net:telco/wb-2'),
    size: 254,
    used: 4,
    allocations: keyed('ip', {
      '10.50.0.5': { pod: 'pod:telco/a1', interface: oneOf('if:telco/a1/net1', 'net1'), live: true },
      '10.50.0.6': { pod: 'pod:telco/a2', live: true },
      '10.50.0.7': { live: false },
      '10.50.0.8': { live: false },
    }),
  });
  c.expect('networks', 'net:telco/wb', {
    plugins: ['macvlan'],
    parent: { kind: 'host-device', value: 'ens1f0' },
    ipam: { type: 'whereabouts', size: 254, used: 4 },
    missing: false,
  });
  c.expect('attachments', 'att:w1/telco/wb', {
    node: 'node:w1',
    network: 'net:telco/wb',
    hostNic: 'nic:w1/ens1f0',
    eni: null,
  });
}

function namedAndFull({ c, w1, w2, macvlan, pool, pod }: Capture): void {
  // The same range under a name of its own is another pool.
  macvlan('blue', { type: 'whereabouts', range: '10.50.0.0/24', network_name: 'blue' });
  pod('telco/b1', w1, 'blue', ['10.50.0.9'], { ips: ['10.50.0.9'] });
  pool('blue-10.50.0.0-24', '10.50.0.0/24', { '9': ['telco/b1', 'net1'] });
  c.expect('ipPools', `pool:${POOLS}/blue-10.50.0.0-24`, { networks: ['net:telco/blue'], used: 1 });
  c.expect('networks', 'net:telco/blue', { ipam: { used: 1 } });

  // Three addresses in all, counted from the network's address and not from the first: full.
  macvlan('small', { type: 'whereabouts', range: '10.50.1.80-10.50.1.82/24' });
  pod('telco/c1', w1, 'small', ['10.50.1.80'], { ips: ['10.50.1.80'] });
  pod('telco/c2', w2, 'small', ['10.50.1.81'], { ips: ['10.50.1.81'] });
  pod('telco/c3', w2, 'small', ['10.50.1.82'], { ips: ['10.50.1.82'] });
  pool('10.50.1.0-24', '10.50.1.0/24', {
    '80': ['telco/c1', 'net1'],
    '81': ['telco/c2', 'net1'],
    '82': ['telco/c3', 'net1'],
  });
  c.expect('networks', 'net:telco/small', { ipam: { type: 'whereabouts', size: 3, used: 3 } });
  c.expect('ipPools', `pool:${POOLS}/10.50.1.0-24`, {
    used: 3,
    networks: ['net:telco/small'],
    allocations: keyed('ip', {
      '10.50.1.80': { live: true },
      '10.50.1.81': { live: true },
      '10.50.1.82': { live: true },
    }),
  });
  c.finding('ipam-pool-full', 'net:telco/small');

  macvlan('excluding', { type: 'whereabouts', range: '10.50.2.0/28', exclude: ['10.50.2.0/29'] });
  pod('telco/d1', w1, 'excluding', ['10.50.2.8'], { ips: ['10.50.2.8'] });
  pool('10.50.2.0-28', '10.50.2.0/28', { '8': ['telco/d1', 'net1'] });
  c.expect('networks', 'net:telco/excluding', { ipam: { size: 7, used: 1 } });

  macvlan('six', { type: 'whereabouts', range: '2001:db8:50::/64' });
  pod('telco/e1', w1, 'six', ['2001:DB8:50:0::1234/64'], { ips: ['2001:db8:50::1234'] });
  pool('2001-db8-50---64', '2001:db8:50::/64', { '4660': ['telco/e1', 'net1'] });
  c.expect('ipPools', `pool:${POOLS}/2001-db8-50---64`, {
    used: 1,
    networks: ['net:telco/six'],
    allocations: keyed('ip', { '2001:db8:50::1234': { pod: 'pod:telco/e1', live: true } }),
  });
}

function slices({ c, w1, w2, macvlan, pool, pod }: Capture): void {
  // A slice of the range per node, each a pool under the node's name.
  macvlan('sliced', { type: 'whereabouts', range: '10.50.4.0/24', node_slice_size: '/28' });
  pod('telco/f1', w1, 'sliced', ['10.50.4.1'], { ips: ['10.50.4.1'] });
  pod('telco/f2', w2, 'sliced', ['10.50.4.17'], { ips: ['10.50.4.17'] });
  pool('w1-10.50.4.0-28', '10.50.4.0/28', { '1': ['telco/f1', 'net1'] });
  pool('w2-10.50.4.16-28', '10.50.4.16/28', { '1': ['telco/f2', 'net1'] });
  c.object({
    apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
    kind: 'NodeSlicePool',
    metadata: { name: '10.50.4.0-24', namespace: POOLS, uid: 'slices' },
    spec: { range: '10.50.4.0/24', sliceSize: '/28' },
    status: {
      allocations: [
        { nodeName: 'w1', sliceRange: '10.50.4.0/28' },
        { nodeName: 'w2', sliceRange: '10.50.4.16/28' },
      ],
    },
  });
  c.expect('ipPools', `pool:${POOLS}/w1-10.50.4.0-28`, {
    networks: ['net:telco/sliced'],
    used: 1,
    allocations: keyed('ip', { '10.50.4.1': { pod: 'pod:telco/f1', live: true } }),
  });
  c.expect('ipPools', `pool:${POOLS}/w2-10.50.4.16-28`, {
    networks: ['net:telco/sliced'],
    allocations: keyed('ip', { '10.50.4.17': { pod: 'pod:telco/f2', live: true } }),
  });
  c.expect('networks', 'net:telco/sliced', { ipam: { used: 2 } });
}

function hostLocal({ c, w1, w2, macvlan, pod }: Capture): void {
  // host-local keeps its books per node: the same address on two of them.
  macvlan('local', {
    type: 'host-local',
    ranges: [[{ subnet: '10.56.217.0/24', rangeStart: '10.56.217.171', rangeEnd: '10.56.217.181' }]],
  });
  pod('telco/g1', w1, 'local', ['10.56.217.171'], { ips: ['10.56.217.171'] });
  pod('telco/g2', w2, 'local', ['10.56.217.171'], { ips: ['10.56.217.171'] });
  c.finding('duplicate-address', 'if:telco/g1/net1');
  c.expect('networks', 'net:telco/local', { ipam: { type: 'host-local', size: 11 } });
}

function devices({ c }: Capture): void {
  // No device left, and a pod that wants one.
  c.nad('telco/vf', { cniVersion: '0.3.1', type: 'sriov' }, { 'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/up' });
  c.expect('networks', 'net:telco/vf', { resourceName: 'openshift.io/up', parent: { kind: 'resource' } });
  c.object({
    apiVersion: 'sriovnetwork.openshift.io/v1',
    kind: 'SriovNetworkNodeState',
    metadata: { name: 'w1', namespace: 'sriov', uid: 'sriov-w1' },
    status: {
      interfaces: [
        {
          name: 'ens1f0',
          mac: 'B4:96:91:00:00:01',
          pciAddress: '0000:18:00.0',
          numVfs: 4,
          totalvfs: 64,
          Vfs: [{ vfID: 0, pciAddress: '0000:18:02.0' }],
        },
      ],
    },
  });
  c.expect('hostNics', 'nic:w1/ens1f0', {
    node: 'node:w1',
    name: 'ens1f0',
    mac: 'b4:96:91:00:00:01',
    pciAddress: '0000:18:00.0',
    certainty: 'observed',
    eni: null,
  });
  c.write('telco/vf-wait', null, [], {
    phase: 'Pending',
    resources: { 'openshift.io/up': '1' },
    annotations: { [NETWORKS]: 'vf' },
  });
  c.finding('pod-start-failed', 'pod:telco/vf-wait');
  c.undecided.push('device-exhausted');
}

export function metal(): Cluster {
  const capture = startCapture();
  sharedPools(capture);
  namedAndFull(capture);
  slices(capture);
  hostLocal(capture);
  devices(capture);
  return capture.c;
}
