import { eni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const branch = eni('eni-b', {
  card: null,
  deviceIndex: null,
  role: 'branch',
  interfaceType: 'branch',
  creator: 'vpc-resource-controller',
  description: 'aws-k8s-branch-eni',
  status: 'associated',
});

const orphan = { ...branch, node: null, status: 'available' };

cases('branch-eni-leaked', [
  { name: 'unnamed for exactly six minutes', records: [node(), branch], later: 360, subjects: [] },
  {
    name: 'unnamed for a millisecond more',
    records: [node(), branch],
    later: 360.001,
    subjects: ['eni-b'],
    commands: /^aws ec2 describe-network-interfaces/,
  },
  { name: 'available for exactly an hour', records: [orphan], later: 3_600, subjects: [] },
  {
    name: 'available for a millisecond more',
    records: [orphan],
    later: 3_600.001,
    subjects: ['eni-b'],
    commands: /^aws ec2 delete-network-interface/,
  },
  {
    name: 'identified by the owner tag only',
    records: [{ ...orphan, creator: 'other' as const, tags: { 'eks:eni:owner': 'eks-vpc-resource-controller' } }],
    later: 3_601,
    subjects: ['eni-b'],
  },
  { name: 'a foreign branch ENI', records: [{ ...orphan, creator: 'other' as const }], later: 3_601, subjects: [] },
]);

const branch3 = eni('eni-br', {
  card: null,
  deviceIndex: null,
  role: 'branch',
  interfaceType: 'branch',
  creator: 'vpc-resource-controller',
  description: 'aws-k8s-branch-eni',
  status: 'associated',
});

cases('branch-eni-leaked', [
  { name: 'no pod names it for six minutes', records: [node(), branch3], later: 361, subjects: ['eni-br'] },
  { name: 'a single observation proves nothing', records: [node(), branch3], subjects: [] },
  { name: 'a pod names it', records: [node(), { ...branch3, branchPod: 'pod:core/p1' }], later: 361, subjects: [] },
  {
    name: 'guard: a branch ENI of another cluster’s trunk',
    records: [node(), { ...branch3, node: null }],
    later: 361,
    subjects: [],
  },
  {
    name: 'guard: another cluster’s, available',
    records: [
      node(),
      eni('eni-t', { role: 'trunk', tags: { 'kubernetes.io/cluster/ours': 'owned' } }),
      { ...branch3, node: null, status: 'available', tags: { 'kubernetes.io/cluster/other': 'owned' } },
    ],
    later: 3_601,
    subjects: [],
  },
  {
    name: 'available for an hour',
    records: [{ ...branch3, node: null, status: 'available' }],
    later: 3_601,
    subjects: ['eni-br'],
  },
]);
