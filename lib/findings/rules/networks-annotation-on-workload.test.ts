import { faultyTemplate, network, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const POD = 'pod:core/p1';

const misplaced = (kind: string) =>
  signal(POD, 'annotation-on-workload', `${kind} core/p carries k8s.v1.cni.cncf.io/networks: ipvlan-a`);

cases('networks-annotation-on-workload', [
  {
    name: 'a StatefulSet',
    records: [pod(), misplaced('StatefulSet')],
    subjects: [POD],
    commands: /-n core edit statefulset p$/,
  },
  {
    name: 'the annotation of the VPC CNI',
    records: [
      pod(),
      signal(
        POD,
        'annotation-on-workload',
        'StatefulSet core/p carries k8s.amazonaws.com/nicConfig: multi-nic-attachment',
      ),
    ],
    subjects: [POD],
    says: /^The annotation nicConfig is on the workload[^]*The VPC CNI reads the pod's own annotations, so core\/p1 gets one interface/,
    commands: /-n core edit statefulset p$/,
  },
  {
    name: 'guard: nicConfig on a node without the VPC CNI',
    records: [
      node({ cni: null, ipamd: null }),
      pod(),
      signal(
        POD,
        'annotation-on-workload',
        'StatefulSet core/p carries k8s.amazonaws.com/nicConfig: multi-nic-attachment',
      ),
    ],
    subjects: [],
  },
  {
    name: 'the default network of Multus, and networks as well',
    records: [
      pod(),
      signal(
        POD,
        'annotation-on-workload',
        'StatefulSet core/p carries v1.multus-cni.io/default-network: a, k8s.amazonaws.com/nicConfig: b',
      ),
    ],
    subjects: [POD],
    says: /^The annotation default-network is on the workload[^]*Multus reads the pod's own annotations, so core\/p1 gets the default network/,
  },
  {
    name: 'a CronJob',
    records: [pod(), misplaced('CronJob')],
    subjects: [POD],
    says: /spec\.jobTemplate\.spec\.template\.metadata\.annotations/,
    commands: /edit cronjob p$/,
  },
  {
    name: 'a Job, whose template cannot be changed',
    records: [pod(), misplaced('Job')],
    subjects: [POD],
    says: /Create the Job again/,
    commands: null,
  },
  {
    name: 'guard: CronJobs can no longer be read',
    records: [pod(), misplaced('CronJob')],
    states: { 'kubernetes/cronjobs': 'stale' },
    subjects: [],
  },
  { name: 'a DaemonSet', records: [pod(), misplaced('DaemonSet')], subjects: [POD] },
  {
    name: 'guard: Deployments can no longer be read',
    records: [pod(), misplaced('Deployment')],
    states: { 'kubernetes/deployments': 'denied' },
    subjects: [],
  },
  {
    name: 'guard: denied StatefulSets do not affect Deployments',
    records: [pod(), misplaced('Deployment')],
    states: { 'kubernetes/statefulsets': 'denied' },
    subjects: [POD],
  },
]);

cases('networks-annotation-on-workload', [
  {
    name: 'its Deployment has it',
    records: [
      pod(),
      signal(POD, 'annotation-on-workload', 'Deployment core/p carries k8s.v1.cni.cncf.io/networks: ipvlan-a'),
    ],
    subjects: [POD],
  },
  {
    name: 'the command names the workload, escaped for a shell',
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

const CARRIED = ['k8s.v1.cni.cncf.io/networks: ipvlan-a'];

cases('networks-annotation-on-workload', [
  {
    name: 'a Deployment that has no pod',
    records: [faultyTemplate({ misplaced: CARRIED }), network()],
    subjects: ['net:core/ipvlan-a'],
    says: /Deployment core\/web carries k8s\.v1\.cni\.cncf\.io\/networks: ipvlan-a\. Multus reads/,
    commands: /-n core edit deployment web$/,
    nowhere: true,
  },
  {
    name: 'guard: nothing is misplaced',
    records: [faultyTemplate({})],
    subjects: [],
  },
  {
    name: 'guard: reported for its pod',
    records: [
      faultyTemplate({ misplaced: CARRIED }),
      pod(),
      signal(POD, 'annotation-on-workload', 'Deployment core/web carries k8s.v1.cni.cncf.io/networks: ipvlan-a'),
    ],
    subjects: [POD],
  },
]);
