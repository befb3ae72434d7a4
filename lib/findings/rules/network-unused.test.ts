import { NOW, ago, network, pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const idle = network('a', { podCount: 0, createdAt: ago(600) });

cases('network-unused', [
  { name: 'a network of exactly ten minutes', records: [idle], subjects: [] },
  { name: 'a millisecond older', records: [{ ...idle, createdAt: ago(600.001) }], subjects: ['net:core/a'] },
  { name: 'a missing one is another finding', records: [{ ...idle, createdAt: null, missing: true }], subjects: [] },
]);

cases('network-unused', [
  { name: 'nobody uses it', records: [network('a', { podCount: 0 })], subjects: ['net:core/a'] },
  { name: 'a pod does', records: [network()], subjects: [] },
  {
    name: 'guard: a pod template or an invalid annotation names it',
    records: [network('a', { podCount: 0, namedBy: ['the pod template of Deployment core/web'] })],
    subjects: [],
  },
  {
    name: 'guard: just created',
    records: [network('a', { podCount: 0, createdAt: new Date(NOW - 60_000).toISOString() })],
    subjects: [],
  },
  {
    name: 'guard: a daemon’s own namespace',
    records: [network('a', { podCount: 0, namespace: 'kube-system' })],
    subjects: [],
  },
]);

cases('network-unused', [
  {
    name: 'an unscheduled pod asks for it',
    records: [
      network('a', { podCount: 0 }),
      pod('p1', { node: null, phase: 'Pending', ips: [], requested: [request('a')] }),
    ],
    subjects: [],
  },
  {
    name: 'a finished pod asked for it',
    records: [network('a', { podCount: 0 }), pod('p1', { phase: 'Succeeded', requested: [request('a')] })],
    subjects: ['net:core/a'],
    says: /no object of a kind that it does not read \(an OpenKruise CloneSet/,
  },
  {
    name: 'guard: a pod that the kubelet rejected asked for it',
    records: [
      network('a', { podCount: 0 }),
      pod('p1', {
        phase: 'Failed',
        failure: { reason: 'TopologyAffinityError', message: '' },
        requested: [request('a')],
      }),
    ],
    subjects: [],
  },
  {
    name: 'a controller writes it anew',
    records: [network('a', { podCount: 0, writtenFrom: 'SpiderMultusConfig a' })],
    subjects: ['net:core/a'],
    says: /A controller writes it from SpiderMultusConfig a: delete that object/,
  },
  {
    name: 'guard: a stopped virtual machine names it',
    records: [network('a', { podCount: 0, namedBy: ['VirtualMachine core/vm'] })],
    subjects: [],
  },
  {
    name: 'CronJobs may not be read: one of them may ask for it',
    records: [network('a', { podCount: 0 })],
    states: {
      'kubernetes/cronjobs': 'denied',
      'kubernetes/rollouts': 'absent',
      'kubernetes/virtualmachines': 'denied',
    },
    subjects: ['net:core/a'],
    says: /not known, because they cannot be read: CronJobs \(denied\), VirtualMachines \(denied\)\./,
  },
  {
    name: 'a capture without Jobs says nothing of them',
    records: [network('a', { podCount: 0 })],
    states: { 'kubernetes/jobs': 'absent' },
    subjects: ['net:core/a'],
    says: /cannot read Jobs \(absent\)/,
  },
  {
    name: 'guard: Jobs have not been asked for yet',
    records: [network('a', { podCount: 0 })],
    states: { 'kubernetes/jobs': 'starting' },
    subjects: [],
  },
  {
    name: 'guard: a network that may be a namespace’s primary one',
    records: [network('a', { podCount: 0, plugins: ['ovn-k8s-cni-overlay'] })],
    subjects: [],
  },
]);
