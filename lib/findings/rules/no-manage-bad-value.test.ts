import { cni, foreignEni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const ID = 'eni-0000000000000000f';

const TAG = 'node.k8s.amazonaws.com/';

const INSTANCE = 'i-0a0000000000000a1';

const foreign = foreignEni({
  tags: {},
  management: { state: 'managed', rule: 'untagged-adopted', certainty: 'inferred', observed: null },
});

const adopted = { ...foreign, tags: { [`${TAG}instance_id`]: INSTANCE } };

cases('no-manage-bad-value', [
  ...['1', 'yes', 'TRUE', 'True', ' true', 'true ', ''].map((value) => ({
    name: `“${value}” is not true`,
    records: [node(), { ...adopted, tags: { [`${TAG}no_manage`]: value } }],
    subjects: [ID],
  })),
  {
    name: 'a key in another case with the value false',
    records: [node(), { ...adopted, tags: { [`${TAG}NO_MANAGE`]: 'false' } }],
    subjects: [],
  },
  ...[
    [`${TAG}no-manage`, 'true'],
    [`${TAG}noManage`, 'true'],
    [`${TAG}no_managed`, 'yes'],
    ['k8s.amazonaws.com/no_manage', 'true'],
    ['node.kubernetes.io/no_manage', 'true'],
    ['no_manage', 'true'],
    [`${TAG}manage`, 'false'],
  ].map(([key = '', value = '']) => ({
    name: `the key ${key}`,
    records: [node(), { ...adopted, tags: { [key]: value } }],
    subjects: [ID],
    says: /looks for the key node\.k8s\.amazonaws\.com\/no_manage with exactly the value true/,
  })),
  ...[
    [`${TAG}manage`, 'true'],
    [`${TAG}no-manage`, 'false'],
    ['manage', 'false'],
    ['example.com/no_manage', 'true'],
    [`${TAG}createdAt`, 'true'],
  ].map(([key = '', value = '']) => ({
    name: `${key}=${value} asks for nothing`,
    records: [node(), { ...adopted, tags: { [key]: value } }],
    subjects: [],
  })),
  {
    name: 'aws-node does not start: the tag is wrong regardless',
    records: [node({ ipamd: { ready: false, version: null } }), { ...adopted, tags: { [`${TAG}no_manage`]: 'True' } }],
    subjects: [ID],
  },
  {
    name: 'guard: in IMDS-only mode, tags are not read',
    records: [node({ cni: cni({ imdsOnly: true }) }), { ...adopted, tags: { [`${TAG}no_manage`]: '1' } }],
    subjects: [],
  },
]);

const untagged = foreignEni({
  tags: {},
  management: { state: 'managed', rule: 'untagged-adopted', certainty: 'inferred', observed: null },
});

/** Managed although the tag is present with that value. */
const tagged = (value: string, key = `${TAG}no_manage`) =>
  foreignEni({
    tags: { [key]: value, [`${TAG}instance_id`]: INSTANCE },
    management: { state: 'managed', rule: 'no-manage-tag-false', certainty: 'observed', observed: true },
  });

cases('no-manage-bad-value', [
  {
    name: 'True',
    records: [node(), tagged('True')],
    subjects: [ID],
    says: /True/,
  },
  { name: 'leading space', records: [node(), tagged(' true')], subjects: [ID] },
  {
    name: 'key in another case',
    records: [node(), tagged('true', 'node.k8s.amazonaws.com/No_Manage')],
    subjects: [ID],
  },
  { name: 'true', records: [node(), foreignEni()], subjects: [] },
  { name: 'false is intended', records: [node(), tagged('false')], subjects: [] },
  {
    name: 'guard: ipamd ignores the ENI',
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
