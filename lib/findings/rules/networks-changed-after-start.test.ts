import { face, network, node, pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const POD = 'pod:core/p1';

const valid = {
  networksAnnotation: { state: 'valid' as const, error: null },
  statusAnnotation: { state: 'valid' as const, error: null },
};

const given = face('net1', { network: 'net:core/given', state: 'unrequested', requestIndex: null });

cases('networks-changed-after-start', [
  {
    name: 'one network was removed from the list',
    records: [node(), pod('p1', { ...valid, requested: [request()] }), face(), given],
    subjects: [POD],
    says: /has core\/given without asking/,
    commands: /delete pod p1$/,
  },
  {
    name: 'guard: another pod of the node has it without a request: the daemon adds it to all',
    records: [
      node(),
      pod('p1', { ...valid, requested: [request()] }),
      face(),
      given,
      pod('p2'),
      { ...given, id: 'if:core/p2/net1', pod: 'pod:core/p2' },
    ],
    subjects: [],
  },
  {
    name: 'a pod that nothing recreates is not deleted by the command',
    records: [node(), pod('p1', { ...valid, owner: null, requested: [request()] }), face(), given],
    subjects: [POD],
    says: /No controller does that/,
    commands: /get pod p1 -o yaml$/,
  },
  {
    name: 'the pod of a virtual machine is not deleted: that would stop the machine',
    records: [
      node(),
      pod('p1', { ...valid, owner: { kind: 'VirtualMachineInstance', name: 'db' }, requested: [request()] }),
      face(),
      given,
    ],
    subjects: [POD],
    says: /Migrate the virtual machine/,
    commands: /^kubectl virt -n core migrate db$/,
  },
  {
    name: 'guard: it is not Running',
    records: [node(), pod('p1', { ...valid, phase: 'Pending', requested: [request()] }), face(), given],
    subjects: [],
  },
]);

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
    name: 'one was replaced',
    records: [
      node(),
      pod('p1', { ...valid, requested: [request('b')] }),
      face('net1', { state: 'unrequested', requestIndex: null }),
      { ...requestedFace, requestIndex: 0 },
    ],
    subjects: [POD],
  },
  { name: 'as requested', records: [node(), pod('p1', { ...valid, requested: [request()] }), face()], subjects: [] },
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

const CHANGED = '2026-09-01T11:00:00Z';
const edited = network('ipvlan-a', { createdAt: '2026-08-01T00:00:00Z', configAt: CHANGED });
const former = face('net1', { formerConfig: true });

cases('networks-changed-after-start', [
  {
    name: 'the network was edited after a pod on it started',
    records: [node(), pod('p1', valid), edited, former, pod('p2', valid), face('net1', { podName: 'p2' })],
    subjects: ['net:core/ipvlan-a'],
    severity: 'info',
    says: /1 running pod has core\/ipvlan-a as it was before 2026-09-01T11:00:00Z: core\/p1\.[^]*managedFields date the config/,
    commands: /--show-managed-fields$/,
  },
  {
    name: 'the network was recreated after a pod on it started',
    records: [node(), pod('p1', valid), { ...edited, createdAt: CHANGED }, former],
    subjects: ['net:core/ipvlan-a'],
    says: /was created at 2026-09-01T11:00:00Z/,
  },
  {
    name: 'guard: its pods have the current config',
    records: [node(), pod('p1', valid), edited, face()],
    subjects: [],
  },
]);
