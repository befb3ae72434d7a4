import { ago, face, network, node, pod, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { claimOf, device } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const W = 'pod:core/w1';
const sandbox = (text: string, change: object = {}) => signal(W, 'FailedCreatePodSandBox', text, change);
const unplaced = (text: string) => signal(W, 'FailedScheduling', text);
const plugin = (text: string, name = 'ipvlan-a') =>
  `plugin type="multus" failed (add): [core/w1/u:${name}]: error adding container to network "${name}": ${text}`;
const asking = waitingPod('w1', { requested: [request()], createdAt: ago(600) });
const ready = node({ multus: { ready: true, version: null, startedAt: ago(9_000), installedAt: null } });

cases('pod-start-failed', [
  {
    name: 'a text that ifscope does not know is quoted',
    records: [ready, network(), asking, sandbox(plugin('unable to create veth pair: file exists'))],
    subjects: [W],
    says: /veth pair: file exists[^]*Multus is Ready on the node\.[^]*configs show no fault/,
  },
  {
    name: 'without any network of its own',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), sandbox('rpc error: code = DeadlineExceeded')],
    subjects: [W],
    says: /DeadlineExceeded/,
  },
  {
    name: 'links inside the pod: the host lacks nothing',
    records: [
      node(),
      network('bond', { parent: { kind: 'container-link', value: 'net1,net2' } }),
      waitingPod('w1', { requested: [request('bond')], createdAt: ago(600) }),
      sandbox(plugin('failed to confirm that link (net1) exists, error: Link not found', 'bond')),
    ],
    subjects: [W],
    says: /inside the pod \(net1,net2\)[^]*vfio-pci/,
  },
  {
    name: 'a plain “Link not found” of such a network, too',
    records: [
      node(),
      network('in', { parent: { kind: 'container-link', value: 'net1' } }),
      waitingPod('w1', { requested: [request('in')], createdAt: ago(600) }),
      sandbox(plugin('Link not found', 'in')),
    ],
    subjects: [W],
  },
  {
    name: 'EFA devices are short',
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/efa': 4 }, createdAt: ago(600) }),
      unplaced('0/2 nodes are available: 2 Insufficient vpc.amazonaws.com/efa.'),
    ],
    subjects: [W],
    says: /has vpc\.amazonaws\.com\/efa left/,
    nowhere: true,
  },
  {
    name: 'a resource that no network names',
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'openshift.io/ens1f1': 1 }, createdAt: ago(600) }),
      unplaced('0/2 nodes are available: 2 Insufficient openshift.io/ens1f1.'),
    ],
    subjects: [W],
    nowhere: true,
  },
  {
    name: 'its claims cannot be allocated',
    records: [
      waitingPod('w1', { node: null, createdAt: ago(600) }),
      unplaced('0/3 nodes are available: 3 cannot allocate all claims.'),
    ],
    subjects: [W],
    says: /resource claims cannot be allocated/,
    nowhere: true,
  },
  {
    name: 'guard: GPUs are no interface',
    records: [
      waitingPod('w1', { node: null, resources: { 'nvidia.com/gpu': 8 }, createdAt: ago(600) }),
      unplaced('0/2 nodes are available: 2 Insufficient nvidia.com/gpu.'),
    ],
    subjects: [],
  },
  {
    name: 'guard: `pod-ip-failed` knows the cause',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(600) }),
      sandbox('plugin type="aws-cni" failed (add): add cmd: failed to assign an IP address to container'),
    ],
    subjects: [],
  },
  {
    name: 'guard: `plugin-binary-missing` knows the cause',
    records: [node(), network(), asking, sandbox(plugin('failed to find plugin "ipvlan" in path [/opt/cni/bin]'))],
    subjects: [],
  },
  {
    name: 'guard: `network-config-invalid` knows the cause',
    records: [
      node(),
      network(),
      asking,
      face('net1', { podName: 'w1', state: 'requested', ips: [] }),
      sandbox(plugin('IPAM plugin returned missing IP config')),
    ],
    subjects: [],
  },
  {
    name: 'guard: `pod-eni-stuck` knows the cause',
    records: [
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 }, createdAt: ago(600) }),
      unplaced('1 Insufficient vpc.amazonaws.com/pod-eni.'),
    ],
    subjects: [],
  },
  {
    name: 'the rule that would know the cause may not speak',
    records: [
      node(),
      network(),
      waitingPod('w1', { requested: [request()], createdAt: ago(600) }),
      sandbox(plugin('failed to lookup master "eth9": Link not found')),
    ],
    states: { 'kubernetes/network-attachment-definitions': 'denied' },
    subjects: [W],
  },
  {
    name: 'guard: the sandbox is there by now',
    records: [node(), pod('w1', { phase: 'Pending' }), sandbox('anything')],
    subjects: [],
  },
  {
    name: 'guard: it runs',
    records: [node(), pod('w1'), sandbox('anything')],
    subjects: [],
  },
  {
    name: 'guard: refused for half a minute',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), sandbox('anything', { firstAt: ago(30) })],
    subjects: [],
  },
  {
    name: 'refused for half a minute, and then',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), sandbox('anything', { firstAt: ago(30) })],
    later: 31,
    subjects: [W],
  },
  {
    name: 'guard: it is being deleted',
    records: [node(), waitingPod('w1', { deleting: true, createdAt: ago(600) }), sandbox('anything')],
    subjects: [],
  },
  {
    name: 'guard: its claimed device is not ready, which another rule says',
    records: [
      node(),
      waitingPod('w1', {
        createdAt: ago(600),
        claims: [claimOf(device({ ready: false, reason: 'Ready: Failed: busy', interface: null }))],
      }),
      sandbox('anything'),
    ],
    subjects: [],
  },
  { name: 'guard: it waits, and no event says why', records: [node(), asking, network()], subjects: [] },
]);
