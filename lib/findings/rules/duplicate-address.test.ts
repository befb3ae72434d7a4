import type { NetworkRecord, PodRecord } from '../../model/records';
import { ago, eni, eth0, face, foreignEni, network, node, pod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const vm = (name: string) => ({ owner: { kind: 'VirtualMachineInstance', name } });

const twin = (change: object = {}) => face('net1', { podName: 'p2', ...change });

const NO_RANGES = { ranges: [], used: null, size: null, gateways: [], routes: [] };

const here = [node(), network(), pod('p1'), pod('p2')];

const UNREAD = { 'ec2/network-interfaces': 'absent' } as const;

type Semantics = NonNullable<NetworkRecord['semantics']>;

const semantics = (change: Partial<Semantics>): Semantics => ({
  leavesNodeOnEni: true,
  macPolicy: 'parent',
  onePodPerDevice: false,
  perNode: false,
  linkInContainer: false,
  kernelInterface: true,
  ...change,
});

/** The node's own address on net1 of a pod, on a further network. */
const onLan = (
  parent: NetworkRecord['parent'],
  change: Partial<NetworkRecord> = {},
  ofPod: Partial<PodRecord> = {},
) => [
  node(),
  network('ipvlan-a', { parent, ...change }),
  pod('p1', ofPod),
  face('net1', { ips: ['10.0.0.4'], eni: null }),
];

cases('duplicate-address', [
  ...['0.0.0.0', '::', '169.254.7.7', 'fe80::1'].map((ip) => ({
    name: `guard: ${ip} is nobody’s`,
    records: [...here, face('net1', { ips: [ip] }), twin({ ips: [ip] })],
    subjects: [],
  })),
  {
    name: 'a Pending pod holds its address, too',
    records: [node(), network(), pod('p1'), pod('p2', { phase: 'Pending' }), face(), twin()],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'guard: primary networks of two tenants',
    records: [
      node(),
      pod('p1'),
      pod('p2'),
      face('ovn-udn1', { network: 'cluster' }),
      face('ovn-udn1', { podName: 'p2', network: 'cluster' }),
    ],
    subjects: [],
  },
  {
    name: 'a fixed address inside of the range of a network on the same link',
    records: [
      ...here,
      network('ipvlan-a', { ipam: { ...NO_RANGES, type: 'whereabouts' } }),
      network('b', { ipam: { ...NO_RANGES, type: 'static' } }),
      face(),
      twin({ network: 'net:core/b' }),
    ],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
    says: /exclude/,
  },
  {
    name: 'a pod that only requests it does not hold it',
    records: [...here, face(), twin({ state: 'requested' })],
    subjects: [],
  },
  {
    name: 'networks on ENIs of one subnet',
    records: [
      ...here,
      network('b', { parent: { kind: 'host-device', value: 'ens9' } }),
      foreignEni(),
      eni('eni-b', { subnet: 'subnet-m' }),
      face(),
      twin({ network: 'net:core/b', eni: 'eni-b' }),
    ],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'guard: another VLAN on the same parent',
    records: [...here, network('b', { vlan: 100 }), face(), twin({ network: 'net:core/b', eni: null })],
    subjects: [],
  },
  {
    name: 'a static address in a workload with replicas',
    records: [
      node(),
      network('ipvlan-a', { ipam: { type: 'static', ranges: [], used: null, size: null, gateways: [], routes: [] } }),
      pod('p1'),
      pod('p2'),
      face(),
      twin(),
    ],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
    says: /A static address is for one pod only/,
  },
]);

cases('duplicate-address', [
  {
    name: 'two live pods on one network',
    records: [node(), network(), pod('p1'), pod('p2'), face(), twin()],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'a finished pod holds no address',
    records: [node(), network(), pod('p1'), pod('p2', { phase: 'Succeeded' }), face(), twin()],
    subjects: [],
  },
  {
    name: 'the same pod twice',
    records: [node(), network(), pod('p1'), face(), face('net2')],
    subjects: ['if:core/p1/net1'],
    says: /on two interfaces of one pod/,
  },
  {
    name: 'guard: bridges of two nodes',
    records: [
      node(),
      node({ name: 'n2' }),
      network('ipvlan-a', {
        plugins: ['bridge'],
        ipam: null,
        semantics: {
          leavesNodeOnEni: false,
          macPolicy: 'own',
          onePodPerDevice: false,
          perNode: true,
          linkInContainer: false,
          kernelInterface: true,
        },
      }),
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      face(),
      twin({ node: 'node:n2', eni: null }),
    ],
    subjects: [],
  },
  {
    name: 'bridges of two nodes, and whereabouts gave the address twice',
    records: [
      node(),
      node({ name: 'n2' }),
      network('ipvlan-a', {
        plugins: ['bridge'],
        semantics: {
          leavesNodeOnEni: false,
          macPolicy: 'own',
          onePodPerDevice: false,
          perNode: true,
          linkInContainer: false,
          kernelInterface: true,
        },
      }),
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      face(),
      twin({ node: 'node:n2', eni: null }),
    ],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'guard: unrelated networks',
    records: [
      node(),
      network(),
      network('b', { parent: { kind: 'host-device', value: 'ens9' } }),
      pod('p1'),
      pod('p2'),
      face(),
      twin({ network: 'net:core/b', eni: null }),
    ],
    subjects: [],
  },
  {
    name: 'networks that share a parent',
    records: [
      node(),
      network(),
      network('b'),
      pod('p1'),
      pod('p2'),
      face(),
      twin({ network: 'net:core/b', eni: null }),
    ],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'guard: link-local',
    records: [
      node(),
      network(),
      pod('p1'),
      pod('p2'),
      face('net1', { ips: ['169.254.3.1'] }),
      twin({ ips: ['169.254.3.1'] }),
    ],
    subjects: [],
  },
  {
    name: 'host-local on two nodes is named',
    records: [
      node(),
      network('ipvlan-a', {
        ipam: { type: 'host-local', ranges: [], used: null, size: null, gateways: [], routes: [] },
      }),
      node({ name: 'n2' }),
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      face(),
      twin({ node: 'node:n2' }),
    ],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
    says: /host-local/,
  },
]);

const own = (name: string, change: object = {}) => eth0({ podName: name, ...change });
const both = [eth0(), own('p2')];

cases('duplicate-address', [
  {
    name: 'the cluster network: two pods of one node',
    records: [node(), pod('p1'), pod('p2'), ...both],
    subjects: ['if:core/p1/eth0', 'if:core/p2/eth0'],
    says: /status\.podIPs/,
  },
  {
    name: 'the cluster network: two pods of two nodes',
    records: [
      node(),
      node({ name: 'n2' }),
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      eth0(),
      own('p2', { node: 'node:n2' }),
    ],
    subjects: ['if:core/p1/eth0', 'if:core/p2/eth0'],
  },
  {
    name: 'the cluster network and a network on an ENI of the same subnet',
    records: [
      node(),
      network(),
      eni(),
      foreignEni({ subnet: eni().subnet }),
      pod('p1'),
      pod('p2'),
      eth0(),
      twin({ ips: ['10.0.0.21'] }),
    ],
    subjects: ['if:core/p1/eth0', 'if:core/p2/net1'],
  },
  {
    name: 'guard: one pod has finished',
    records: [node(), pod('p1'), pod('p2', { phase: 'Succeeded' }), ...both],
    subjects: [],
  },
  {
    name: 'guard: one pod is being deleted, and the other has just got its address',
    records: [node(), pod('p1', { startedAt: ago(300) }), pod('p2', { deleting: true }), ...both],
    subjects: [],
  },
  {
    name: 'one pod is being deleted but still runs, and the other has long had its address',
    records: [node(), pod('p1', { startedAt: ago(1800) }), pod('p2', { deleting: true }), ...both],
    subjects: ['if:core/p1/eth0'],
    says: /core\/p2 is being deleted, and still runs/,
  },
  {
    name: 'guard: one pod is being deleted, and its containers have ended',
    records: [node(), pod('p1', { startedAt: ago(1800) }), pod('p2', { deleting: true, phase: 'Failed' }), ...both],
    subjects: [],
  },
  {
    name: 'guard: the node of one is lost',
    records: [
      node(),
      node({ name: 'n2', ready: false, instanceId: 'i-2' }),
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      eth0(),
      own('p2', { node: 'node:n2' }),
    ],
    subjects: [],
  },
  {
    name: 'guard: one has only just started: the other may have finished unseen',
    records: [node(), pod('p1'), pod('p2', { startedAt: ago(10), createdAt: ago(10) }), ...both],
    subjects: [],
  },
  {
    name: 'one has only just started, and time passes',
    records: [node(), pod('p1'), pod('p2', { startedAt: ago(10), createdAt: ago(10) }), ...both],
    later: 21,
    subjects: ['if:core/p1/eth0', 'if:core/p2/eth0'],
  },
  {
    name: 'guard: a live migration: two pods of one virtual machine',
    records: [node(), network(), pod('p1', vm('a')), pod('p2', vm('a')), face(), twin()],
    subjects: [],
  },
  {
    name: 'two virtual machines with one address',
    records: [node(), network(), pod('p1', vm('a')), pod('p2', vm('b')), face(), twin()],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'a pod has the address of a node, and EC2 is not read',
    records: [node(), pod('p1', { ips: ['10.0.0.4'] }), eth0({ ips: ['10.0.0.4'], eni: null })],
    states: UNREAD,
    subjects: ['node:n1'],
    says: /n1 has the address 10\.0\.0\.4, and so has core\/p1/,
  },
  {
    name: 'guard: if EC2 is read, other rules have more information',
    records: [node(), pod('p1', { ips: ['10.0.0.4'] }), eth0({ ips: ['10.0.0.4'], eni: null })],
    subjects: [],
  },
  {
    name: 'a pod on an additional network that includes the node has its address, and EC2 is not read',
    records: onLan({ kind: 'default-route', value: null }),
    states: UNREAD,
    subjects: ['node:n1'],
    says: /and so has net1 of core\/p1, on core\/ipvlan-a/,
  },
  {
    name: 'guard: EC2 is read',
    records: onLan({ kind: 'default-route', value: null }),
    subjects: [],
  },
  {
    name: 'guard: a network that is local to each node',
    records: onLan(
      { kind: 'host-device', value: 'cni0' },
      { semantics: semantics({ leavesNodeOnEni: false, perNode: true }) },
    ),
    states: UNREAD,
    subjects: [],
  },
  {
    name: 'guard: a VLAN on the node’s interface',
    records: onLan({ kind: 'host-device', value: 'eth0' }, { vlan: 20 }),
    states: UNREAD,
    subjects: [],
  },
  {
    name: 'guard: a VLAN interface of the host',
    records: onLan({ kind: 'host-device', value: 'eth0.20' }),
    states: UNREAD,
    subjects: [],
  },
  {
    name: 'guard: on a link inside the pod',
    records: onLan({ kind: 'host-device', value: 'eth0' }, { semantics: semantics({ linkInContainer: true }) }),
    states: UNREAD,
    subjects: [],
  },
  {
    name: 'guard: the pod is deleted',
    records: onLan({ kind: 'default-route', value: null }, {}, { phase: 'Succeeded' }),
    states: UNREAD,
    subjects: [],
  },
]);
