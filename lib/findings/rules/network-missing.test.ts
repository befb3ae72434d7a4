import { ago, face, network, node, pod, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const missing = network('ipvlan-b', { missing: true, plugins: [], mainPlugin: null, semantics: null });

const lost = (change: Parameters<typeof waitingPod>[1] = {}) =>
  waitingPod('w1', { requested: [request('ipvlan-b')], ...change });

cases('network-missing', [
  { name: 'a pod of exactly 30 s', records: [missing, lost({ createdAt: ago(30) })], subjects: [] },
  { name: 'a millisecond more than 30 s', records: [missing, lost({ createdAt: ago(30.001) })], subjects: [WAITS] },
  {
    name: 'the same name in another namespace comes first',
    records: [
      missing,
      network('ipvlan-a'),
      { ...network('ipvlan-b'), id: 'net:other/ipvlan-b', namespace: 'other' },
      lost(),
    ],
    subjects: [WAITS],
    says: /Did you mean other\/ipvlan-b\?/,
  },
  {
    name: 'three edits are too many for a suggestion',
    records: [missing, network('ipvlan-xyz'), lost()],
    subjects: [WAITS],
    says: /Create it, or correct/,
  },
  {
    name: 'the network that is to replace the cluster’s',
    records: [
      network('ghost', {
        id: 'net:kube-system/ghost',
        namespace: 'kube-system',
        missing: true,
        plugins: [],
        mainPlugin: null,
      }),
      waitingPod(),
      face('eth0', {
        podName: 'w1',
        network: 'net:kube-system/ghost',
        state: 'requested',
        ips: [],
        eni: null,
        requestIndex: null,
        default: true,
      }),
    ],
    subjects: [WAITS],
    says: /kube-system\/ghost/,
  },
  {
    name: 'guard: a network of the daemon’s configuration may be a file on the node',
    records: [
      missing,
      pod('p1'),
      face('net1', { network: 'net:core/ipvlan-b', state: 'unrequested', requestIndex: null }),
    ],
    subjects: [],
  },
  {
    name: 'NoNetworkFound of another network is no evidence',
    records: [
      missing,
      lost(),
      signal(
        WAITS,
        'NoNetworkFound',
        'cannot find a network-attachment-definition (aws-cni) in namespace (kube-system): not found',
      ),
    ],
    subjects: [WAITS],
    says: /^(?![\s\S]*aws-cni)/,
  },
  {
    name: 'NoNetworkFound of this one is',
    records: [
      missing,
      lost(),
      signal(
        WAITS,
        'NoNetworkFound',
        'cannot find a network-attachment-definition (ipvlan-b) in namespace (core): not found',
      ),
    ],
    subjects: [WAITS],
    says: /event NoNetworkFound/,
  },
  {
    name: 'namespaceIsolation excludes the other namespace',
    records: [
      { ...network('x'), id: 'net:other/x', namespace: 'other' },
      waitingPod('w1', { requested: [{ ...request(), network: 'net:other/x' }] }),
      sandbox(
        'GetNetworkDelegates: namespace isolation enabled, annotation violates permission, pod is in namespace core but refers to target namespace other',
      ),
    ],
    subjects: [WAITS],
    says: /May not use networks of namespace other/,
  },
]);

const POD = 'pod:core/p1';

const missing3 = network('ipvlan-b', { missing: true, plugins: [], mainPlugin: null });

cases('network-missing', [
  {
    name: 'names a missing one; suggests a similar one',
    records: [node(), missing3, network('ipvlan-a'), pod('p1', { requested: [request('ipvlan-b')] })],
    subjects: [POD],
    says: /Did you mean core\/ipvlan-a/,
  },
  {
    name: 'a pod of ten seconds',
    records: [node(), missing3, pod('p1', { createdAt: ago(10), requested: [request('ipvlan-b')] })],
    subjects: [],
  },
  { name: 'exists', records: [node(), network(), pod('p1', { requested: [request()] })], subjects: [] },
  {
    name: 'cannot start',
    records: [missing3, waitingPod('p1', { requested: [request('ipvlan-b')] })],
    subjects: [POD],
    severity: 'error',
  },
  {
    name: 'runs: a restart would fail',
    records: [missing3, pod('p1', { requested: [request('ipvlan-b')] })],
    subjects: [POD],
    severity: 'warning',
  },
  {
    name: 'guard: Multus is not called on the host network',
    records: [missing3, pod('p1', { hostNetwork: true, requested: [request('ipvlan-b')] })],
    subjects: [],
  },
  {
    name: 'guard: an empty name is a fault of the annotation',
    records: [network('', { missing: true }), pod('p1', { requested: [request('')] })],
    subjects: [],
  },
  {
    name: 'guard: finished',
    records: [missing3, pod('p1', { phase: 'Succeeded', requested: [request('ipvlan-b')] })],
    subjects: [],
  },
  {
    name: 'guard: NADs may not be read',
    records: [missing3, pod('p1', { requested: [request('ipvlan-b')] })],
    states: { 'kubernetes/network-attachment-definitions': 'denied' },
    subjects: [],
  },
]);

const NET = 'net:core/ipvlan-b';
const byTemplate = network('ipvlan-b', {
  missing: true,
  plugins: [],
  mainPlugin: null,
  podCount: 0,
  namedBy: ['the pod template of Deployment core/web'],
});

cases('network-missing', [
  {
    name: 'a pod template names it while no pod requests it',
    records: [byTemplate, network('ipvlan-a')],
    subjects: [NET],
    severity: 'warning',
    says: /names it: the pod template of Deployment core\/web[^]*Did you mean core\/ipvlan-a/,
  },
  {
    name: 'a pod requests it, and is the subject once it is older',
    records: [byTemplate, lost({ createdAt: ago(10) })],
    subjects: [],
  },
  { name: 'guard: the template names an existing one', records: [{ ...byTemplate, missing: false }], subjects: [] },
  {
    name: 'guard: an empty name in a template',
    records: [network('', { missing: true, namedBy: ['the pod template of Deployment core/web'] })],
    subjects: [],
  },
  {
    name: 'guard: a template names it, and NADs may not be read',
    records: [byTemplate],
    states: { 'kubernetes/network-attachment-definitions': 'denied' },
    subjects: [],
  },
]);
