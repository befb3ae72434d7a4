import { hostNic, ago, network, node, pod, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const sriov = network('sriov', {
  plugins: ['sriov'],
  resourceName: 'ran.io/vf',
  parent: { kind: 'resource', value: 'ran.io/vf' },
});

const wantsVf = (change: object = {}) =>
  waitingPod('w1', { requested: [request('sriov')], startedAt: ago(61), ...change });

const insufficient = signal(WAITS, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient ran.io/vf.');

cases('device-exhausted', [
  {
    name: 'no node allocates any',
    records: [node(), sriov, waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }), insufficient],
    subjects: [WAITS],
    says: /no node allocates ran\.io\/vf/,
  },
  {
    name: 'nodes offer it with another prefix',
    records: [
      node({ allocatable: { 'intel.com/vf': 8 } }),
      sriov,
      waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }),
      insufficient,
    ],
    subjects: [WAITS],
    says: /No node offers ran\.io\/vf[\s\S]*what they offer is intel\.com\/vf/,
  },
  {
    name: 'another name is another resource, however similar',
    records: [
      node({ allocatable: { 'ran.io/vf2': 8 } }),
      sriov,
      waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }),
      insufficient,
    ],
    subjects: [WAITS],
    says: /No ran\.io\/vf left/,
  },
  {
    name: 'reports the total',
    records: [
      node({ allocatable: { 'ran.io/vf': 8 } }),
      sriov,
      waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }),
      insufficient,
    ],
    subjects: [WAITS],
    says: /1 node allocates 8 ran\.io\/vf in all/,
  },
  ...(
    [
      ['bridge.network.kubevirt.io/br1', {}, /Create the bridge br1 .*bridge-marker/],
      ['ovs-cni.network.kubevirt.io/br1', {}, /Create the Open vSwitch bridge br1 .*ovs-cni/],
      ['bridge.network.kubevirt.io/br1', { 'bridge.network.kubevirt.io/br1': 1_000 }, /Free devices/],
    ] as const
  ).map(([resource, allocatable, says]) => ({
    name: `a bridge’s marker, ${JSON.stringify(allocatable)} offered of ${resource}`,
    records: [
      node({ allocatable }),
      network('sriov', { plugins: ['bridge'], resourceName: resource }),
      waitingPod('w1', { node: null, requested: [request('sriov')], resources: { [resource]: 1 } }),
      signal(WAITS, 'FailedScheduling', `0/1 nodes are available: 1 Insufficient ${resource}.`),
    ],
    subjects: [WAITS],
    says,
  })),
  {
    name: 'never requested, though the event is gone',
    records: [node(), sriov, wantsVf()],
    subjects: [WAITS],
    says: /Does not ask for ran\.io\/vf/,
  },
  {
    name: 'fewer than its networks need, which are named twice',
    records: [
      node(),
      sriov,
      wantsVf({ requested: [request('sriov'), request('sriov')], resources: { 'ran.io/vf': 1 } }),
      signal(WAITS, 'FailedCreatePodSandBox', 'LoadConf(): VF pci addr is required'),
    ],
    subjects: [WAITS],
    says: /Asks for too few ran\.io\/vf[^]*2 attachments/,
  },
  {
    name: 'the SR-IOV operator explains why none is offered',
    records: [
      node({ allocatable: { 'ran.io/vf': 0 } }),
      sriov,
      waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }),
      insufficient,
      signal('node:n1', 'sriov-failed', 'device in lockdown mode'),
    ],
    subjects: [WAITS],
    says: /could not set up its links[^]*lockdown mode/,
  },
  {
    name: 'guard: scheduled a moment ago, so a webhook may still act',
    records: [node(), sriov, wantsVf({ startedAt: ago(60) })],
    subjects: [],
  },
  {
    name: 'guard: it has an address, so it got one',
    records: [node(), sriov, wantsVf({ ips: ['10.0.0.9'] })],
    subjects: [],
  },
  {
    name: 'guard: events that are no longer read',
    records: [node(), sriov, waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }), insufficient],
    states: { 'kubernetes/events': 'stale' },
    subjects: [],
  },
]);

const sandbox = (text: string) => signal(WAITS, 'FailedCreatePodSandBox', text);

cases('device-exhausted', [
  {
    name: 'the scheduler reports it',
    records: [
      node({ allocatable: { 'ran.io/vf': 8 } }),
      sriov,
      waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }),
      signal(WAITS, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient ran.io/vf.'),
    ],
    subjects: [WAITS],
  },
  {
    name: 'scheduled by now',
    records: [
      node(),
      sriov,
      pod('w1', { resources: { 'ran.io/vf': 1 } }),
      signal(WAITS, 'FailedScheduling', '3 Insufficient ran.io/vf.'),
    ],
    subjects: [],
  },
  {
    name: 'a GPU belongs to no network',
    records: [
      node(),
      sriov,
      waitingPod('w1', { node: null, resources: { 'nvidia.com/gpu': 1 } }),
      signal(WAITS, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.'),
    ],
    subjects: [],
  },
  {
    name: 'guard: a node may be starting',
    records: [
      sriov,
      waitingPod('w1', { node: null, createdAt: ago(20), resources: { 'ran.io/vf': 1 } }),
      signal(WAITS, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient ran.io/vf.'),
    ],
    subjects: [],
  },
  {
    name: 'names the network, but never requests its resource',
    records: [
      node(),
      sriov,
      waitingPod('w1', { requested: [request('sriov')] }),
      sandbox(
        'error adding container to network "sriov": SRIOV-CNI failed to load netconf: LoadConf(): VF pci addr is required',
      ),
    ],
    subjects: [WAITS],
    says: /no container requests ran\.io\/vf/,
  },
  {
    name: 'another resource',
    records: [
      node(),
      sriov,
      waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }),
      signal(WAITS, 'FailedScheduling', '3 Insufficient nvidia.com/gpu.'),
    ],
    subjects: [],
  },
]);

const short = [
  node({ allocatable: { 'ran.io/vf': 0 } }),
  network('sriov', { resourceName: 'ran.io/vf' }),
  waitingPod('w1', { node: null, requested: [request('sriov')], resources: { 'ran.io/vf': 1 } }),
  signal(WAITS, 'FailedScheduling', '1 Insufficient ran.io/vf.'),
];

cases('device-exhausted', [
  {
    name: 'VFs exist, but nothing advertises them',
    records: [...short, hostNic('ens1f1', { vfs: { total: 8, used: 0 } })],
    subjects: [WAITS],
    says: /ens1f1 has 8 VFs; the VFs exist, and nothing advertises them/,
  },
  { name: 'no link has a VF', records: short, subjects: [WAITS], says: /no link has a VF/ },
  {
    name: 'a node without its SriovNetworkNodeState read',
    records: short,
    states: { 'kubernetes/sriovnetworknodestates': 'denied' },
    subjects: [WAITS],
  },
  {
    name: 'guard: another resource is short',
    records: [...short.slice(0, 3), signal(WAITS, 'FailedScheduling', '1 Insufficient cpu.')],
    subjects: [],
  },
]);

const asks = { resources: { 'ran.io/vf': 1 } };
const late = waitingPod('w1', { node: null, ...asks });

cases('device-exhausted', [
  {
    name: 'the plugin counts fewer than pods hold',
    records: [node({ allocatable: { 'ran.io/vf': 1 } }), sriov, pod('p1', asks), pod('p2', asks), late, insufficient],
    subjects: [WAITS],
    says: /hold 2 ran\.io\/vf, and it allocates 1[^]*log of the device plugin/,
  },
  {
    name: 'the plugin offers none, but pods hold some',
    records: [node({ allocatable: { 'ran.io/vf': 0 } }), sriov, pod('p1', asks), late, insufficient],
    subjects: [WAITS],
    says: /hold 1 ran\.io\/vf, and it allocates 0/,
  },
  {
    name: 'merely full',
    records: [node({ allocatable: { 'ran.io/vf': 1 } }), sriov, pod('p1', asks), late, insufficient],
    subjects: [WAITS],
    says: /Free devices/,
  },
  {
    name: 'finished pods hold none',
    records: [
      node({ allocatable: { 'ran.io/vf': 0 } }),
      sriov,
      pod('p1', { ...asks, phase: 'Succeeded' }),
      late,
      insufficient,
    ],
    subjects: [WAITS],
    says: /Free devices/,
  },
  {
    name: 'no pod is waiting',
    records: [node({ allocatable: { 'ran.io/vf': 0 } }), sriov, pod('p1', asks)],
    subjects: [],
  },
]);
