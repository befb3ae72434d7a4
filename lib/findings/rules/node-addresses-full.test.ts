import { ago, card, cni, eni, foreignEni, node, pool } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const slots = (change: object) => ({ limit: 3, used: 3, unmanaged: 0, reserved: 0, free: 0, ...change });

const taken = Array.from({ length: 9 }, (_, i) => ({
  ip: `10.0.0.${20 + i}`,
  state: 'assigned' as const,
  interface: null,
}));

const dryPool = pool({ total: 9, assigned: 9, available: 0 });

cases('node-addresses-full', [
  {
    name: 'MAX_ENI is reached before the limit of the type',
    records: [
      node({ pools: [dryPool], cni: cni({ maxEni: 1 }) }),
      card(0, { eniSlots: slots({ limit: 1, used: 1 }) }),
      eni('eni-p', { addresses: taken }),
    ],
    subjects: [NODE],
    says: /1 of 1 ENIs/,
  },
  {
    name: 'the last slot is reserved for a trunk',
    records: [
      node({ pools: [dryPool], cni: cni({ podEni: true }) }),
      card(0, { eniSlots: slots({ used: 2, reserved: 1 }) }),
      eni('eni-p', { addresses: taken }),
    ],
    subjects: [NODE],
  },
  {
    name: 'the last slot is reserved for a missing trunk, as the node itself reports',
    records: [
      node({ pools: [dryPool], cni: cni({ podEni: true }), eniSlots: slots({ used: 2, reserved: 1 }) }),
      card(0, { eniSlots: slots({ used: 2, reserved: 1 }) }),
      eni('eni-p', { addresses: taken }),
    ],
    subjects: [NODE],
    says: /kept for a trunk that is not there \(ENABLE_POD_ENI\)\. The scheduler[^]*AmazonEKSVPCResourceController/,
    commands: /^kubectl describe node n1$/,
  },
  {
    name: 'no attached ENI provides addresses for pods',
    records: [
      node({ pools: [pool({ total: 0, assigned: 0, available: 0 })], cni: cni({ customNetworking: true }) }),
      card(0, { eniSlots: slots({ unmanaged: 2 }) }),
      eni('eni-p', { addresses: taken }),
      foreignEni(),
    ],
    subjects: [NODE],
    says: /No attached ENI of n1 gives pods addresses/,
  },
  {
    name: 'guard: the number of addresses is unknown',
    records: [
      node({ pools: [pool({ total: null, assigned: null, available: 0 })] }),
      card(0, { eniSlots: slots({}) }),
      eni('eni-p', { addresses: taken }),
    ],
    subjects: [],
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

const fullEni = eni('eni-p', {
  addresses: [
    { ip: '10.0.0.4', state: 'primary', interface: null },
    ...Array.from({ length: 9 }, (_, i) => ({ ip: `10.0.0.${20 + i}`, state: 'assigned' as const, interface: null })),
  ],
});

const full = [card(0, { eniSlots: slots({}) }), fullEni];

cases('node-addresses-full', [
  {
    name: 'every slot is taken and nothing can be attached',
    records: [node({ pools: [fullPool] }), ...full],
    subjects: [NODE],
    severity: 'warning',
  },
  {
    name: 'the kubelet accepts no further pod either',
    records: [node({ pools: [fullPool], podCount: 29 }), ...full],
    subjects: [NODE],
    severity: 'info',
  },
  { name: 'a free address is left', records: [node({ pools: [pool({ available: 1 })] }), ...full], subjects: [] },
  { name: 'another ENI can be attached', records: [node({ pools: [fullPool] }), card(), fullEni], subjects: [] },
  {
    name: 'an ENI has a slot free',
    records: [node({ pools: [fullPool] }), ...full, eni('eni-b', { deviceIndex: 1, role: 'secondary' })],
    subjects: [],
  },
  {
    name: 'the slots of a trunk and of an unmanaged ENI do not count',
    records: [
      node({ pools: [fullPool] }),
      ...full,
      eni('eni-t', { deviceIndex: 2, role: 'trunk', interfaceType: 'trunk' }),
      foreignEni(),
    ],
    subjects: [NODE],
  },
  {
    name: 'a prefix uses one slot, however many of its addresses are held',
    records: [
      node({ pools: [fullPool], cni: cni({ mode: 'prefix' }) }),
      card(0, { eniSlots: slots({}) }),
      eni('eni-p', {
        capacity: 2,
        prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 16 }],
        addresses: Array.from({ length: 16 }, (_, i) => ({
          ip: `10.0.1.${16 + i}`,
          state: 'assigned' as const,
          interface: null,
        })),
      }),
    ],
    subjects: [],
  },
  {
    name: 'guard: a node younger than two minutes',
    records: [node({ pools: [fullPool], createdAt: ago(60) }), ...full],
    subjects: [],
  },
  {
    name: 'the young node is evaluated once it is old enough',
    records: [node({ pools: [fullPool], createdAt: ago(60) }), ...full],
    later: 61,
    subjects: [NODE],
  },
  {
    name: 'guard: aws-node is not ready',
    records: [node({ pools: [fullPool], ipamd: { ready: false, version: null } }), ...full],
    subjects: [],
  },
  {
    name: 'guard: EC2 denied',
    records: [node({ pools: [fullPool] }), ...full],
    states: { 'ec2/network-interfaces': 'denied' },
    subjects: [],
  },
  {
    name: 'guard: EC2 stale',
    records: [node({ pools: [fullPool] }), ...full],
    states: { 'ec2/network-interfaces': 'stale' },
    subjects: [],
  },
]);
