import { cases } from '../../../e2e/testing/finding-cases';
import {
  ago,
  card,
  cni,
  eni,
  eth0,
  face,
  foreignEni,
  network,
  node,
  pod,
  pool,
  request,
  signal,
  subnet,
  waitingPod,
} from '../../../e2e/testing/findings';

const POD = 'pod:core/p1';
const WAITS = 'pod:core/w1';
const sandbox = (text: string) => signal(WAITS, 'FailedCreatePodSandBox', text);
const starved = sandbox(
  'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
);

cases('pod-ip-failed', [
  {
    name: 'waits; the node is full',
    records: [node({ headroom: { pods: 0, limitedBy: 'slots' } }), waitingPod(), starved],
    subjects: [WAITS],
    says: /node-addresses-full/,
  },
  {
    name: 'waits; the subnet is dry',
    records: [node(), eni(), subnet('subnet-a', { availableAddresses: 0 }), waitingPod(), starved],
    subjects: [WAITS],
    says: /subnet-low/,
  },
  {
    name: 'waits; the dry subnet is not the one that pods’ addresses come from',
    records: [
      node({ cni: cni({ customNetworking: true }) }),
      eni(),
      subnet('subnet-a', { availableAddresses: 0 }),
      waitingPod(),
      starved,
    ],
    subjects: [WAITS],
    says: /log of aws-node/,
  },
  {
    name: 'waits; multi-NIC is off',
    records: [node(), waitingPod('w1', { nicConfig: 'multi-nic-attachment' }), starved],
    subjects: [WAITS],
    says: /multi-nic-no-effect/,
  },
  {
    name: 'waits; the free ones cool',
    records: [node({ pools: [pool({ available: 3, cooling: 3 })] }), waitingPod(), starved],
    subjects: [WAITS],
    says: /cooldown-starved/,
  },
  {
    name: 'waits; no cause is known',
    records: [node(), waitingPod(), starved],
    subjects: [WAITS],
    says: /log of aws-node/,
  },
  {
    name: 'guard: aws-node restarts',
    records: [node({ ipamd: { ready: false, version: null } }), waitingPod(), { ...starved, firstAt: ago(119) }],
    subjects: [],
  },
  {
    name: 'waits for two minutes, with an aws-node that is not Ready: that is the cause',
    records: [node({ ipamd: { ready: false, version: null } }), waitingPod(), { ...starved, firstAt: ago(120) }],
    subjects: [WAITS],
    says: /aws-node on the node is not Ready/,
  },
  {
    name: 'waits; one of its cards has none',
    records: [
      node({ cni: cni({ multiNic: true }), pools: [pool(), pool({ card: 1, total: 1, assigned: 1, available: 0 })] }),
      waitingPod('w1', { nicConfig: 'multi-nic-attachment' }),
      starved,
    ],
    subjects: [WAITS],
    says: /card 1 has none free/,
  },
  {
    name: 'waits; EC2 refuses the CNI',
    records: [
      node(),
      waitingPod(),
      starved,
      signal('node:n1', 'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/UnauthorizedOperation', 'rose'),
    ],
    subjects: [WAITS],
    says: /ec2-permission-missing/,
  },
  {
    name: 'guard: a refusal may pass',
    records: [node(), waitingPod(), { ...starved, count: 2, firstAt: ago(5) }],
    subjects: [],
  },
  {
    name: 'a refusal that stands for half a minute',
    records: [node(), waitingPod(), { ...starved, count: 1, firstAt: ago(5) }],
    later: 26,
    subjects: [WAITS],
  },
  {
    name: 'guard: the node fills its first pool',
    records: [node({ createdAt: ago(60) }), waitingPod(), starved],
    subjects: [],
  },
  {
    name: 'guard: the pod is being deleted',
    records: [node(), waitingPod('w1', { deleting: true }), starved],
    subjects: [],
  },
  { name: 'has an address by now', records: [node(), pod('w1'), starved], subjects: [] },
  {
    name: 'waits for something else',
    records: [node(), waitingPod(), sandbox('failed to lookup master "ens9": Link not found')],
    subjects: [],
  },
  {
    name: 'guard: events may not be read',
    records: [node(), waitingPod(), starved],
    states: { 'kubernetes/events': 'denied' },
    subjects: [],
  },
]);

const lost = (backed: 'none' | 'other-node' | 'unknown' | 'eni') =>
  eth0({
    eni: null,
    addresses: [{ ip: '10.0.0.21', family: 4, backed, eni: null }],
    link: {
      rule: 'none',
      certainty: 'unknown',
      evidence: 'no ENI of the node has 10.0.0.21',
      candidates: backed === 'other-node' ? ['eni-x'] : [],
    },
  });
cases('pod-address-not-on-node', [
  { name: 'on no ENI', records: [node(), pod(), lost('none')], subjects: ['if:core/p1/eth0'], severity: 'error' },
  {
    name: 'on another node’s',
    records: [node(), pod(), lost('other-node')],
    subjects: ['if:core/p1/eth0'],
    says: /eni-x of another node/,
  },
  { name: 'EC2 was not asked since', records: [node(), pod(), lost('unknown')], subjects: [] },
  { name: 'fine', records: [node(), pod(), eth0()], subjects: [] },
  {
    name: 'also on Auto Mode',
    records: [node({ computeType: 'auto', cni: null, ipamd: null }), pod(), lost('none')],
    subjects: ['if:core/p1/eth0'],
  },
  {
    name: 'guard: a hybrid node',
    records: [node({ computeType: 'hybrid', instanceId: null }), pod(), lost('none')],
    subjects: [],
  },
  { name: 'guard: another CNI', records: [node({ cni: null, ipamd: null }), pod(), lost('none')], subjects: [] },
  {
    name: 'also on Windows, where there is no ipamd',
    records: [node({ os: 'windows', cni: null, ipamd: null }), pod(), lost('none')],
    subjects: ['if:core/p1/eth0'],
  },
  { name: 'guard: the node is NotReady', records: [node({ ready: false }), pod(), lost('none')], subjects: [] },
  {
    name: 'guard: its instance ends',
    records: [node({ instanceState: 'terminated' }), pod(), lost('none')],
    subjects: [],
  },
  {
    name: 'guard: aws-node is not ready',
    records: [node({ ipamd: { ready: false, version: null } }), pod(), lost('none')],
    subjects: [],
  },
  {
    name: 'guard: the pod is on its way out',
    records: [node(), pod('p1', { deleting: true }), lost('none')],
    subjects: [],
  },
]);

const asks = { 'vpc.amazonaws.com/pod-eni': 1 };
cases('pod-eni-stuck', [
  {
    name: 'no annotation after a minute',
    records: [node(), waitingPod('w1', { resources: asks, createdAt: ago(120), startedAt: ago(120) })],
    subjects: [WAITS],
  },
  {
    name: 'half a minute',
    records: [node(), waitingPod('w1', { resources: asks, createdAt: ago(30), startedAt: ago(30) })],
    subjects: [],
  },
  {
    name: 'half a minute, and then',
    records: [node(), waitingPod('w1', { resources: asks, createdAt: ago(30), startedAt: ago(30) })],
    later: 31,
    subjects: [WAITS],
  },
  {
    name: 'has its branch ENI',
    records: [node(), waitingPod('w1', { resources: asks, podEni: ['eni-br'] })],
    subjects: [],
  },
  { name: 'not scheduled', records: [waitingPod('w1', { resources: asks, node: null })], subjects: [] },
]);

const wants = { nicConfig: 'multi-nic-attachment' };
const cards4 = (managed: boolean) => [card(0), card(1, { managed }), card(2, { managed }), card(3, { managed })];
const multi = {
  cni: cni({ multiNic: true }),
  multus: null,
  limits: {
    enisPerCard: 15,
    ipv4PerEni: 50,
    cards: 4,
    maxBranchEnis: 62,
    trunkCompatible: true,
    source: 'ec2' as const,
    maxPodsByFormula: 737,
  },
};
cases('multi-nic-no-effect', [
  {
    name: 'off: never starts',
    records: [node({ multus: null }), waitingPod('p1', wants)],
    subjects: [POD],
    severity: 'error',
  },
  {
    name: 'off, and it runs all the same',
    records: [node({ multus: null }), pod('p1', wants)],
    subjects: [POD],
    severity: 'warning',
  },
  {
    name: 'off, but Multus drops the annotation: it starts',
    records: [node({ limits: multi.limits }), waitingPod('p1', wants)],
    subjects: [POD],
    severity: 'warning',
    says: /Multus/,
  },
  {
    name: 'guard: a pod with a branch ENI gets one by design',
    records: [node({ multus: null }), pod('p1', { ...wants, podEni: ['eni-br'] })],
    subjects: [],
  },
  {
    name: 'a single card',
    records: [node({ cni: cni({ multiNic: true }) }), pod('p1', wants)],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'Multus drops it',
    records: [
      node({ ...multi, multus: { ready: true, version: 'v4.1.4', startedAt: null, installedAt: null } }),
      ...cards4(true),
      pod('p1', wants),
    ],
    subjects: [POD],
    severity: 'warning',
  },
  {
    name: 'all further cards unmanaged',
    records: [node(multi), ...cards4(false), pod('p1', wants)],
    subjects: [POD],
    severity: 'warning',
  },
  { name: 'works', records: [node(multi), ...cards4(true), pod('p1', wants)], subjects: [] },
  { name: 'another value is no request', records: [node(), pod('p1', { nicConfig: 'yes' })], subjects: [] },
  { name: 'guard: settings not known', records: [node({ cni: null }), pod('p1', wants)], subjects: [] },
]);

const missing = network('ipvlan-b', { missing: true, plugins: [], mainPlugin: null });
cases('network-missing', [
  {
    name: 'names none that exists; suggests the near one',
    records: [node(), missing, network('ipvlan-a'), pod('p1', { requested: [request('ipvlan-b')] })],
    subjects: [POD],
    says: /Did you mean core\/ipvlan-a/,
  },
  {
    name: 'a pod of ten seconds',
    records: [node(), missing, pod('p1', { createdAt: ago(10), requested: [request('ipvlan-b')] })],
    subjects: [],
  },
  { name: 'exists', records: [node(), network(), pod('p1', { requested: [request()] })], subjects: [] },
  {
    name: 'cannot start',
    records: [missing, waitingPod('p1', { requested: [request('ipvlan-b')] })],
    subjects: [POD],
    severity: 'error',
  },
  {
    name: 'runs: a restart would fail',
    records: [missing, pod('p1', { requested: [request('ipvlan-b')] })],
    subjects: [POD],
    severity: 'warning',
  },
  {
    name: 'guard: Multus is not called on the host network',
    records: [missing, pod('p1', { hostNetwork: true, requested: [request('ipvlan-b')] })],
    subjects: [],
  },
  {
    name: 'guard: an empty name is the annotation’s fault',
    records: [network('', { missing: true }), pod('p1', { requested: [request('')] })],
    subjects: [],
  },
  {
    name: 'guard: finished',
    records: [missing, pod('p1', { phase: 'Succeeded', requested: [request('ipvlan-b')] })],
    subjects: [],
  },
  {
    name: 'guard: NADs may not be read',
    records: [missing, pod('p1', { requested: [request('ipvlan-b')] })],
    states: { 'kubernetes/network-attachment-definitions': 'denied' },
    subjects: [],
  },
]);

cases('networks-annotation-invalid', [
  {
    name: 'unreadable',
    records: [pod('p1', { networksAnnotation: { state: 'invalid', error: 'parsePodNetworkAnnotation: failed' } })],
    subjects: [POD],
  },
  {
    name: 'an empty item',
    records: [pod('p1', { networksAnnotation: { state: 'valid', error: null }, requested: [request('')] })],
    subjects: [POD],
    says: /may not be empty/,
  },
  {
    name: 'a slash in a JSON name',
    records: [
      pod('p1', {
        networksAnnotation: { state: 'valid', error: null },
        requested: [{ ...request(), network: 'net:core/other%2Fa' }],
      }),
    ],
    subjects: [POD],
    says: /slash/,
  },
  {
    name: 'one interface name twice',
    records: [
      pod('p1', {
        networksAnnotation: { state: 'valid', error: null },
        requested: [
          { ...request(), interface: 'net7' },
          { ...request(), index: 1, interface: 'net7' },
        ],
      }),
    ],
    subjects: [POD],
    says: /interface name net7 already exists/,
  },
  {
    name: 'an interface name that the CNI library refuses',
    records: [
      pod('p1', {
        networksAnnotation: { state: 'valid', error: null },
        requested: [{ ...request(), interface: 'abcdefghijklmnop' }],
      }),
    ],
    subjects: [POD],
    says: /interface name is too long/,
  },
  {
    name: 'a name that Multus itself may give to another: how many networks the daemon adds is not known',
    records: [
      pod('p1', {
        networksAnnotation: { state: 'valid', error: null },
        requested: [
          { ...request(), interface: 'net2' },
          { ...request(), index: 1, interface: null },
        ],
      }),
    ],
    subjects: [],
  },
  {
    name: 'valid',
    records: [pod('p1', { networksAnnotation: { state: 'valid', error: null }, requested: [request()] })],
    subjects: [],
  },
]);

cases('networks-annotation-on-workload', [
  {
    name: 'its Deployment carries it',
    records: [
      pod(),
      signal(POD, 'annotation-on-workload', 'Deployment core/p carries k8s.v1.cni.cncf.io/networks: ipvlan-a'),
    ],
    subjects: [POD],
  },
  {
    name: 'the command names the workload, whatever its name would do in a shell',
    records: [
      pod(),
      signal(POD, 'annotation-on-workload', 'Deployment core/p;reboot carries k8s.v1.cni.cncf.io/networks: ipvlan-a'),
    ],
    subjects: [POD],
    commands: /edit deployment 'p;reboot'$/,
  },
  {
    name: 'finished',
    records: [pod('p1', { phase: 'Failed' }), signal(POD, 'annotation-on-workload', 'Deployment core/p carries it')],
    subjects: [],
  },
]);

const valid = {
  networksAnnotation: { state: 'valid' as const, error: null },
  statusAnnotation: { state: 'valid' as const, error: null },
};
const requestedFace = face('net2', { network: 'net:core/b', state: 'requested', ips: [], eni: null, requestIndex: 1 });
cases('networks-changed-after-start', [
  {
    name: 'one was added',
    records: [
      node(),
      pod('p1', { ...valid, requested: [request(), request('b', { index: 1 })] }),
      face(),
      requestedFace,
    ],
    subjects: [POD],
    says: /asks for core\/b/,
  },
  {
    name: 'one was exchanged',
    records: [
      node(),
      pod('p1', { ...valid, requested: [request('b')] }),
      face('net1', { state: 'unrequested', requestIndex: null }),
      { ...requestedFace, requestIndex: 0 },
    ],
    subjects: [POD],
  },
  { name: 'as asked', records: [node(), pod('p1', { ...valid, requested: [request()] }), face()], subjects: [] },
  {
    name: 'guard: a network that every pod gets',
    records: [
      node(),
      pod('p1', { ...valid, networksAnnotation: { state: 'absent', error: null } }),
      face('net1', { state: 'unrequested', requestIndex: null }),
    ],
    subjects: [],
  },
  {
    name: 'guard: no Multus on the node',
    records: [
      node({ multus: null }),
      pod('p1', { ...valid, requested: [request(), request('b', { index: 1 })] }),
      face(),
      requestedFace,
    ],
    subjects: [],
  },
]);

const silent = { networksAnnotation: { state: 'valid' as const, error: null }, requested: [request()] };
const unreported = face('net1', { state: 'requested', ips: [], eni: null });
cases('network-status-missing', [
  { name: 'runs and reports none', records: [node(), pod('p1', silent), unreported], subjects: [POD] },
  {
    name: 'started before Multus',
    records: [
      node({ multus: { ready: true, version: 'v4', startedAt: ago(60), installedAt: null } }),
      pod('p1', silent),
      unreported,
    ],
    subjects: [POD],
    severity: 'info',
    says: /before the Multus/,
  },
  { name: 'reports it', records: [node(), pod('p1', silent), face()], subjects: [] },
  { name: 'asked for none', records: [node(), pod()], subjects: [] },
  { name: 'does not run yet', records: [node(), pod('p1', { ...silent, phase: 'Pending' }), unreported], subjects: [] },
]);

const twin = (change: object = {}) => face('net1', { podName: 'p2', ...change });
cases('duplicate-address', [
  {
    name: 'two live pods on one network',
    records: [node(), network(), pod('p1'), pod('p2'), face(), twin()],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'a finished pod holds none',
    records: [node(), network(), pod('p1'), pod('p2', { phase: 'Succeeded' }), face(), twin()],
    subjects: [],
  },
  { name: 'the same pod twice', records: [node(), network(), pod('p1'), face(), face('net2')], subjects: [] },
  {
    name: 'guard: bridges of two nodes',
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
    subjects: [],
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
      network('ipvlan-a', { ipam: { type: 'host-local', ranges: [], used: null, size: null, routes: [] } }),
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

const route = network('ipvlan-a', {
  ipam: {
    type: 'whereabouts',
    ranges: ['10.6.0.0/24'],
    used: 1,
    size: 254,
    routes: [{ dst: '0.0.0.0/0', gw: '10.6.0.1' }],
  },
});
const multus = (version: string) => node({ multus: { ready: true, version, startedAt: null, installedAt: null } });
cases('default-route-conflict', [
  {
    name: 'IPAM brings a second one',
    records: [node(), route, pod('p1', { requested: [request()] }), face()],
    subjects: [POD],
    says: /More than one/,
  },
  {
    name: 'network-status has a gateway',
    records: [node(), network(), pod('p1', { requested: [request()] }), face('net1', { gateways: ['10.6.0.1'] })],
    subjects: [POD],
  },
  {
    name: 'asked for: worth knowing, no more',
    records: [
      multus('v4.1.4'),
      route,
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.6.0.1'] })] }),
      face(),
    ],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'a gateway beside the part that IPAM gives out',
    records: [
      multus('v4.1.4'),
      network('ipvlan-a', {
        ipam: { type: 'whereabouts', ranges: ['10.6.0.20-10.6.0.90'], used: 1, size: 71, routes: [] },
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
      multus('v4.1.4'),
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
      multus('v4.1.4'),
      network(),
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.6.0.1', 'fd00::1'] })] }),
    ],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'guard: the network that replaces the cluster’s has the route by right',
    records: [node(), route, pod('p1', { requested: [] }), face('eth0', { default: true, gateways: ['10.6.0.1'] })],
    subjects: [],
  },
  {
    name: 'guard: asked for, not attached yet',
    records: [
      node(),
      route,
      waitingPod('p1', { requested: [request()] }),
      face('net1', { state: 'requested', ips: [] }),
    ],
    subjects: [],
  },
  {
    name: 'asked for, and this Multus does not',
    records: [
      multus('v4.2.3'),
      route,
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.6.0.1'] })] }),
      face(),
    ],
    subjects: [POD],
    says: /4\.2\.2/,
  },
  {
    name: 'an empty list with Multus 4.1',
    records: [
      multus('v4.1.4'),
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
      multus('v4.1.4'),
      network(),
      pod('p1', { requested: [request('ipvlan-a', { defaultRoute: ['10.9.0.1'] })] }),
      face(),
    ],
    subjects: [POD],
    says: /10\.9\.0\.1/,
  },
  {
    name: 'nothing of the kind',
    records: [node(), network(), pod('p1', { requested: [request()] }), face()],
    subjects: [],
  },
]);

const sriov = network('sriov', {
  plugins: ['sriov'],
  resourceName: 'ran.io/vf',
  parent: { kind: 'resource', value: 'ran.io/vf' },
});
cases('device-exhausted', [
  {
    name: 'the scheduler says so',
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
    name: 'a GPU is nobody’s network',
    records: [
      node(),
      sriov,
      waitingPod('w1', { node: null, resources: { 'nvidia.com/gpu': 1 } }),
      signal(WAITS, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.'),
    ],
    subjects: [],
  },
  {
    name: 'guard: a node may be on its way',
    records: [
      sriov,
      waitingPod('w1', { node: null, createdAt: ago(20), resources: { 'ran.io/vf': 1 } }),
      signal(WAITS, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient ran.io/vf.'),
    ],
    subjects: [],
  },
  {
    name: 'names the network and never asks for its resource',
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

cases('requested-not-honoured', [
  {
    name: 'another MAC',
    records: [
      network(),
      pod('p1', { requested: [request('ipvlan-a', { mac: '02:AA:00:00:00:01' })] }),
      face('net1', { mac: '02:bb:00:00:00:02' }),
    ],
    subjects: ['if:core/p1/net1'],
  },
  {
    name: 'the same, spelt otherwise',
    records: [
      network(),
      pod('p1', { requested: [request('ipvlan-a', { mac: '02-AA-00-00-00-01', ips: ['10.6.0.14/24'] })] }),
      face('net1', { mac: '02:aa:00:00:00:01' }),
    ],
    subjects: [],
  },
  {
    name: 'another address',
    records: [network(), pod('p1', { requested: [request('ipvlan-a', { ips: ['10.6.0.99/24'] })] }), face()],
    subjects: ['if:core/p1/net1'],
    says: /10\.6\.0\.99/,
  },
  {
    name: 'no MAC reported says nothing',
    records: [network(), pod('p1', { requested: [request('ipvlan-a', { mac: '02:aa:00:00:00:01' })] }), face()],
    subjects: [],
  },
]);

const stray = (backed: 'none' | 'other-node' | 'unknown', on: string | null = null) =>
  face('net1', {
    eni: on,
    addresses: [{ ip: '10.6.0.14', family: 4, backed, eni: null }],
    link: {
      rule: 'none',
      certainty: 'unknown',
      evidence: 'no ENI has it',
      candidates: backed === 'other-node' ? ['eni-x'] : [],
    },
  });
cases('address-not-on-eni', [
  {
    name: 'on no ENI',
    records: [node(), network(), pod(), stray('none')],
    subjects: ['if:core/p1/net1'],
    severity: 'error',
  },
  {
    name: 'still on another node’s',
    records: [node(), network(), pod(), stray('other-node')],
    subjects: ['if:core/p1/net1'],
    says: /fail-over/,
  },
  { name: 'EC2 was not asked since', records: [node(), network(), pod(), stray('unknown')], subjects: [] },
  {
    name: 'guard: a bridge stays on the node',
    records: [
      node(),
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
      pod(),
      stray('none'),
    ],
    subjects: [],
  },
  { name: 'guard: not on EC2', records: [node({ instanceId: null }), network(), pod(), stray('none')], subjects: [] },
  {
    name: 'guard: its sidecar is still at work',
    records: [node(), network(), pod('p1', { startedAt: ago(60) }), stray('none')],
    subjects: [],
  },
  {
    name: 'the sidecar had its time',
    records: [node(), network(), pod('p1', { startedAt: ago(60) }), stray('none')],
    later: 61,
    subjects: ['if:core/p1/net1'],
  },
  { name: 'guard: the node is down', records: [node({ ready: false }), network(), pod(), stray('none')], subjects: [] },
]);

cases('macvlan-on-eni', [
  {
    name: 'macvlan on an EC2 node',
    records: [node(), network('ipvlan-a', { plugins: ['macvlan'] }), pod(), face()],
    subjects: ['if:core/p1/net1'],
  },
  { name: 'ipvlan', records: [node(), network(), pod(), face()], subjects: [] },
  {
    name: 'guard: bare metal',
    records: [
      node({ instanceId: null, computeType: 'other' }),
      network('ipvlan-a', { plugins: ['macvlan'] }),
      pod(),
      face(),
    ],
    subjects: [],
  },
]);

cases('policy-uncovered', [
  {
    name: 'a NetworkPolicy, an extra interface, nothing for it',
    records: [node(), pod('p1', { policies: ['NetworkPolicy/deny'] }), eth0(), face()],
    subjects: [POD],
  },
  {
    name: 'a MultiNetworkPolicy covers its network',
    records: [
      node(),
      pod('p1', { policies: ['MultiNetworkPolicy/deny', 'NetworkPolicy/deny'] }),
      signal(POD, 'policy-for', 'core/b, core/ipvlan-a'),
      eth0(),
      face(),
    ],
    subjects: [],
  },
  {
    name: 'a MultiNetworkPolicy for another network covers nothing of this one',
    records: [
      node(),
      pod('p1', { policies: ['MultiNetworkPolicy/deny', 'NetworkPolicy/deny'] }),
      signal(POD, 'policy-for', 'core/b'),
      eth0(),
      face(),
      face('net2', { network: 'net:core/b' }),
    ],
    subjects: [POD],
    says: /no MultiNetworkPolicy covers net1 \(core\/ipvlan-a\)\./,
  },
  {
    name: 'guard: MultiNetworkPolicies may not be read',
    records: [
      node(),
      pod('p1', { policies: ['NetworkPolicy/deny'] }),
      eth0(),
      face(),
      { id: 'kubernetes/multi-networkpolicies', state: 'denied', asOf: null, reason: null },
    ],
    subjects: [],
  },
  {
    name: 'MultiNetworkPolicies are not served: there are none',
    records: [
      node(),
      pod('p1', { policies: ['NetworkPolicy/deny'] }),
      eth0(),
      face(),
      { id: 'kubernetes/multi-networkpolicies', state: 'absent', asOf: null, reason: null },
    ],
    subjects: [POD],
  },
  {
    name: 'no extra interface',
    records: [node(), pod('p1', { policies: ['NetworkPolicy/deny'] }), eth0()],
    subjects: [],
  },
  {
    name: 'guard: mNicIf interfaces are covered',
    records: [node(), pod('p1', { policies: ['NetworkPolicy/deny'] }), eth0(), face('mNicIf1', { network: 'cluster' })],
    subjects: [],
  },
]);

const onCard = (name: string, on: string, index: number) => face(name, { eni: on, card: index });
cases('interfaces-share-card', [
  {
    name: 'two ENIs, one card of four',
    records: [
      node(multi),
      ...cards4(true),
      foreignEni(),
      pod(),
      onCard('net1', 'eni-a', 1),
      onCard('net2', 'eni-b', 1),
    ],
    subjects: [POD],
  },
  {
    name: 'one ENI under both',
    records: [node(multi), ...cards4(true), pod(), onCard('net1', 'eni-a', 1), onCard('net2', 'eni-a', 1)],
    subjects: [POD],
  },
  {
    name: 'two cards',
    records: [node(multi), ...cards4(true), pod(), onCard('net1', 'eni-a', 1), onCard('net2', 'eni-b', 2)],
    subjects: [],
  },
  {
    name: 'a single-card node',
    records: [node(), card(), pod(), onCard('net1', 'eni-a', 0), onCard('net2', 'eni-b', 0)],
    subjects: [],
  },
]);
