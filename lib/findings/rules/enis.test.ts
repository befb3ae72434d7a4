import { cases } from '../cases';
import { ago, attachment, cni, eni, eth0, foreignEni, node, pod, subnet } from '../testing';

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
    records: [node(), { ...adopted, management: { ...adopted.management, rule: 'no-manage-tag-false' } }],
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
]);

cases('no-manage-bad-value', [
  {
    name: 'True',
    records: [node(), foreignEni({ tags: { [`${TAG}no_manage`]: 'True' } })],
    subjects: [ID],
    says: /True/,
  },
  { name: 'blank before', records: [node(), foreignEni({ tags: { [`${TAG}no_manage`]: ' true' } })], subjects: [ID] },
  {
    name: 'key in other case',
    records: [node(), foreignEni({ tags: { 'node.k8s.amazonaws.com/No_Manage': 'true' } })],
    subjects: [ID],
  },
  { name: 'true', records: [node(), foreignEni()], subjects: [] },
  { name: 'false is meant', records: [node(), foreignEni({ tags: { [`${TAG}no_manage`]: 'false' } })], subjects: [] },
  { name: 'no tag', records: [node(), untagged], subjects: [] },
]);

cases('no-manage-on-primary', [
  {
    name: 'on the primary',
    records: [node(), eni('eni-p', { tags: { [`${TAG}no_manage`]: 'true' } })],
    subjects: ['eni-p'],
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

const leaked = eni('eni-l', {
  node: null,
  instanceId: null,
  card: null,
  deviceIndex: null,
  role: 'secondary',
  status: 'available',
  description: 'aws-K8S-i-gone',
  creator: 'ipamd',
  tags: { [`${TAG}instance_id`]: 'i-gone' },
  createdAt: ago(7_200),
});
cases('eni-leaked', [
  { name: 'available for two hours', records: [node(), leaked], subjects: ['eni-l'], severity: 'warning' },
  {
    name: 'its instance lives, half an hour old',
    records: [node(), { ...leaked, tags: { [`${TAG}instance_id`]: INSTANCE }, createdAt: ago(1_800) }],
    subjects: [],
  },
  {
    name: 'its instance is gone, half an hour old',
    records: [node(), { ...leaked, createdAt: ago(1_800) }],
    subjects: ['eni-l'],
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
  { name: 'a secondary one', records: [node(), foreignEni({ deleteOnTermination: false })], subjects: [] },
]);

cases('subnet-excluded', [
  {
    name: 'its subnet is tagged 0',
    records: [node(), eni(), subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } })],
    subjects: ['eni-0000000000000000a'],
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
