import { eni, face, node, pod } from '../../../e2e/testing/findings';
import { hostDevice } from '../../../e2e/testing/finding-examples';
import { cases } from '../../../e2e/testing/finding-cases';

const claim = (podName: string, change: object = {}) =>
  face('net1', { podName, network: 'net:core/hd', state: 'requested', ips: [], eni: null, ...change });

cases('host-device-conflict', [
  {
    name: 'two networks with one device',
    records: [
      node(),
      hostDevice,
      { ...hostDevice, id: 'net:core/hd2', name: 'hd2' },
      pod('p1'),
      pod('p2'),
      claim('p1'),
      claim('p2', { network: 'net:core/hd2' }),
    ],
    subjects: ['if:core/p1/net1'],
  },
  {
    name: 'guard: on two nodes',
    records: [
      node(),
      node({ name: 'n2' }),
      hostDevice,
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      claim('p1'),
      claim('p2', { node: 'node:n2' }),
    ],
    subjects: [],
  },
]);

const claim3 = (podName: string) =>
  face('net1', { podName, network: 'net:core/hd', state: 'requested', ips: [], eni: null });

cases('host-device-conflict', [
  {
    name: 'two pods, one device',
    records: [node(), hostDevice, pod('p1'), pod('p2'), claim3('p1'), claim3('p2')],
    subjects: ['if:core/p1/net1'],
  },
  { name: 'one pod', records: [node(), hostDevice, pod('p1'), claim3('p1')], subjects: [] },
  {
    name: 'one pod takes the primary ENI away',
    records: [node(), eni(), hostDevice, pod('p1'), { ...claim3('p1'), eni: 'eni-0000000000000000a' }],
    subjects: ['if:core/p1/net1'],
    says: /primary ENI/,
  },
  {
    name: 'guard: the older of the two is on its way out',
    records: [node(), hostDevice, pod('p1'), pod('p2', { deleting: true }), claim3('p1'), claim3('p2')],
    subjects: [],
  },
  {
    name: 'guard: a device plugin hands them out',
    records: [node(), { ...hostDevice, resourceName: 'x.io/nic' }, pod('p1'), pod('p2'), claim3('p1'), claim3('p2')],
    subjects: [],
  },
]);
