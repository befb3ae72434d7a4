import { card, cni, eni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const slots = (change: object) => ({ limit: 3, used: 3, unmanaged: 0, reserved: 0, free: 0, ...change });

cases('max-pods-too-high', [
  {
    name: 'MAX_ENI lowers the ceiling: 2 × 9 + 2',
    records: [node({ cni: cni({ maxEni: 2 }) }), card(0, { eniSlots: slots({ limit: 2 }) })],
    subjects: [NODE],
    says: /has addresses for 20/,
  },
  {
    name: 'before v1.16.4, the ENIs of other cards lower it, down to those that are attached',
    records: [
      node({ maxPods: 29, ipamd: { ready: true, version: 'v1.16.3' } }),
      card(0, { eniSlots: slots({ used: 1 }) }),
      eni(),
      ...[1, 2, 3, 4].map((index) => eni(`eni-c${index}`, { card: index, role: 'secondary' })),
    ],
    subjects: [NODE],
    says: /has addresses for 11[^]*4 of other cards \(counted before v1\.16\.4\)[^]*update the VPC CNI to v1\.16\.4/,
  },
  {
    name: 'pods with their own security groups do not use the pool',
    records: [
      node({ cni: cni({ podEni: true }), branch: { limit: 9, used: 0 } }),
      card(0, { eniSlots: slots({ used: 1, reserved: 1, free: 1 }) }),
    ],
    subjects: [NODE],
    says: /and one more for each further pod with security groups of its own \(the node takes 9\)/,
  },
  {
    name: 'the slot reserved for a trunk lowers it',
    records: [node({ cni: cni({ podEni: true }) }), card(0, { eniSlots: slots({ used: 1, reserved: 1, free: 1 }) })],
    subjects: [NODE],
    says: /1 for the trunk/,
  },
  {
    name: 'every slot is taken: none is reserved for a trunk',
    records: [node({ cni: cni({ podEni: true }) }), card(0, { eniSlots: slots({ reserved: 1 }) })],
    subjects: [],
  },
  {
    name: 'every slot is taken, one by an idle ENI that will be released: the slot is then the trunk’s',
    records: [
      node({ cni: cni({ podEni: true }) }),
      card(0, { eniSlots: slots({ reserved: 1 }) }),
      eni('eni-b', { deviceIndex: 1, role: 'secondary', addresses: [] }),
    ],
    subjects: [NODE],
    says: /1 for the trunk/,
  },
  { name: 'one pod above the ceiling', records: [node({ maxPods: 30 }), card()], subjects: [NODE], says: /Accepts 30/ },
  { name: 'exactly the ceiling', records: [node({ maxPods: 29 }), card()], subjects: [] },
  {
    name: 'more pods on the host network need no address',
    records: [node({ maxPods: 31, hostNetworkPods: 4 }), card()],
    subjects: [],
  },
  {
    name: 'prefix mode: 3 × 9 × 16 + 2 is the ceiling',
    records: [node({ maxPods: 435, cni: cni({ mode: 'prefix' }) }), card()],
    subjects: [NODE],
    says: /434/,
  },
]);

cases('max-pods-too-high', [
  {
    name: 'two unmanaged ENIs leave 9 addresses for 29 pods',
    records: [node(), card(0, { eniSlots: slots({ unmanaged: 2 }) })],
    subjects: [NODE],
    says: /has addresses for 11/,
  },
  { name: 'as many as there are addresses', records: [node({ maxPods: 29 }), card()], subjects: [] },
  {
    name: 'kube-proxy restarts: still as many',
    records: [node({ maxPods: 29, hostNetworkPods: 1 }), card()],
    subjects: [],
  },
  {
    name: 'an EFA-only ENI counts once',
    records: [
      node({ maxPods: 20 }),
      card(0, { eniSlots: slots({ unmanaged: 1 }) }),
      eni('eni-e', { role: 'efa-only', interfaceType: 'efa-only', deviceIndex: 1 }),
    ],
    subjects: [],
  },
  {
    name: 'custom networking excludes the primary ENI',
    records: [node({ cni: cni({ customNetworking: true }) }), card()],
    subjects: [NODE],
    says: /1 for custom networking/,
  },
  {
    name: 'a trunk uses one slot',
    records: [node(), card(), eni('eni-0000000000000000t', { role: 'trunk', deviceIndex: 2, interfaceType: 'trunk' })],
    subjects: [NODE],
    says: /1 for the trunk/,
  },
  {
    name: 'guard: IPv6 has no such ceiling',
    records: [node({ maxPods: 250, cni: cni({ mode: 'ipv6' }) }), card()],
    subjects: [],
  },
  { name: 'guard: limits not known', records: [node({ maxPods: 250, limits: null }), card()], subjects: [] },
  {
    name: 'prefix mode has sixteen times as many',
    records: [node({ maxPods: 110, cni: cni({ mode: 'prefix' }) }), card()],
    subjects: [],
  },
  {
    name: 'pods on branch ENIs use no address of the pool',
    records: [
      node({ maxPods: 110, branch: { limit: 4, used: 4 } }),
      card(),
      eni('eni-0000000000000000t', { role: 'trunk', deviceIndex: 2, interfaceType: 'trunk' }),
      ...[1, 2, 3, 4].map((n) =>
        eni(`eni-0000000000000000${n}`, {
          role: 'branch',
          interfaceType: 'branch',
          card: null,
          branchPod: `pod:core/p${n}`,
        }),
      ),
    ],
    subjects: [NODE],
    says: /4 pods have a branch ENI/,
  },
  {
    name: 'a leftover branch ENI has no pod',
    records: [
      node({ maxPods: 30, branch: { limit: 4, used: 1 } }),
      card(),
      eni('eni-00000000000000001', { role: 'branch', interfaceType: 'branch', card: null, branchPod: null }),
    ],
    subjects: [NODE],
    says: /has addresses for 29/,
  },
]);

cases('max-pods-too-high', [
  {
    name: 'addresses on a trunk and, under custom networking, on the primary ENI are assigned to pods',
    records: [
      node({ maxPods: 110, cni: cni({ customNetworking: true }) }),
      card(),
      eni('eni-0000000000000000p', { addresses: [{ ip: '10.0.1.5', state: 'warm', interface: null }] }),
      eni('eni-0000000000000000t', {
        role: 'trunk',
        deviceIndex: 2,
        interfaceType: 'trunk',
        addresses: [{ ip: '10.0.1.6', state: 'warm', interface: null }],
      }),
    ],
    subjects: [NODE],
    // One ENI of three with nine addresses each, and two addresses that are assigned elsewhere.
    says: /usable ENIs carry 11 pod addresses/,
  },
  {
    name: 'a slot that an old version reserves for a trunk that the type does not support',
    records: [
      node({
        maxPods: 29,
        limits: {
          enisPerCard: 3,
          ipv4PerEni: 10,
          cards: 1,
          maxBranchEnis: 0,
          trunkCompatible: false,
          source: 'table',
          maxPodsByFormula: 29,
        },
      }),
      card(0, { eniSlots: { limit: 3, used: 1, unmanaged: 0, reserved: 1, free: 1 } }),
    ],
    subjects: [NODE],
    says: /before v1\.20\.4/,
  },
  { name: 'guard: as many as there are', records: [node({ maxPods: 29 }), card()], subjects: [] },
]);
