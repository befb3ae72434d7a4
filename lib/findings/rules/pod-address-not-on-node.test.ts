import type { NodeRecord } from '../../model/records';
import { ago, eni, eth0, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const gauges = (change: Partial<NonNullable<NodeRecord['metrics']>>): NonNullable<NodeRecord['metrics']> => ({
  asOf: ago(1),
  eniMax: 3,
  eniAllocated: 1,
  ipMax: 27,
  totalAddresses: 9,
  assignedAddresses: 4,
  totalPrefixes: 0,
  forceRemovedAddresses: null,
  refusedCalls: null,
  apiErrors: {},
  ...change,
});

const removed = (forceRemovedAddresses: number | null) => node({ metrics: gauges({ forceRemovedAddresses }) });

cases('pod-address-not-on-node', [
  {
    name: 'ipamd dropped addresses under pods, at an unknown time',
    records: [removed(3)],
    subjects: [NODE],
    severity: 'warning',
    says: /3 addresses/,
  },
  {
    name: 'the counter rose while observed',
    records: [removed(3), signal(NODE, 'metric:awscni_force_removed_ips', 'awscni_force_removed_ips rose from 1 to 3')],
    subjects: [NODE],
    severity: 'error',
  },
  { name: 'an old count ten minutes later', records: [removed(3)], later: 601, subjects: [] },
  { name: 'ipamd dropped none', records: [removed(0)], subjects: [] },
  { name: 'the counter is missing', records: [removed(null)], subjects: [] },
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
    says: /eni-x on another node/,
  },
  { name: 'EC2 has not been read since', records: [node(), pod(), lost('unknown')], subjects: [] },
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
    name: 'also with ENIs of Cilium, where there is no ipamd',
    records: [
      node({ cni: null, ipamd: null }),
      pod(),
      eni('eni-c', { deviceIndex: 1, role: 'secondary', tags: { 'io.cilium/cilium-managed': 'true' } }),
      lost('none'),
    ],
    subjects: ['if:core/p1/eth0'],
  },
  {
    name: 'also on Windows, where there is no ipamd',
    records: [node({ os: 'windows', cni: null, ipamd: null }), pod(), lost('none')],
    subjects: ['if:core/p1/eth0'],
  },
  { name: 'guard: the node is NotReady', records: [node({ ready: false }), pod(), lost('none')], subjects: [] },
  {
    name: 'guard: its instance is shutting down',
    records: [node({ instanceState: 'terminated' }), pod(), lost('none')],
    subjects: [],
  },
  {
    name: 'guard: aws-node is not ready',
    records: [node({ ipamd: { ready: false, version: null } }), pod(), lost('none')],
    subjects: [],
  },
  {
    name: 'guard: the pod is being deleted',
    records: [node(), pod('p1', { deleting: true }), lost('none')],
    subjects: [],
  },
]);
