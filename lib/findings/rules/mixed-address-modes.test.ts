import { cni, eni, foreignEni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

cases('mixed-address-modes', [
  {
    name: 'a leftover address without a holder',
    records: [
      node({ cni: cni({ mode: 'prefix' }) }),
      eni('eni-p', { addresses: [{ ip: '10.0.1.5', state: 'excluded', interface: null }] }),
    ],
    subjects: [],
  },
  {
    name: 'a leftover prefix without holders',
    records: [node(), eni('eni-p', { prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 0 }] })],
    subjects: [],
  },
  {
    name: 'two pods hold addresses of the other mode',
    records: [node(), eni('eni-p', { prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 2 }] })],
    subjects: ['eni-p'],
    says: /2 live pods/,
  },
  {
    name: 'guard: an unmanaged ENI does not belong to ipamd',
    records: [node(), foreignEni({ prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 2 }] })],
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
    name: 'prefix mode, all pods in prefixes',
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
    name: 'unknown mode',
    records: [node({ cni: null }), eni('eni-p', { prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 3 }] })],
    subjects: [],
  },
]);
