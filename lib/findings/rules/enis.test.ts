import { cases } from '../../../e2e/testing/finding-cases';
import { ago, attachment, cni, eni, eth0, foreignEni, node, pod, subnet } from '../../../e2e/testing/findings';
import { leakedBy } from '../../../e2e/testing/finding-examples';

const ID = 'eni-0000000000000000f';
const TAG = 'node.k8s.amazonaws.com/';
const INSTANCE = 'i-0a0000000000000a1';
const adopted = foreignEni({
  tags: { [`${TAG}instance_id`]: INSTANCE },
  management: { state: 'managed', rule: 'instance-id-tag', certainty: 'observed', observed: true },
});
const untagged = foreignEni({
  tags: {},
  management: { state: 'managed', rule: 'untagged-adopted', certainty: 'inferred', observed: null },
});

/** Managed in spite of the tag, which is there with that value. */
const tagged = (value: string, key = `${TAG}no_manage`) =>
  foreignEni({
    tags: { [key]: value, [`${TAG}instance_id`]: INSTANCE },
    management: { state: 'managed', rule: 'no-manage-tag-false', certainty: 'observed', observed: true },
  });

cases('eni-adopted', [
  {
    name: 'somebody else made it, ipamd tagged it',
    records: [node(), adopted, attachment()],
    subjects: [ID],
    severity: 'error',
    says: /ipvlan-a/,
  },
  { name: 'ipamd made it', records: [node(), { ...adopted, creator: 'ipamd' }], subjects: [] },
  {
    name: 'the primary ENI carries the tag, too',
    records: [node(), eni('eni-p', { tags: { [`${TAG}instance_id`]: INSTANCE } })],
    subjects: [],
  },
  {
    name: 'guard: a deliberate no_manage=false',
    records: [node(), tagged('false')],
    subjects: [],
  },
  { name: 'a value that has no effect is no guard', records: [node(), tagged('True')], subjects: [ID], says: /“True”/ },
  {
    name: 'an EFA one is never deleted',
    records: [node(), { ...adopted, interfaceType: 'efa' }],
    subjects: [ID],
    severity: 'warning',
  },
  { name: 'guard: a node younger than two minutes', records: [node({ createdAt: ago(60) }), adopted], subjects: [] },
  { name: 'guard: the node is being deleted', records: [node({ deleting: true }), adopted], subjects: [] },
  { name: 'guard: its instance ends', records: [node({ instanceState: 'shutting-down' }), adopted], subjects: [] },
  {
    name: 'guard: it is being detached',
    records: [node(), { ...adopted, attachmentStatus: 'detaching' }],
    subjects: [],
  },
  {
    name: 'guard: no ipamd on the node',
    records: [node({ computeType: 'auto', cni: null, ipamd: null }), adopted],
    subjects: [],
  },
  { name: 'guard: an efa-only ENI', records: [node(), { ...adopted, interfaceType: 'efa-only' }], subjects: [] },
  { name: 'guard: EC2 stale', records: [node(), adopted], states: { 'ec2/network-interfaces': 'stale' }, subjects: [] },
]);

cases('eni-will-be-adopted', [
  { name: 'no tag at all', records: [node(), untagged], subjects: [ID] },
  { name: 'tagged no_manage', records: [node(), foreignEni()], subjects: [] },
  {
    name: 'guard: no ipamd on the node',
    records: [node({ computeType: 'auto', cni: null, ipamd: null }), untagged],
    subjects: [],
  },
  { name: 'guard: IMDS-only', records: [node({ cni: cni({ imdsOnly: true }) }), untagged], subjects: [] },
  {
    name: 'a value that has no effect, before ipamd saw it',
    records: [node(), { ...untagged, tags: { [`${TAG}no_manage`]: '1' } }],
    subjects: [ID],
  },
  { name: 'adopted already', records: [node(), adopted], subjects: [] },
  {
    name: 'guard: MANAGE_UNTAGGED_ENI=false',
    records: [
      node(),
      { ...untagged, management: { ...untagged.management, state: 'unmanaged', rule: 'untagged-ignored' } },
    ],
    subjects: [],
  },
  {
    name: 'the ENI of a young node, and then',
    records: [node({ createdAt: ago(60) }), untagged],
    later: 61,
    subjects: [ID],
  },
]);

cases('no-manage-bad-value', [
  {
    name: 'True',
    records: [node(), tagged('True')],
    subjects: [ID],
    says: /True/,
  },
  { name: 'blank before', records: [node(), tagged(' true')], subjects: [ID] },
  {
    name: 'key in other case',
    records: [node(), tagged('true', 'node.k8s.amazonaws.com/No_Manage')],
    subjects: [ID],
  },
  { name: 'true', records: [node(), foreignEni()], subjects: [] },
  { name: 'false is meant', records: [node(), tagged('false')], subjects: [] },
  {
    name: 'guard: ipamd never looks at the ENI',
    records: [
      node(),
      {
        ...tagged('True'),
        management: { state: 'outside', rule: 'card-not-managed', certainty: 'observed', observed: false },
      },
    ],
    subjects: [],
  },
  { name: 'no tag', records: [node(), untagged], subjects: [] },
]);

cases('no-manage-on-primary', [
  {
    name: 'on the primary',
    records: [node(), eni('eni-p', { tags: { [`${TAG}no_manage`]: 'true' } })],
    subjects: ['eni-p'],
  },
  {
    name: 'guard: nobody reads the tag on an Auto Mode node',
    records: [
      node({ computeType: 'auto', cni: null, ipamd: null }),
      eni('eni-p', { tags: { [`${TAG}no_manage`]: 'true' } }),
    ],
    subjects: [],
  },
  {
    name: 'device 0 of card 1 is no primary',
    records: [node(), foreignEni({ card: 1, deviceIndex: 0 })],
    subjects: [],
  },
]);

cases('no-manage-late', [
  {
    name: 'ipamd’s tag is there, too',
    records: [node(), foreignEni({ tags: { [`${TAG}no_manage`]: 'true', [`${TAG}instance_id`]: INSTANCE } })],
    subjects: [ID],
  },
  {
    name: 'pods have their eth0 on it',
    records: [node(), foreignEni(), pod(), eth0({ eni: ID })],
    subjects: [ID],
    says: /1 pod loses/,
  },
  { name: 'tagged in time', records: [node(), foreignEni()], subjects: [] },
  {
    name: 'guard: the other instance’s tag',
    records: [node(), foreignEni({ tags: { [`${TAG}no_manage`]: 'true', [`${TAG}instance_id`]: 'i-other' } })],
    subjects: [],
  },
]);

const leaked = leakedBy('i-gone');
const CLUSTER = { 'cluster.k8s.amazonaws.com/name': 'ours' };
const owned = eni('eni-own', { tags: CLUSTER });

cases('eni-leaked', [
  { name: 'available for two hours', records: [node(), leaked], subjects: ['eni-l'], severity: 'warning' },
  {
    name: 'its instance lives, half an hour old',
    records: [node(), { ...leaked, tags: { [`${TAG}instance_id`]: INSTANCE }, createdAt: ago(1_800) }],
    subjects: [],
  },
  {
    name: 'its instance is gone, half an hour old',
    records: [node(), owned, { ...leaked, tags: { ...leaked.tags, ...CLUSTER }, createdAt: ago(1_800) }],
    subjects: ['eni-l'],
    says: /no node has that instance/,
  },
  {
    name: 'nobody knows whose instance it was, half an hour old',
    records: [node(), { ...leaked, createdAt: ago(1_800) }],
    subjects: [],
  },
  {
    name: 'and is told when the cleaner had its time',
    records: [node(), { ...leaked, createdAt: ago(1_800) }],
    later: 2_101,
    subjects: ['eni-l'],
  },
  {
    name: 'guard: another cluster’s',
    records: [node(), owned, { ...leaked, tags: { ...leaked.tags, 'cluster.k8s.amazonaws.com/name': 'other' } }],
    subjects: [],
  },
  {
    name: 'IPv6: ipamd does not clean up',
    records: [node({ cni: cni({ mode: 'ipv6', leakedEniCleanup: false }) }), leaked],
    subjects: ['eni-l'],
    severity: 'error',
  },
  {
    name: 'guard: nodes denied, so nobody says that none is left',
    records: [leaked],
    states: { 'kubernetes/nodes': 'denied' },
    subjects: ['eni-l'],
    severity: 'warning',
  },
  { name: 'no node is left to clean up', records: [leaked], subjects: ['eni-l'], severity: 'error' },
  { name: 'somebody else’s', records: [node(), { ...leaked, description: 'mine' }], subjects: [] },
  { name: 'in use', records: [node(), { ...leaked, status: 'in-use' }], subjects: [] },
]);

const branch = eni('eni-br', {
  card: null,
  deviceIndex: null,
  role: 'branch',
  interfaceType: 'branch',
  creator: 'vpc-resource-controller',
  description: 'aws-k8s-branch-eni',
  status: 'associated',
});
cases('branch-eni-leaked', [
  { name: 'no pod names it for six minutes', records: [node(), branch], later: 361, subjects: ['eni-br'] },
  { name: 'a single look cannot tell', records: [node(), branch], subjects: [] },
  { name: 'a pod names it', records: [node(), { ...branch, branchPod: 'pod:core/p1' }], later: 361, subjects: [] },
  {
    name: 'guard: a branch of another cluster’s trunk',
    records: [node(), { ...branch, node: null }],
    later: 361,
    subjects: [],
  },
  {
    name: 'guard: another cluster’s, available',
    records: [
      node(),
      eni('eni-t', { role: 'trunk', tags: { 'kubernetes.io/cluster/ours': 'owned' } }),
      { ...branch, node: null, status: 'available', tags: { 'kubernetes.io/cluster/other': 'owned' } },
    ],
    later: 3_601,
    subjects: [],
  },
  {
    name: 'available for an hour',
    records: [{ ...branch, node: null, status: 'available' }],
    later: 3_601,
    subjects: ['eni-br'],
  },
]);

cases('eni-survives-node', [
  {
    name: 'DeleteOnTermination=false',
    records: [node(), eni('eni-p', { deleteOnTermination: false })],
    subjects: ['eni-p'],
  },
  { name: 'true', records: [node(), eni()], subjects: [] },
  { name: 'not known', records: [node(), eni('eni-p', { deleteOnTermination: null })], subjects: [] },
  {
    name: 'guard: the node is gone already',
    records: [node({ gone: true }), eni('eni-p', { deleteOnTermination: false })],
    subjects: [],
  },
  { name: 'a secondary one', records: [node(), foreignEni({ deleteOnTermination: false })], subjects: [] },
]);

cases('subnet-excluded', [
  {
    name: 'its subnet is tagged 0',
    records: [node(), eni(), subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } })],
    subjects: ['eni-0000000000000000a'],
  },
  {
    name: 'tagged for another cluster',
    records: [
      node(),
      eni('eni-p', { tags: CLUSTER }),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '1', 'cni.networking.k8s.aws/cluster/other': '1' } }),
    ],
    subjects: ['eni-p'],
  },
  {
    name: 'tagged for this one, too',
    records: [
      node(),
      eni('eni-p', { tags: CLUSTER }),
      subnet('subnet-a', {
        tags: {
          'kubernetes.io/role/cni': '1',
          'cni.networking.k8s.aws/cluster/other': '1',
          'cni.networking.k8s.aws/cluster/ours': '1',
        },
      }),
    ],
    subjects: [],
  },
  {
    name: 'guard: CLUSTER_NAME is empty',
    records: [
      node(),
      eni('eni-p'),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '1', 'cni.networking.k8s.aws/cluster/other': '1' } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: before v1.22.0 nobody reads the tag',
    records: [
      node({ cni: cni({ version: 'v1.21.1' }) }),
      eni(),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: nor under custom networking',
    records: [
      node({ cni: cni({ customNetworking: true }) }),
      eni(),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: without subnet discovery ipamd reads no subnet tags',
    records: [
      node({ cni: cni({ subnetDiscovery: false }) }),
      eni(),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: [],
  },
  {
    name: 'tagged 1',
    records: [node(), eni(), subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '1' } })],
    subjects: [],
  },
  {
    name: 'guard: an unmanaged ENI',
    records: [
      node(),
      foreignEni({ subnet: 'subnet-a' }),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: [],
  },
]);

cases('mixed-address-modes', [
  {
    name: 'prefix mode, a pod on a single address',
    records: [
      node({ cni: cni({ mode: 'prefix' }) }),
      eni('eni-p', {
        prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 1 }],
        addresses: [
          { ip: '10.0.1.5', state: 'assigned', interface: null },
          { ip: '10.0.1.17', state: 'assigned', interface: null },
        ],
      }),
    ],
    subjects: ['eni-p'],
    says: /1 live pod/,
  },
  {
    name: 'prefix mode, all inside',
    records: [
      node({ cni: cni({ mode: 'prefix' }) }),
      eni('eni-p', {
        prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 1 }],
        addresses: [{ ip: '10.0.1.17', state: 'assigned', interface: null }],
      }),
    ],
    subjects: [],
  },
  {
    name: 'secondary mode, pods in a prefix',
    records: [node(), eni('eni-p', { prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 3 }] })],
    subjects: ['eni-p'],
  },
  {
    name: 'mode not known',
    records: [node({ cni: null }), eni('eni-p', { prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 3 }] })],
    subjects: [],
  },
]);
