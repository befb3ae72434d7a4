import { ago, cni, node, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const asks = { 'vpc.amazonaws.com/pod-eni': 1 };

cases('pod-eni-stuck', [
  {
    name: 'scheduled for exactly 60 s',
    records: [node(), waitingPod('w1', { resources: asks, startedAt: ago(60) })],
    subjects: [],
  },
  {
    name: 'scheduled for a millisecond more',
    records: [node(), waitingPod('w1', { resources: asks, startedAt: ago(60.001) })],
    subjects: ['pod:core/w1'],
  },
  {
    name: 'an event says so at once',
    records: [
      node(),
      waitingPod('w1', { resources: asks, startedAt: ago(5) }),
      signal('pod:core/w1', 'BranchAllocationFailed', 'no address'),
    ],
    subjects: ['pod:core/w1'],
    says: /BranchAllocationFailed/,
  },
  {
    name: 'guard: events that are not read now hurry nobody',
    records: [
      node(),
      waitingPod('w1', { resources: asks, startedAt: ago(5) }),
      signal('pod:core/w1', 'BranchAllocationFailed', 'no address'),
    ],
    states: { 'kubernetes/events': 'stale' },
    subjects: [],
  },
  {
    name: 'an empty annotation is none',
    records: [node(), waitingPod('w1', { resources: asks, podEni: [], startedAt: ago(120) })],
    subjects: ['pod:core/w1'],
  },
]);

const WAITS = 'pod:core/w1';

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

const unscheduled = waitingPod('w1', { node: null, resources: asks, createdAt: ago(120) });
const refused = signal(WAITS, 'FailedScheduling', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.');

cases('pod-eni-stuck', [
  {
    name: 'no node has one left: the instance type sets the limit',
    records: [
      node({ instanceType: 'r6g.medium', allocatable: { 'vpc.amazonaws.com/pod-eni': 4 } }),
      unscheduled,
      refused,
    ],
    subjects: [WAITS],
    says: /r6g\.medium has 4 branch ENIs \(1 node\)/,
    nowhere: true,
  },
  {
    name: 'no node offers any',
    records: [node(), unscheduled, refused],
    subjects: [WAITS],
    says: /No node offers any/,
    nowhere: true,
  },
  {
    name: 'guard: the scheduler waits for something else',
    records: [node(), unscheduled, signal(WAITS, 'FailedScheduling', '1 Insufficient nvidia.com/gpu.')],
    subjects: [],
  },
  {
    name: 'guard: half a minute old: a node may be on its way',
    records: [node(), { ...unscheduled, createdAt: ago(30) }, refused],
    subjects: [],
  },
]);

cases('pod-eni-stuck', [
  {
    name: 'none is offered, and security groups for pods are on',
    records: [node({ cni: cni({ podEni: true }) }), unscheduled, refused],
    subjects: [WAITS],
    nowhere: true,
    says: /ENABLE_POD_ENI is on, and no node has a trunk ENI.*see trunk-missing/s,
  },
  {
    name: 'the controller could not write its annotation: no word of the subnet',
    records: [
      node(),
      waitingPod('w1', { resources: asks }),
      signal(WAITS, 'BranchAllocationFailed', 'cannot create new eni entry already exist'),
    ],
    subjects: [WAITS],
    says: /webhook or a policy/,
  },
  { name: 'a pod that asks for none', records: [node(), waitingPod('w1')], subjects: [] },
]);
