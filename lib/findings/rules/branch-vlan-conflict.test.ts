import type { EniRecord } from '../../model/records';
import { ago, eni, node, pod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const TRUNK = 'eni-000000000000000a7';
const NODE = 'node:n1';
const BRANCH = { limit: 9, used: 2 };
const branch = (id: string, of: string, change: Partial<EniRecord> = {}): EniRecord =>
  eni(id, {
    role: 'branch',
    interfaceType: 'branch',
    trunk: TRUNK,
    vlan: 3,
    card: null,
    deviceIndex: null,
    branchPod: `pod:core/${of}`,
    ...change,
  });
const p1 = pod('p1', { ips: ['10.0.3.1'] });
const p2 = pod('p2', { ips: ['10.0.3.2'] });
const both = [branch('eni-000000000000000b1', 'p1'), branch('eni-000000000000000b2', 'p2')];

cases('branch-vlan-conflict', [
  {
    name: 'two live pods',
    records: [node({ branch: BRANCH }), p1, p2, ...both],
    subjects: [NODE],
    severity: 'error',
    says: /core\/p1, core\/p2 on n1 have branch ENIs of VLAN 3 on eni-000000000000000a7/,
  },
  {
    name: 'another VLAN',
    records: [
      node({ branch: BRANCH }),
      p1,
      p2,
      branch('eni-000000000000000b1', 'p1'),
      branch('eni-000000000000000b2', 'p2', { vlan: 4 }),
    ],
    subjects: [],
  },
  {
    name: 'another trunk',
    records: [
      node({ branch: BRANCH }),
      p1,
      p2,
      branch('eni-000000000000000b1', 'p1'),
      branch('eni-000000000000000b2', 'p2', { trunk: 'eni-000000000000000a8' }),
    ],
    subjects: [],
  },
  {
    name: 'guard: one of them is being deleted',
    records: [node({ branch: BRANCH }), p1, { ...p2, deleting: true }, ...both],
    subjects: [],
  },
  {
    name: 'guard: one of them has finished',
    records: [node({ branch: BRANCH }), p1, { ...p2, phase: 'Succeeded' }, ...both],
    subjects: [],
  },
  {
    name: 'guard: a branch ENI that waits for deletion has no pod',
    records: [node({ branch: BRANCH }), p1, ...both],
    subjects: [],
  },
  {
    name: 'guard: one started half a minute ago',
    records: [node({ branch: BRANCH }), p1, { ...p2, startedAt: ago(30), createdAt: ago(30) }, ...both],
    subjects: [],
  },
  {
    name: 'guard: the node is NotReady',
    records: [node({ ready: false, branch: BRANCH }), p1, p2, ...both],
    subjects: [],
  },
]);
