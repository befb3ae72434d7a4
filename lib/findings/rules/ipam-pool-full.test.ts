import { face, ipPool, network, node, pod, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const NET = 'net:core/ipvlan-a';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const refusedBy = (name: string, text: string) => sandbox(`error adding container to network "${name}": ${text}`);

const asking = (change: Parameters<typeof waitingPod>[1] = {}) =>
  waitingPod('w1', { requested: [request()], ...change });

/** The network of the pool, with this many allocated addresses. */
const networkOf = (used: number) =>
  network('ipvlan-a', {
    ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24'], used, size: 254, gateways: [], routes: [] },
  });

const PART = { type: 'whereabouts', ranges: ['10.6.0.10-10.6.0.12'], used: 3, size: 3, gateways: [], routes: [] };

const unattached = face('net1', { podName: 'w1', state: 'requested', ips: [], eni: null });

cases('ipam-pool-full', [
  {
    name: 'exactly nine tenths',
    records: [network(), ipPool({ size: 10, used: 9 })],
    subjects: [NET],
    severity: 'warning',
  },
  { name: 'less than nine tenths', records: [network(), ipPool({ size: 100, used: 89 })], subjects: [] },
  { name: 'exactly full', records: [network(), ipPool({ size: 10, used: 10 })], subjects: [NET], severity: 'error' },
  {
    name: 'whereabouts reports it',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'Could not allocate IP in range: ip: 10.6.0.1 / - 10.6.0.254 / range: 10.6.0.0/24'),
    ],
    subjects: [NET],
    severity: 'error',
  },
  {
    name: 'a requested address that is not available',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'requested IP address 10.6.0.9 is not available in range set 10.6.0.20-10.6.0.30'),
    ],
    subjects: [NET],
    says: /Cannot assign 10\.6\.0\.9/,
  },
  {
    name: 'a requested address that another pod has',
    records: [
      network(),
      asking(),
      unattached,
      pod('p2'),
      face('net1', { podName: 'p2', ips: ['10.6.0.9'] }),
      refusedBy('ipvlan-a', 'requested IP address 10.6.0.9 is not available in range set 10.6.0.20-10.6.0.30'),
    ],
    subjects: [NET],
    says: /10\.6\.0\.9 on core\/ipvlan-a, which core\/p2 has:/,
  },
  {
    name: 'a requested address outside the range',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'requested IP address 10.7.0.9 is not available in range set 10.6.0.20-10.6.0.30'),
    ],
    subjects: [NET],
    says: /10\.7\.0\.9 on core\/ipvlan-a, which is outside 10\.6\.0\.0\/24:/,
  },
  {
    name: 'the pod’s own name has the last address',
    records: [
      network(),
      asking(),
      unattached,
      ipPool({
        size: 1,
        used: 1,
        allocations: [{ ip: '10.6.0.3', pod: WAITS, interface: null, live: true, reserved: null }],
      }),
      refusedBy('ipvlan-a', 'Could not allocate IP in range: ip: 10.6.0.3 / - 10.6.0.3 / range: 10.6.0.0/24'),
    ],
    subjects: [NET],
    says: /10\.6\.0\.3 is allocated to core\/w1, which waits[^]*Remove the allocation of 10\.6\.0\.3/,
  },
  {
    name: 'guard: pools that are denied, and no event',
    records: [network(), ipPool({ used: 254 })],
    states: { 'kubernetes/ippools': 'denied' },
    subjects: [],
  },
]);

cases('ipam-pool-full', [
  {
    name: 'full',
    records: [networkOf(254), ipPool({ used: 254 })],
    subjects: ['net:core/ipvlan-a'],
    severity: 'error',
  },
  {
    name: 'nine tenths',
    records: [networkOf(230), ipPool({ used: 230 })],
    subjects: ['net:core/ipvlan-a'],
    severity: 'warning',
  },
  { name: 'half', records: [network(), ipPool({ used: 127 })], subjects: [] },
  { name: 'unknown size', records: [network(), ipPool({ used: 9_999, size: null })], subjects: [] },
  {
    name: 'guard: pools may not be read',
    records: [network(), ipPool({ used: 254 })],
    states: { 'kubernetes/ippools': 'stale' },
    subjects: [],
  },
  {
    name: 'two pools of one network are one finding',
    records: [network(), ipPool({ used: 254 }), ipPool({ id: 'pool:kube-system/b', range: 'fd00::/120', used: 254 })],
    subjects: ['net:core/ipvlan-a'],
    says: /fd00/,
  },
  {
    name: 'a full slice of one node affects that node only',
    records: [
      network(),
      ipPool({ used: 20 }),
      ipPool({ id: 'pool:kube-system/n1-10.6.0.8-29', range: '10.6.0.8/29', size: 6, used: 6 }),
    ],
    subjects: ['net:core/ipvlan-a'],
    severity: 'warning',
  },
  {
    name: 'reported by an IPAM plugin without pools',
    records: [
      node(),
      network('a', {
        ipam: { type: 'host-local', ranges: ['10.7.0.0/29'], used: 5, size: 5, gateways: [], routes: [] },
      }),
      waitingPod('w1', { requested: [request('a')] }),
      face('net1', { podName: 'w1', network: 'net:core/a', state: 'requested', ips: [], eni: null }),
      signal(
        'pod:core/w1',
        'FailedCreatePodSandBox',
        'error adding container to network "a": failed to allocate for range 0: no IP addresses available in range set: 10.7.0.1-10.7.0.6',
      ),
    ],
    states: { 'kubernetes/ippools': 'absent' },
    subjects: ['net:core/a'],
    severity: 'error',
    says: /no IP addresses available/,
  },
  {
    name: 'names leaked allocations',
    records: [
      networkOf(254),
      ipPool({
        used: 254,
        allocations: [{ ip: '10.6.0.9', pod: 'pod:core/gone', interface: null, live: false, reserved: true }],
      }),
    ],
    subjects: ['net:core/ipvlan-a'],
    says: /no longer run/,
  },
  {
    name: 'a leaked allocation outside of a range that was moved blocks nobody',
    records: [
      network('ipvlan-a', { ipam: PART }),
      ipPool({
        size: 3,
        used: 3,
        allocations: [{ ip: '10.6.0.200', pod: 'pod:core/gone', interface: null, live: false, reserved: true }],
      }),
    ],
    subjects: ['net:core/ipvlan-a'],
    says: /^(?![^]*no longer run)[^]*Widen the range/,
  },
]);

const STORE = {
  type: 'host-local',
  ranges: ['10.7.0.1-10.7.0.6'],
  used: 1,
  size: 5,
  gateways: ['10.7.0.1'],
  routes: [],
};

const refusedByStore = (held: readonly string[]) => [
  node(),
  network('a', { ipam: STORE }),
  waitingPod('w1', { requested: [request('a')] }),
  face('net1', { podName: 'w1', network: 'net:core/a', state: 'requested', ips: [], eni: null }),
  ...held.map((ip, at) => face('net1', { podName: `p${at}`, network: 'net:core/a', ips: [ip] })),
  signal(
    'pod:core/w1',
    'FailedCreatePodSandBox',
    'error adding container to network "a": failed to allocate for range 0: no IP addresses available in range set: 10.7.0.1-10.7.0.6',
  ),
];

cases('ipam-pool-full', [
  {
    name: 'a network that uses part of a pool: the part is full',
    records: [network('ipvlan-a', { ipam: PART }), ipPool({ used: 4, size: 13 })],
    subjects: [NET],
    severity: 'error',
    says: /3 of 3 addresses of 10\.6\.0\.10-10\.6\.0\.12 allocated/,
  },
  {
    name: 'a network that uses part of a pool: the other part is full',
    records: [network('ipvlan-a', { ipam: { ...PART, used: 1 } }), ipPool({ used: 12, size: 13 })],
    subjects: [],
  },
  {
    name: 'host-local keeps addresses of deleted containers',
    records: refusedByStore(['10.7.0.2']),
    subjects: ['net:core/a'],
    says: /hold 1 of the 5 addresses[^]*remove the files in \/var\/lib\/cni\/networks\/a/,
  },
  {
    name: 'host-local: all are used by pods',
    records: refusedByStore(['10.7.0.2', '10.7.0.3', '10.7.0.4', '10.7.0.5', '10.7.0.6']),
    subjects: ['net:core/a'],
    says: /hold 5 of the 5 addresses[^]*Widen the range/,
  },
]);
