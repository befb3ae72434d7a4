import { ago, attachment, cni, eni, foreignEni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const ID = 'eni-0000000000000000f';

const TAG = 'node.k8s.amazonaws.com/';

const INSTANCE = 'i-0a0000000000000a1';

const foreign = foreignEni({
  tags: {},
  management: { state: 'managed', rule: 'untagged-adopted', certainty: 'inferred', observed: null },
});

const adopted = { ...foreign, tags: { [`${TAG}instance_id`]: INSTANCE } };

cases('eni-adopted', [
  {
    name: 'created by the resource controller',
    records: [node(), { ...adopted, creator: 'vpc-resource-controller' as const }],
    subjects: [],
  },
  {
    name: 'the tag of another instance is no adoption',
    records: [node(), { ...foreign, tags: { [`${TAG}instance_id`]: 'i-other' } }],
    subjects: [],
  },
  { name: 'a trunk', records: [node(), { ...adopted, interfaceType: 'trunk', role: 'trunk' as const }], subjects: [] },
  {
    name: 'guard: on a card that ipamd does not manage',
    records: [node(), { ...adopted, card: 1, management: { ...adopted.management, state: 'outside' as const } }],
    subjects: [],
  },
  {
    name: 'guard: it has the node’s own address, and is device 1',
    records: [
      node({ internalIps: ['10.0.0.10'] }),
      { ...adopted, addresses: [{ ip: '10.0.0.10', state: 'primary' as const, interface: null }] },
    ],
    subjects: [],
  },
  {
    name: 'tagged as its own',
    records: [node(), adopted],
    subjects: [ID],
    commands: /Key=node\.k8s\.amazonaws\.com\/no_manage,Value=true$/,
  },
  {
    name: 'in IPv6 mode, where it has no prefix and stays',
    records: [node({ cni: cni({ mode: 'ipv6' }) }), adopted],
    subjects: [ID],
    severity: 'warning',
    says: /no IPv6 prefix, so pods get no addresses from it\. In IPv6 mode, ipamd neither detaches nor deletes ENIs/,
  },
]);

const adopted3 = foreignEni({
  tags: { [`${TAG}instance_id`]: INSTANCE },
  management: { state: 'managed', rule: 'instance-id-tag', certainty: 'observed', observed: true },
});

/** Managed although the tag is present with that value. */
const tagged = (value: string, key = `${TAG}no_manage`) =>
  foreignEni({
    tags: { [key]: value, [`${TAG}instance_id`]: INSTANCE },
    management: { state: 'managed', rule: 'no-manage-tag-false', certainty: 'observed', observed: true },
  });

cases('eni-adopted', [
  {
    name: 'created by another party, tagged by ipamd',
    records: [node(), adopted3, attachment()],
    subjects: [ID],
    severity: 'error',
    says: /ipvlan-a/,
  },
  { name: 'created by ipamd', records: [node(), { ...adopted3, creator: 'ipamd' }], subjects: [] },
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
  { name: 'a value without effect is no guard', records: [node(), tagged('True')], subjects: [ID], says: /“True”/ },
  {
    name: 'an EFA ENI is never deleted',
    records: [node(), { ...adopted3, interfaceType: 'efa' }],
    subjects: [ID],
    severity: 'warning',
  },
  { name: 'guard: a node younger than two minutes', records: [node({ createdAt: ago(60) }), adopted3], subjects: [] },
  { name: 'guard: the node is being deleted', records: [node({ deleting: true }), adopted3], subjects: [] },
  {
    name: 'guard: its instance is shutting down',
    records: [node({ instanceState: 'shutting-down' }), adopted3],
    subjects: [],
  },
  {
    name: 'guard: it is being detached',
    records: [node(), { ...adopted3, attachmentStatus: 'detaching' }],
    subjects: [],
  },
  {
    name: 'guard: no ipamd on the node',
    records: [node({ computeType: 'auto', cni: null, ipamd: null }), adopted3],
    subjects: [],
  },
  { name: 'guard: an efa-only ENI', records: [node(), { ...adopted3, interfaceType: 'efa-only' }], subjects: [] },
  {
    name: 'guard: EC2 stale',
    records: [node(), adopted3],
    states: { 'ec2/network-interfaces': 'stale' },
    subjects: [],
  },
]);

const cards = node({ cni: cni({ multiNic: true }) });
const onCard = { ...adopted, card: 1, deviceIndex: 1 };

cases('eni-adopted', [
  { name: 'multi-NIC: the only ENI of its card is intended for ipamd', records: [cards, onCard], subjects: [] },
  {
    name: 'multi-NIC: an EFA-only ENI next to it provides no addresses',
    records: [
      cards,
      onCard,
      eni('eni-efa', { card: 1, management: { ...onCard.management, state: 'outside', rule: 'efa-only' } }),
    ],
    subjects: [],
  },
  {
    name: 'multi-NIC: used by a network, and no_manage is no remedy',
    records: [cards, onCard, attachment('ipvlan-a', { eni: ID })],
    subjects: [ID],
    severity: 'warning',
    says: /multi-NIC pods would get no interface/,
    commands: null,
  },
  {
    name: 'multi-NIC: the second ENI of its card',
    records: [cards, onCard, eni('eni-first', { card: 1, management: { ...onCard.management, state: 'managed' } })],
    subjects: [ID],
    severity: 'error',
  },
  { name: 'multi-NIC: card 0 has others', records: [cards, adopted], subjects: [ID] },
  { name: 'without multi-NIC', records: [node(), onCard], subjects: [ID] },
]);
