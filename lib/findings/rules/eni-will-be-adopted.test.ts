import { ago, attachment, cni, foreignEni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const ID = 'eni-0000000000000000f';

const TAG = 'node.k8s.amazonaws.com/';

const foreign = foreignEni({
  tags: {},
  management: { state: 'managed', rule: 'untagged-adopted', certainty: 'inferred', observed: null },
});

cases('eni-will-be-adopted', [
  {
    name: 'used by a network: more severe',
    records: [node(), foreign, attachment()],
    subjects: [ID],
    says: /Networks that use it: core\/ipvlan-a/,
  },
  {
    name: 'guard: it has the node’s own address, and is device 1',
    records: [
      node({ internalIps: ['10.0.0.10'] }),
      { ...foreign, addresses: [{ ip: '10.0.0.10', state: 'primary' as const, interface: null }] },
    ],
    subjects: [],
  },
  {
    name: 'guard: ipamd writes nothing to EC2',
    records: [node({ cni: cni({ networkResourceProvisioning: false }) }), foreign],
    subjects: [],
  },
  {
    name: 'a tag without effect takes precedence over MANAGE_UNTAGGED_ENI=false',
    records: [node({ cni: cni({ manageUntagged: false }) }), { ...foreign, tags: { [`${TAG}no_manage`]: 'yes' } }],
    subjects: [ID],
  },
]);

const INSTANCE = 'i-0a0000000000000a1';

const adopted = foreignEni({
  tags: { [`${TAG}instance_id`]: INSTANCE },
  management: { state: 'managed', rule: 'instance-id-tag', certainty: 'observed', observed: true },
});

const untagged = foreignEni({
  tags: {},
  management: { state: 'managed', rule: 'untagged-adopted', certainty: 'inferred', observed: null },
});

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
    name: 'a value without effect, before ipamd saw it',
    records: [node(), { ...untagged, tags: { [`${TAG}no_manage`]: '1' } }],
    subjects: [ID],
  },
  { name: 'already adopted', records: [node(), adopted], subjects: [] },
  {
    name: 'guard: MANAGE_UNTAGGED_ENI=false',
    records: [
      node(),
      { ...untagged, management: { ...untagged.management, state: 'unmanaged', rule: 'untagged-ignored' } },
    ],
    subjects: [],
  },
  {
    name: 'the ENI of a young node, after some time',
    records: [node({ createdAt: ago(60) }), untagged],
    later: 61,
    subjects: [ID],
  },
]);
