import { NOW, ago, network, pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const idle = network('a', { podCount: 0, createdAt: ago(600) });

cases('network-unused', [
  { name: 'a network of exactly ten minutes', records: [idle], subjects: [] },
  { name: 'a millisecond older', records: [{ ...idle, createdAt: ago(600.001) }], subjects: ['net:core/a'] },
  {
    name: 'a missing network is another finding',
    records: [{ ...idle, createdAt: null, missing: true }],
    subjects: [],
  },
]);

cases('network-unused', [
  { name: 'not used', records: [network('a', { podCount: 0 })], subjects: ['net:core/a'] },
  { name: 'used by a pod', records: [network()], subjects: [] },
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
    name: 'requested by an unscheduled pod',
    records: [
      network('a', { podCount: 0 }),
      pod('p1', { node: null, phase: 'Pending', ips: [], requested: [request('a')] }),
    ],
    subjects: [],
  },
  {
    name: 'requested by a finished pod',
    records: [network('a', { podCount: 0 }), pod('p1', { phase: 'Succeeded', requested: [request('a')] })],
    subjects: ['net:core/a'],
    says: /no object of a kind that it does not read \(an OpenKruise CloneSet/,
  },
  {
    name: 'guard: requested by a pod that the kubelet rejected',
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
    name: 'recreated by a controller',
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
    name: 'CronJobs are denied: one of them may name it',
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
    name: 'a capture without Jobs does not matter',
    records: [network('a', { podCount: 0 })],
    states: { 'kubernetes/jobs': 'absent' },
    subjects: ['net:core/a'],
    says: /cannot read Jobs \(absent\)/,
  },
  {
    name: 'guard: Jobs have not been read yet',
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
