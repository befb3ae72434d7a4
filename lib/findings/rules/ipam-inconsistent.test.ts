import { ago, face, ipPool, network, node, pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const unreserved = ipPool({ orphanReservations: ['10.6.0.9'] });

cases('ipam-inconsistent', [
  { name: 'exactly five minutes', records: [network(), unreserved], later: 300, subjects: [] },
  {
    name: 'a millisecond more than five minutes',
    records: [network(), unreserved],
    later: 300.001,
    subjects: ['pool:kube-system/10.6.0.0-24'],
  },
]);

const allocation = (ip: string, reserved: boolean) => ({
  ip,
  pod: 'pod:core/x',
  interface: null,
  live: true,
  reserved,
});

cases('ipam-inconsistent', [
  {
    name: 'a reservation without allocation, for five minutes',
    records: [network(), ipPool({ orphanReservations: ['10.6.0.9'] })],
    later: 301,
    subjects: ['pool:kube-system/10.6.0.0-24'],
    says: /10\.6\.0\.9/,
  },
  {
    name: 'an allocation without reservation, where others have one',
    records: [network(), ipPool({ allocations: [allocation('10.6.0.8', true), allocation('10.6.0.9', false)] })],
    later: 301,
    subjects: ['pool:kube-system/10.6.0.0-24'],
  },
  {
    name: 'guard: enable_overlapping_ranges is off, so there are none',
    records: [network(), ipPool({ allocations: [allocation('10.6.0.8', false), allocation('10.6.0.9', false)] })],
    later: 301,
    subjects: [],
  },
  {
    name: 'the reservation reports its age: reported at once',
    records: [
      network(),
      ipPool({
        orphanReservations: ['10.6.0.9'],
        orphans: [{ ip: '10.6.0.9', pod: 'pod:core/gone', createdAt: ago(301) }],
      }),
    ],
    subjects: ['pool:kube-system/10.6.0.0-24'],
    says: /10\.6\.0\.9 of core\/gone/,
  },
  {
    name: 'the reservation is young',
    records: [
      network(),
      ipPool({ orphanReservations: ['10.6.0.9'], orphans: [{ ip: '10.6.0.9', pod: null, createdAt: ago(299) }] }),
    ],
    subjects: [],
  },
  { name: 'just now', records: [network(), ipPool({ orphanReservations: ['10.6.0.9'] })], subjects: [] },
  { name: 'they agree', records: [network(), ipPool()], later: 301, subjects: [] },
  {
    name: 'guard: reservations not read',
    records: [network(), ipPool({ orphanReservations: ['10.6.0.9'] })],
    states: { 'kubernetes/overlappingrangeipreservations': 'absent' },
    later: 301,
    subjects: [],
  },
]);

const POOL = 'pool:kube-system/10.6.0.0-24';
const given = (ip: string, podName: string) => ({
  ip,
  pod: `pod:core/${podName}`,
  interface: null,
  live: true,
  reserved: true,
});
const old = { startedAt: ago(600) };
const holds = (ip: string, podName = 'p1', change: object = {}) => face('net1', { podName, ips: [ip], ...change });

cases('ipam-inconsistent', [
  {
    name: 'a pod reports an address that was not allocated',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.8', 'x')] }),
      pod('p1', old),
      holds('10.6.0.9'),
    ],
    subjects: [POOL],
    says: /10\.6\.0\.9: core\/p1 reports it, whereabouts has no allocation/,
  },
  {
    name: 'reservations are not read: the addresses of pods are checked regardless',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.8', 'x')], orphanReservations: ['10.6.0.7'] }),
      pod('p1', old),
      holds('10.6.0.9'),
    ],
    states: { 'kubernetes/overlappingrangeipreservations': 'absent' },
    later: 301,
    subjects: [POOL],
    says: /^Pods hold addresses[^]*10\.6\.0\.9/,
  },
  {
    name: 'a pod reports an address that was allocated to another',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.9', 'x')] }),
      pod('p1', old),
      holds('10.6.0.9'),
    ],
    subjects: [POOL],
    says: /given it to core\/x/,
  },
  {
    name: 'an earlier sandbox of the pod keeps an address',
    records: [
      node(),
      network(),
      ipPool({ used: 2, allocations: [given('10.6.0.8', 'p1'), given('10.6.0.9', 'p1')] }),
      pod('p1', old),
      holds('10.6.0.9'),
    ],
    subjects: [POOL],
    says: /held for deleted sandboxes[^]*10\.6\.0\.8 is allocated to core\/p1, whose network-status has 10\.6\.0\.9/,
  },
  {
    name: 'guard: the pod has not reported its address',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.8', 'p1')] }),
      pod('p1', old),
      holds('10.6.0.9', 'p1', { state: 'requested', ips: [] }),
    ],
    subjects: [],
  },
  {
    name: 'it is its own address',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.9', 'p1')] }),
      pod('p1', old),
      holds('10.6.0.9'),
    ],
    subjects: [],
  },
  {
    name: 'guard: the pod is young',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.8', 'x')] }),
      pod('p1', { startedAt: ago(200) }),
      holds('10.6.0.9'),
    ],
    subjects: [],
  },
  {
    name: 'guard: the pod is being deleted',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.8', 'x')] }),
      pod('p1', { ...old, deleting: true }),
      holds('10.6.0.9'),
    ],
    subjects: [],
  },
  {
    name: 'the pod requested the address, which whereabouts does not track',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.8', 'p1')] }),
      pod('p1', { ...old, requested: [request('ipvlan-a', { ips: ['10.6.0.9/24'] })] }),
      { ...holds('10.6.0.9'), ips: ['10.6.0.8', '10.6.0.9'] },
    ],
    subjects: [POOL],
    says: /asked for them in their annotation[^]*Exclude these addresses/,
  },
  {
    name: 'the network had another IPAM when the pod started',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.8', 'x')] }),
      pod('p1', old),
      { ...holds('10.6.0.9'), formerConfig: true },
    ],
    subjects: [POOL],
    says: /from before a change of the network/,
  },
  {
    name: 'guard: another range',
    records: [
      node(),
      network(),
      ipPool({ used: 1, allocations: [given('10.6.0.8', 'x')] }),
      pod('p1', old),
      holds('10.7.0.9'),
    ],
    subjects: [],
  },
  {
    name: 'guard: the pool’s slices have their own lists',
    records: [node(), network(), ipPool({ used: 4, allocations: [] }), pod('p1', old), holds('10.6.0.9')],
    subjects: [],
  },
]);
