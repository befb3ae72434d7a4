import { cni, eni, foreignEni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const TAG = 'node.k8s.amazonaws.com/';

cases('no-manage-on-primary', [
  {
    name: 'under custom networking it is excluded already',
    records: [
      node({ cni: cni({ customNetworking: true }) }),
      eni('eni-p', { tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } }),
    ],
    subjects: ['eni-p'],
    says: /Remove the tag so that nobody relies on it\.$/,
  },
  { name: 'guard: no tag', records: [node(), eni('eni-p')], subjects: [] },
]);

cases('no-manage-on-primary', [
  {
    name: 'any value that requests it',
    records: [node(), eni('eni-p', { tags: { [`${TAG}no_manage`]: 'True' } })],
    subjects: ['eni-p'],
  },
  {
    name: 'false requests nothing',
    records: [node(), eni('eni-p', { tags: { [`${TAG}no_manage`]: 'false' } })],
    subjects: [],
  },
]);

cases('no-manage-on-primary', [
  {
    name: 'on the primary',
    records: [node(), eni('eni-p', { tags: { [`${TAG}no_manage`]: 'true' } })],
    subjects: ['eni-p'],
  },
  {
    name: 'guard: an Auto Mode node does not read the tag',
    records: [
      node({ computeType: 'auto', cni: null, ipamd: null }),
      eni('eni-p', { tags: { [`${TAG}no_manage`]: 'true' } }),
    ],
    subjects: [],
  },
  {
    name: 'device 0 of card 1 is not the primary ENI',
    records: [node(), foreignEni({ card: 1, deviceIndex: 0 })],
    subjects: [],
  },
]);
