import { attachment, hostNic, network, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

cases('parent-name-drift', [
  {
    name: 'guard: the link has that name as well',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
      hostNic('ens6', { altNames: ['eth1'] }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the name of a link inside the pod',
    records: [node(), network('a', { parent: { kind: 'container-link', value: 'eth1' } }), attachment('a')],
    subjects: [],
  },
  {
    name: 'ethN on Amazon Linux 2023',
    records: [node(), network('a', { parent: { kind: 'host-device', value: 'eth1' } }), attachment('a')],
    subjects: ['net:core/a'],
  },
]);

cases('parent-name-drift', [
  {
    name: 'eth1 on Amazon Linux 2023',
    records: [node(), network('a', { parent: { kind: 'host-device', value: 'eth1' } }), attachment('a')],
    subjects: ['net:core/a'],
  },
  { name: 'ens6 on Amazon Linux 2023', records: [node(), network(), attachment()], subjects: [] },
  {
    name: 'ens6 on Bottlerocket',
    records: [node({ osImage: 'Bottlerocket OS 1.20.0 (aws-k8s-1.30)' }), network(), attachment()],
    subjects: ['net:core/ipvlan-a'],
  },
  {
    name: 'guard: not on EC2',
    records: [
      node({ instanceId: null, computeType: 'other' }),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
    ],
    subjects: [],
  },
  {
    name: 'guard: the naming scheme of the OS is unknown',
    records: [
      node({ osImage: 'Flatcar 4081' }),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
    ],
    subjects: [],
  },
  {
    name: 'on two nodes it is one finding',
    records: [
      node(),
      node({ name: 'n2', instanceId: 'i-2' }),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
      attachment('a', { id: 'att:n2/core/a', node: 'node:n2' }),
    ],
    subjects: ['net:core/a'],
    says: /2 nodes/,
  },
  {
    name: 'guard: in the inventory',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
      hostNic('eth1'),
    ],
    subjects: [],
  },
]);
