import { ago, face, network, node, pod, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const POD = 'pod:core/p1';

const WAITS = 'pod:core/w1';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const unattached = face('net1', { podName: 'w1', state: 'requested', ips: [], eni: null });

const multus = (version: string | null, change: object = {}) =>
  node({ multus: { ready: true, version, startedAt: ago(80_000), installedAt: ago(864_000), ...change } });

const route = (dst: string) =>
  network('ipvlan-a', {
    ipam: {
      type: 'whereabouts',
      ranges: ['10.6.0.0/24'],
      used: 1,
      size: 254,
      gateways: [],
      routes: [{ dst, gw: null }],
    },
  });

const routed = (defaultRoute: readonly string[], change: object = {}) =>
  pod('p1', { requested: [request('ipvlan-a', { defaultRoute })], ...change });

const versions = (
  name: string,
  tags: readonly string[],
  defaultRoute: readonly string[],
  severity: 'info' | 'warning',
  says: RegExp,
) =>
  tags.map((tag) => ({
    name: `${name}: ${tag}`,
    records: [multus(tag), network(), routed(defaultRoute), face()],
    subjects: [POD],
    severity,
    says,
  }));

cases('default-route-conflict', [
  ...['0.0.0.0/0', '::/0', '0::0/0', ' 0.0.0.0/0'].map((dst) => ({
    name: `(a) its IPAM brings a route to “${dst}”`,
    records: [node(), route(dst), pod('p1', { requested: [request()] }), face()],
    subjects: [POD],
    severity: 'warning' as const,
    says: /More than one default route/,
  })),
  ...['sbr', 'vrf', 'coordinator'].map((type) => ({
    name: `(a) guard: ${type} puts its routes into a table of their own`,
    records: [
      node(),
      { ...route('0.0.0.0/0'), plugins: ['ipvlan', type] },
      pod('p1', { requested: [request()] }),
      face('net1', { gateways: ['10.6.0.1'] }),
    ],
    subjects: [],
  })),
  {
    name: '(a) a narrow route is no default route',
    records: [node(), route('10.0.0.0/8'), pod('p1', { requested: [request()] }), face()],
    subjects: [],
  },
  ...versions(
    '(c) the request has no effect',
    ['v4.2.2', 'v4.2.4-thick', 'v4.3.0'],
    ['10.6.0.1'],
    'warning',
    /leaves eth0's in place/,
  ),
  ...versions(
    '(d) an empty list leaves the pod without a route',
    ['v4.0.0', 'v4.1.4-eksbuild.3_thick', 'v4.2.1'],
    [],
    'warning',
    /without a default route/,
  ),
  ...versions(
    '(e) an empty list keeps this one’s route before v4',
    ['v3.7.2', 'v3.9.3'],
    [],
    'info',
    /traffic to services, DNS/,
  ),
  ...versions(
    '(e) asked for, and carried out',
    ['v3.9.3', 'v4.0.0', 'v4.1.4', 'v4.2.1'],
    ['10.6.0.1'],
    'info',
    /traffic to services, DNS/,
  ),
  {
    name: '(e) an unknown version: only the request is reported',
    records: [multus(null), network(), routed(['10.6.0.1']), face()],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: '(e) an IPv4 gateway removes the IPv6 routes as well, from 4.0.0 to 4.2.1',
    records: [multus('v4.1.4'), network(), routed(['10.6.0.1'], { ips: ['10.0.0.21', 'fd00::21'] }), face()],
    subjects: [POD],
    says: /removes every IPv6 default route/,
  },
  {
    name: '(e) but not before 4.0.0',
    records: [multus('v3.9.3'), network(), routed(['10.6.0.1'], { ips: ['10.0.0.21', 'fd00::21'] }), face()],
    subjects: [POD],
    says: /^(?![\s\S]*IPv6)/,
  },
  {
    name: '(b) outside of the range',
    records: [multus('v4.1.4'), network(), routed(['10.9.0.1']), face()],
    subjects: [POD],
    says: /is not on the network/,
  },
  {
    name: '(b) the node could not set it',
    records: [
      multus('v4.1.4'),
      network('ipvlan-a', { ipam: null }),
      waitingPod('w1', { requested: [request('ipvlan-a', { defaultRoute: ['10.9.0.1'] })] }),
      unattached,
      sandbox('error setting default gateway: no route to host'),
    ],
    subjects: [WAITS],
    says: /cannot be reached/,
  },
]);

const route3 = network('ipvlan-a', {
  ipam: {
    type: 'whereabouts',
    ranges: ['10.6.0.0/24'],
    used: 1,
    size: 254,
    gateways: [],
    routes: [{ dst: '0.0.0.0/0', gw: '10.6.0.1' }],
  },
});

const multus3 = (version: string) => node({ multus: { ready: true, version, startedAt: null, installedAt: null } });

cases('default-route-conflict', [
  {
    name: 'IPAM adds a second one',
    records: [node(), route3, pod('p1', { requested: [request()] }), face()],
    subjects: [POD],
    says: /More than one/,
  },
  {
    name: 'network-status has a gateway',
    records: [node(), network(), pod('p1', { requested: [request()] }), face('net1', { gateways: ['10.6.0.1'] })],
    subjects: [POD],
  },
  {
    name: 'requested: info only',
    records: [
      multus3('v4.1.4'),
      route3,
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.6.0.1'] })] }),
      face(),
    ],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'a gateway next to the range that IPAM assigns',
    records: [
      multus3('v4.1.4'),
      network('ipvlan-a', {
        ipam: { type: 'whereabouts', ranges: ['10.6.0.20-10.6.0.90'], used: 1, size: 71, gateways: [], routes: [] },
      }),
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.6.0.1'] })] }),
      face(),
    ],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'two gateways of one family',
    records: [
      multus3('v4.1.4'),
      network(),
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.6.0.1', '10.6.0.2'] })] }),
    ],
    subjects: [POD],
    severity: 'error',
    says: /of one family/,
  },
  {
    name: 'one of each family',
    records: [
      multus3('v4.1.4'),
      network(),
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.6.0.1', 'fd00::1'] })] }),
    ],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'guard: the network that replaces the cluster’s owns the route',
    records: [node(), route3, pod('p1', { requested: [] }), face('eth0', { default: true, gateways: ['10.6.0.1'] })],
    subjects: [],
  },
  {
    name: 'guard: requested, but not attached yet',
    records: [
      node(),
      route3,
      waitingPod('p1', { requested: [request()] }),
      face('net1', { state: 'requested', ips: [] }),
    ],
    subjects: [],
  },
  {
    name: 'requested, but not supported by this Multus',
    records: [
      multus3('v4.2.3'),
      route3,
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.6.0.1'] })] }),
      face(),
    ],
    subjects: [POD],
    says: /4\.2\.2/,
  },
  {
    name: 'an empty list with Multus 4.1',
    records: [
      multus3('v4.1.4'),
      network(),
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: [] })] }),
      face(),
    ],
    subjects: [POD],
    says: /without a default route/,
  },
  {
    name: 'a gateway elsewhere',
    records: [
      multus3('v4.1.4'),
      network(),
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.9.0.1'] })] }),
      face(),
    ],
    subjects: [POD],
    says: /10\.9\.0\.1/,
  },
  {
    name: 'no default route',
    records: [node(), network(), pod('p1', { requested: [request()] }), face()],
    subjects: [],
  },
]);
