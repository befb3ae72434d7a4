import { ago, eni, foreignEni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const young = (seconds: number) => node({ createdAt: ago(seconds) });

cases('eni-survives-node', [
  {
    name: 'a node of exactly two minutes is old enough',
    records: [young(120), eni('eni-p', { deleteOnTermination: false })],
    subjects: ['eni-p'],
    commands: /--attachment "AttachmentId=\$\(aws ec2 describe-network-interfaces/,
  },
  {
    name: 'a node a millisecond younger',
    records: [young(119.999), eni('eni-p', { deleteOnTermination: false })],
    subjects: [],
  },
]);

cases('eni-survives-node', [
  {
    name: 'DeleteOnTermination=false',
    records: [node(), eni('eni-p', { deleteOnTermination: false })],
    subjects: ['eni-p'],
  },
  { name: 'true', records: [node(), eni()], subjects: [] },
  { name: 'unknown', records: [node(), eni('eni-p', { deleteOnTermination: null })], subjects: [] },
  {
    name: 'guard: the node is already deleted',
    records: [node({ gone: true }), eni('eni-p', { deleteOnTermination: false })],
    subjects: [],
  },
  {
    name: 'created but not marked by ipamd',
    records: [
      node(),
      eni('eni-s', { role: 'secondary', deviceIndex: 1, creator: 'ipamd', deleteOnTermination: false }),
    ],
    subjects: ['eni-s'],
    says: /ModifyNetworkInterfaceAttribute/,
  },
  {
    name: 'guard: just attached by ipamd',
    records: [
      node(),
      eni('eni-s', {
        role: 'secondary',
        deviceIndex: 1,
        creator: 'ipamd',
        deleteOnTermination: false,
        attachedAt: ago(60),
      }),
    ],
    subjects: [],
  },
  { name: 'a secondary ENI', records: [node(), foreignEni({ deleteOnTermination: false })], subjects: [] },
]);
