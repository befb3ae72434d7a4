import type { NodeRecord } from '../../model/records';
import { ago, cni, eni, node, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const full = [
  eni(),
  eni('eni-b', { deviceIndex: 1, role: 'secondary' }),
  eni('eni-c', { deviceIndex: 2, role: 'secondary' }),
];

const wantsTrunk = (change: Partial<NodeRecord> = {}) => node({ cni: cni({ podEni: true }), ...change });

cases('trunk-missing', [
  {
    name: 'the CNINode lacks the feature: aws-node found no slot',
    records: [wantsTrunk({ cniNode: { found: true, features: ['CustomNetworking'] } }), ...full],
    subjects: [NODE],
    says: /CNINode n1 lacks the feature SecurityGroupsForPods/,
  },
  {
    name: 'the CNINode requests it, but EC2 refused the trunk',
    records: [
      wantsTrunk({ cniNode: { found: true, features: ['SecurityGroupsForPods'] } }),
      ...full,
      signal(NODE, 'TrunkENICreationFailed', 'no slot'),
    ],
    subjects: [NODE],
    says: /event TrunkENICreationFailed: no slot/,
    commands: /^kubectl cordon/,
  },
  {
    name: 'a slot is free, but the controller lacks the permission to create the trunk',
    records: [
      wantsTrunk(),
      eni(),
      signal(NODE, 'TrunkENICreationFailed', 'Failed to create trunk interface: Error Code: UnauthorizedOperation'),
    ],
    subjects: [NODE],
    says: /Error Code: UnauthorizedOperation[\s\S]*AmazonEKSVPCResourceController to the IAM role of the cluster/,
    commands: null,
  },
  {
    name: 'a slot is free, but the subnet has no address for the trunk',
    records: [
      wantsTrunk(),
      eni(),
      signal(NODE, 'TrunkENICreationFailed', 'InsufficientFreeAddressesInSubnet: not enough free addresses'),
    ],
    subjects: [NODE],
    says: /has no address for the trunk/,
    commands: null,
  },
  {
    name: 'guard: the controller finally created it',
    records: [
      wantsTrunk({ allocatable: { 'vpc.amazonaws.com/pod-eni': 9 } }),
      eni(),
      signal(NODE, 'TrunkENICreationFailed', 'throttled'),
    ],
    subjects: [],
  },
  {
    name: 'guard: the controller does not know the type, but no pod requests a branch ENI',
    records: [wantsTrunk(), eni(), signal(NODE, 'Unsupported', 'The instance type m5.large is not supported yet')],
    subjects: [],
  },
  {
    name: 'MAX_ENI is reached before the limit of the type',
    records: [wantsTrunk({ cni: cni({ podEni: true, maxEni: 1 }) }), eni()],
    subjects: [NODE],
    says: /MAX_ENI=1 allows no further ENI.*Raise MAX_ENI/s,
    commands: null,
  },
  {
    name: 'guard: it is unknown whether the type supports it',
    records: [wantsTrunk({ limits: null }), ...full],
    subjects: [],
  },
]);

const noTrunk = { cni: cni({ podEni: true }) };

const fullCard = [
  eni(),
  eni('eni-b', { deviceIndex: 1, role: 'secondary' }),
  eni('eni-c', { deviceIndex: 2, role: 'secondary' }),
];

cases('trunk-missing', [
  { name: 'on, compatible, full, and no trunk', records: [node(noTrunk), ...fullCard], subjects: [NODE] },
  { name: 'a slot is free: it will be created', records: [node(noTrunk), eni()], subjects: [] },
  { name: 'off', records: [node(), ...fullCard], subjects: [] },
  {
    name: 'the trunk exists',
    records: [
      node(noTrunk),
      eni(),
      eni('eni-b', { deviceIndex: 1, role: 'secondary' }),
      eni('eni-c', { deviceIndex: 2, role: 'trunk' }),
    ],
    subjects: [],
  },
  {
    name: 'pods request branch ENIs, and no node has any',
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 } }),
      signal('pod:core/w1', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.'),
    ],
    subjects: ['pod:core/w1'],
    severity: 'error',
    nowhere: true,
  },
  ...[{ deleting: true }, { createdAt: ago(20) }].map((change) => ({
    name: `guard: the scheduler’s word on a pod with ${Object.keys(change).join()}`,
    records: [
      node(),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 }, ...change }),
      signal('pod:core/w1', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.'),
    ],
    subjects: [],
  })),
  {
    name: 'all are used: no trunk is missing',
    records: [
      node({ allocatable: { 'vpc.amazonaws.com/pod-eni': 9 } }),
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 } }),
      signal('pod:core/w1', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.'),
    ],
    subjects: [],
  },
  {
    name: 'guard: the type does not support it',
    records: [
      node({
        ...noTrunk,
        limits: {
          enisPerCard: 3,
          ipv4PerEni: 6,
          cards: 1,
          maxBranchEnis: 0,
          trunkCompatible: false,
          source: 'ec2',
          maxPodsByFormula: 17,
        },
      }),
      ...fullCard,
    ],
    subjects: [],
  },
]);
