import { ago, cni, eni, node } from '../../../e2e/testing/findings';
import { leakedBy } from '../../../e2e/testing/finding-examples';
import { cases } from '../../../e2e/testing/finding-cases';
import { PODS } from '../../model/source-ids';

const INSTANCE = 'i-0a0000000000000a1';

const leaked = leakedBy(INSTANCE);

cases('eni-leaked', [
  { name: 'exactly 65 minutes is not more', records: [node(), { ...leaked, createdAt: ago(3_900) }], subjects: [] },
  {
    name: 'a millisecond more than 65 minutes',
    records: [node(), { ...leaked, createdAt: ago(3_900.001) }],
    subjects: ['eni-l'],
  },
  {
    name: 'DISABLE_LEAKED_ENI_CLEANUP on every node',
    records: [node({ cni: cni({ leakedEniCleanup: false }) }), leaked],
    subjects: ['eni-l'],
    severity: 'error',
    says: /No ipamd of this cluster cleans it up/,
  },
  {
    name: 'pods are denied: it is unknown whether ipamd runs',
    records: [node({ cni: null, ipamd: null }), leaked],
    states: { [PODS]: 'denied' },
    subjects: ['eni-l'],
    severity: 'warning',
  },
  {
    name: 'one node still cleans up',
    records: [node({ cni: cni({ leakedEniCleanup: false }) }), node({ name: 'n2', instanceId: 'i-2' }), leaked],
    subjects: ['eni-l'],
    severity: 'warning',
  },
  {
    name: 'created by the resource controller',
    records: [node(), { ...leaked, description: 'aws-k8s-branch-eni' }],
    subjects: [],
  },
  { name: 'no instance tag', records: [node(), { ...leaked, tags: {} }], subjects: [] },
  { name: 'guard: its creation time is unknown', records: [node(), { ...leaked, createdAt: null }], subjects: [] },
  {
    name: 'its prefixes count as addresses',
    records: [
      node(),
      {
        ...leaked,
        addresses: [{ ip: '10.0.0.9', state: 'primary' as const, interface: null }],
        prefixes: [{ cidr: '10.0.1.0/28', size: 16, assigned: 0 }],
      },
    ],
    subjects: ['eni-l'],
    says: /holds 17 addresses/,
  },
]);

const TAG = 'node.k8s.amazonaws.com/';

const leaked3 = leakedBy('i-gone');

const CLUSTER = { 'cluster.k8s.amazonaws.com/name': 'ours' };

const owned = eni('eni-own', { tags: CLUSTER });

cases('eni-leaked', [
  { name: 'available for two hours', records: [node(), leaked3], subjects: ['eni-l'], severity: 'warning' },
  {
    name: 'its instance lives, half an hour old',
    records: [node(), { ...leaked3, tags: { [`${TAG}instance_id`]: INSTANCE }, createdAt: ago(1_800) }],
    subjects: [],
  },
  {
    name: 'its instance is gone, half an hour old',
    records: [node(), owned, { ...leaked3, tags: { ...leaked3.tags, ...CLUSTER }, createdAt: ago(1_800) }],
    subjects: ['eni-l'],
    says: /no node has that instance/,
  },
  {
    name: 'its instance is unknown, half an hour old',
    records: [node(), { ...leaked3, createdAt: ago(1_800) }],
    subjects: [],
  },
  {
    name: 'and is reported once the cleaner had enough time',
    records: [node(), { ...leaked3, createdAt: ago(1_800) }],
    later: 2_101,
    subjects: ['eni-l'],
  },
  {
    name: 'guard: another cluster’s',
    records: [node(), owned, { ...leaked3, tags: { ...leaked3.tags, 'cluster.k8s.amazonaws.com/name': 'other' } }],
    subjects: [],
  },
  {
    name: 'IPv6: ipamd does not clean up',
    records: [node({ cni: cni({ mode: 'ipv6', leakedEniCleanup: false }) }), leaked3],
    subjects: ['eni-l'],
    severity: 'error',
  },
  {
    name: 'guard: nodes denied, so it is unknown whether none is left',
    records: [leaked3],
    states: { 'kubernetes/nodes': 'denied' },
    subjects: ['eni-l'],
    severity: 'warning',
  },
  { name: 'no node is left to clean up', records: [leaked3], subjects: ['eni-l'], severity: 'error' },
  { name: 'created by another party', records: [node(), { ...leaked3, description: 'mine' }], subjects: [] },
  { name: 'in use', records: [node(), { ...leaked3, status: 'in-use' }], subjects: [] },
]);
