import { cni, eth0, foreignEni, node, pod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const ID = 'eni-0000000000000000f';

const TAG = 'node.k8s.amazonaws.com/';

const INSTANCE = 'i-0a0000000000000a1';

const foreign = foreignEni({
  tags: {},
  management: { state: 'managed', rule: 'untagged-adopted', certainty: 'inferred', observed: null },
});

const adopted = { ...foreign, tags: { [`${TAG}instance_id`]: INSTANCE } };

cases('no-manage-late', [
  {
    name: 'tagged after adoption',
    records: [node(), { ...adopted, tags: { ...adopted.tags, [`${TAG}no_manage`]: 'true' } }],
    subjects: [ID],
    commands: /cordon n1$/,
  },
  {
    name: 'guard: in IMDS-only mode, the tag is never read',
    records: [
      node({ cni: cni({ imdsOnly: true }) }),
      { ...adopted, tags: { ...adopted.tags, [`${TAG}no_manage`]: 'true' } },
    ],
    subjects: [],
  },
]);

cases('no-manage-late', [
  {
    name: 'ipamd’s tag is present, too',
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
