import { attachment, face, foreignEni, network, node, subnet } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NET = 'net:core/ipvlan-a';

cases('network-subnet-mismatch', [
  {
    name: 'one of two ranges is outside',
    records: [
      node(),
      network('ipvlan-a', {
        ipam: {
          type: 'whereabouts',
          ranges: ['10.6.0.0/24', '10.9.0.0/24'],
          used: 1,
          size: 254,
          gateways: [],
          routes: [],
        },
      }),
      foreignEni(),
      attachment(),
      subnet('subnet-m', { cidr: '10.6.0.0/16' }),
    ],
    subjects: [NET],
    says: /10\.9\.0\.0\/24/,
  },
  {
    name: 'guard: the ENI was inferred from the subnet itself',
    records: [
      node(),
      network(),
      foreignEni(),
      attachment('ipvlan-a', { rule: 'subnet' }),
      subnet('subnet-m', { cidr: '10.3.0.0/24' }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the subnet’s IPv6 range is unknown',
    records: [
      node(),
      network('ipvlan-a', {
        ipam: { type: 'whereabouts', ranges: ['fd00::/120'], used: 1, size: 254, gateways: [], routes: [] },
      }),
      foreignEni(),
      attachment(),
      subnet('subnet-m'),
    ],
    subjects: [],
  },
]);

const home = [
  node(),
  network('ipvlan-a', {
    ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24'], used: 1, size: 254, gateways: [], routes: [] },
  }),
  foreignEni(),
  attachment(),
];

const routed = home.map((one) => (one.id.startsWith('eni-') ? { ...foreignEni(), sourceDestCheck: false } : one));

cases('network-subnet-mismatch', [
  {
    name: 'the range is elsewhere',
    records: [...home, subnet('subnet-m', { cidr: '10.3.0.0/24' })],
    subjects: ['net:core/ipvlan-a'],
  },
  {
    name: 'the range is outside the VPC, and the ENI forwards packets for others: a route may lead there',
    records: [...routed, subnet('subnet-m', { cidr: '10.3.0.0/24', ipv6Cidr: null })],
    subjects: ['net:core/ipvlan-a'],
    severity: 'warning',
    says: /only by a route table of the VPC/,
  },
  {
    name: 'the range is in another subnet of the VPC: no route leads to the ENI',
    records: [
      ...routed,
      subnet('subnet-m', { cidr: '10.3.0.0/24', ipv6Cidr: null }),
      subnet('subnet-n', { cidr: '10.6.0.0/20', ipv6Cidr: null }),
    ],
    subjects: ['net:core/ipvlan-a'],
    severity: 'error',
    says: /EC2 delivers none of them there/,
  },
  {
    name: 'an interface has an address of that range',
    records: [...home, subnet('subnet-m', { cidr: '10.3.0.0/24' }), face('net1', { ips: ['10.6.0.14'] })],
    subjects: ['net:core/ipvlan-a'],
  },
  {
    name: 'guard: the network was edited after its interfaces were created',
    records: [...home, subnet('subnet-m', { cidr: '10.3.0.0/24' }), face('net1', { ips: ['10.3.0.14'] })],
    subjects: [],
  },
  { name: 'the range is inside', records: [...home, subnet('subnet-m', { cidr: '10.6.0.0/16' })], subjects: [] },
  {
    name: 'on two nodes it is one finding',
    records: [
      ...home,
      subnet('subnet-m', { cidr: '10.3.0.0/24' }),
      node({ name: 'n2', instanceId: 'i-2' }),
      attachment('ipvlan-a', { id: 'att:n2/core/ipvlan-a', node: 'node:n2' }),
    ],
    subjects: ['net:core/ipvlan-a'],
    says: /2 nodes/,
  },
  {
    name: 'a part of the subnet',
    records: [
      node(),
      network('ipvlan-a', {
        ipam: { type: 'whereabouts', ranges: ['10.6.0.20-10.6.0.90'], used: 1, size: 71, gateways: [], routes: [] },
      }),
      foreignEni(),
      attachment(),
      subnet('subnet-m', { cidr: '10.6.0.0/24' }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the link is only inferred',
    records: [
      node(),
      network(),
      foreignEni(),
      attachment('ipvlan-a', { certainty: 'inferred', rule: 'name-heuristic' }),
      subnet('subnet-m', { cidr: '10.3.0.0/24' }),
    ],
    subjects: [],
  },
]);
