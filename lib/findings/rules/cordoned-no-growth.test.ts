import { cni, node, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const starved = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container');

const CORDON = { key: 'node.kubernetes.io/unschedulable', value: null, effect: 'NoSchedule' };

const daemon = waitingPod('w1', { owner: { kind: 'DaemonSet', name: 'd' } });

cases('cordoned-no-growth', [
  { name: 'the taint alone', records: [node({ taints: [CORDON] }), daemon, starved], subjects: [NODE] },
  {
    name: 'the taint with another effect',
    records: [node({ taints: [{ ...CORDON, effect: 'PreferNoSchedule' }] }), daemon, starved],
    subjects: [],
  },
  {
    name: 'guard: AWS_MANAGE_ENIS_NON_SCHEDULABLE',
    records: [node({ unschedulable: true, cni: cni({ manageNonSchedulable: true }) }), daemon, starved],
    subjects: [],
  },
  {
    name: 'a pod of a Deployment was there before',
    records: [node({ unschedulable: true }), waitingPod(), starved],
    subjects: [],
  },
]);

const starved3 = signal(
  'pod:core/w1',
  'FailedCreatePodSandBox',
  'plugin type="aws-cni": failed to assign an IP address to container',
);

cases('cordoned-no-growth', [
  {
    name: 'a DaemonSet pod waits on a cordoned node',
    records: [node({ unschedulable: true }), waitingPod('w1', { owner: { kind: 'DaemonSet', name: 'd' } }), starved3],
    subjects: [NODE],
  },
  {
    name: 'not cordoned',
    records: [node(), waitingPod('w1', { owner: { kind: 'DaemonSet', name: 'd' } }), starved3],
    subjects: [],
  },
  { name: 'no pod is waiting', records: [node({ unschedulable: true })], subjects: [] },
]);
