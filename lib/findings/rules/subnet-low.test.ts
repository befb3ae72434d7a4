import type { NodeRecord } from '../../model/records';
import { ago, cni, eni, node, pool, signal, subnet } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const errors = (code: string, api = 'AssignPrivateIpAddresses') =>
  signal(NODE, `metric:awscni_aws_api_error_count/${api}/${code}`, `${code} rose from 1 to 4`);

const launch = (lastAt: string) =>
  signal('subnet-a', 'InsufficientCapacityError', 'InsufficientFreeAddressesInSubnet: There are not enough free', {
    lastAt,
  });

const hungry = (change: Partial<NodeRecord> = {}) =>
  node({
    pools: [
      pool({
        low: true,
        short: 9,
        next: { action: 'add-addresses', count: 9, reason: 'below the target', blockedBy: null },
      }),
    ],
    ...change,
  });

const free = (availableAddresses: number) => subnet('subnet-a', { availableAddresses });

cases('subnet-low', [
  { name: 'exactly what its nodes need', records: [hungry(), eni(), free(9)], subjects: [] },
  {
    name: 'one less than they need',
    records: [hungry(), eni(), free(8)],
    subjects: ['subnet-a'],
    says: /8 addresses left, 9 needed/,
  },
  {
    name: 'prefix mode: exactly sixteen',
    records: [node({ cni: cni({ mode: 'prefix' }) }), eni(), free(16)],
    subjects: [],
  },
  {
    name: 'the floor of four, though no node needs any',
    records: [node(), eni(), free(3)],
    subjects: ['subnet-a'],
    says: /^3 addresses left$/m,
  },
  { name: 'exactly at the floor', records: [node(), eni(), free(4)], subjects: [] },
  {
    name: 'a refusal counted by aws-node confirms it',
    records: [hungry(), eni(), free(5), errors('InsufficientFreeAddressesInSubnet')],
    subjects: ['subnet-a'],
    says: /InsufficientFreeAddressesInSubnet rose/,
  },
  {
    name: 'Karpenter cannot launch an instance in it',
    records: [free(2), launch(ago(60))],
    subjects: ['subnet-a'],
    says: /Karpenter cannot launch a node there[^]*subnetSelectorTerms/,
  },
  { name: 'guard: Karpenter could not an hour ago', records: [free(200), launch(ago(3600))], subjects: [] },
  {
    name: 'the subnet of an ENIConfig, where the node has no ENI yet',
    records: [
      hungry({
        cni: cni({ customNetworking: true }),
        eniConfig: { name: 'a', found: true, subnet: 'subnet-b', securityGroups: [] },
      }),
      subnet('subnet-b', { availableAddresses: 2 }),
    ],
    subjects: ['subnet-b'],
  },
  {
    name: 'guard: a cordoned node needs none',
    records: [hungry({ unschedulable: true }), eni(), free(5)],
    subjects: [],
  },
  {
    name: 'but a cordoned node that ipamd manages regardless does',
    records: [hungry({ unschedulable: true, cni: cni({ manageNonSchedulable: true }) }), eni(), free(5)],
    subjects: ['subnet-a'],
  },
]);

const fullPool = pool({
  total: 9,
  assigned: 9,
  available: 0,
  low: true,
  short: 0,
  next: {
    action: 'none',
    count: 0,
    reason: 'low',
    blockedBy: 'every slot is taken and no further ENI can be attached',
  },
});

const hungry3 = node({
  pools: [
    pool({
      low: true,
      short: 9,
      next: { action: 'add-addresses', count: 9, reason: 'below the target', blockedBy: null },
    }),
  ],
});

cases('subnet-low', [
  {
    name: 'its nodes need nine, it has five',
    records: [hungry3, eni(), subnet('subnet-a', { availableAddresses: 5 })],
    subjects: ['subnet-a'],
    severity: 'warning',
  },
  {
    name: 'none left',
    records: [hungry3, eni(), subnet('subnet-a', { availableAddresses: 0 })],
    subjects: ['subnet-a'],
    severity: 'warning',
  },
  { name: 'enough', records: [hungry3, eni(), subnet('subnet-a', { availableAddresses: 50 })], subjects: [] },
  {
    name: 'prefix mode needs sixteen',
    records: [node({ cni: cni({ mode: 'prefix' }) }), eni(), subnet('subnet-a', { availableAddresses: 15 })],
    subjects: ['subnet-a'],
  },
  {
    name: 'WARM_ENI_TARGET counts whole ENIs: the missing addresses, and one for the ENI itself',
    records: [
      node({
        pools: [
          pool({
            available: 2,
            target: 9,
            low: true,
            short: 0,
            next: { action: 'attach-eni', count: 1, reason: 'below the target', blockedBy: null },
          }),
        ],
      }),
      eni(),
      subnet('subnet-a', { availableAddresses: 6 }),
    ],
    subjects: ['subnet-a'],
    says: /8 more/,
  },
  {
    name: 'guard: a full node needs none',
    records: [node({ pools: [{ ...fullPool, target: 30 }] }), eni(), subnet('subnet-a', { availableAddresses: 6 })],
    subjects: [],
  },
  {
    name: 'guard: a young node is still filling its pool',
    records: [{ ...hungry3, createdAt: ago(60) }, eni(), subnet('subnet-a', { availableAddresses: 5 })],
    subjects: [],
  },
  {
    name: 'guard: under custom networking, the primary ENI needs none',
    records: [
      { ...hungry3, cni: cni({ customNetworking: true }) },
      eni(),
      subnet('subnet-a', { availableAddresses: 0 }),
    ],
    subjects: [],
  },
  {
    name: 'guard: it provides no pod addresses',
    records: [hungry3, subnet('subnet-x', { availableAddresses: 0 })],
    subjects: [],
  },
  {
    name: 'guard: unknown',
    records: [hungry3, eni(), subnet('subnet-a', { availableAddresses: null })],
    subjects: [],
  },
]);

cases('subnet-low', [
  {
    name: 'its nodes discover tagged subnets',
    records: [hungry3, eni(), subnet('subnet-a', { availableAddresses: 0 })],
    subjects: ['subnet-a'],
    says: /tagged kubernetes\.io\/role\/cni=1/,
  },
  {
    name: 'before v1.18.3, they leave an exhausted subnet only when their ENIs are full',
    records: [
      { ...hungry3, cni: cni({ version: 'v1.18.2', subnetDiscovery: true, customNetworking: false }) },
      eni(),
      subnet('subnet-a', { availableAddresses: 0 }),
    ],
    subjects: ['subnet-a'],
    says: /Upgrade the VPC CNI to v1\.18\.3/,
  },
  {
    name: 'they do not discover: a tag would not help',
    records: [
      { ...hungry3, cni: cni({ subnetDiscovery: false }) },
      eni(),
      subnet('subnet-a', { availableAddresses: 0 }),
    ],
    subjects: ['subnet-a'],
    says: /Place new nodes in a larger subnet/,
  },
  {
    name: 'the ENIConfig determines the subnet',
    records: [
      { ...hungry3, cni: cni({ customNetworking: true }) },
      eni('eni-q', { role: 'secondary', deviceIndex: 1 }),
      subnet('subnet-a', { availableAddresses: 0 }),
    ],
    subjects: ['subnet-a'],
    says: /larger subnet in the ENIConfig/,
  },
  { name: 'guard: enough is left', records: [hungry3, eni(), subnet('subnet-a')], subjects: [] },
]);
