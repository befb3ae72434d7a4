import type { NodeRecord } from '../../model/records';
import { ago, cni, eni, foreignEni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';
import { aSource } from '../../../e2e/testing/records';

const NODE = 'node:n1';

const gauges = (change: Partial<NonNullable<NodeRecord['metrics']>>): NonNullable<NodeRecord['metrics']> => ({
  asOf: ago(1),
  eniMax: 3,
  eniAllocated: 1,
  ipMax: 27,
  totalAddresses: 9,
  assignedAddresses: 4,
  totalPrefixes: 0,
  forceRemovedAddresses: null,
  refusedCalls: null,
  apiErrors: {},
  ...change,
});

const EC2 = (asOf: string) => aSource('ec2/network-interfaces', 'live', { asOf });

const old = { ipamd: { ready: true, version: 'v1.22.4' } };

cases('unmanaged-miscount', [
  {
    name: 'one less than in EC2',
    records: [node({ ...old, metrics: gauges({ eniMax: 1 }) }), foreignEni()],
    subjects: [NODE],
    says: /ipamd counts 2 unmanaged ENIs, 1 is attached/,
  },
  {
    name: 'exactly as in EC2',
    records: [node({ ...old, metrics: gauges({ eniMax: 2 }) }), foreignEni()],
    subjects: [],
  },
  {
    name: 'EFA-only ENIs count, too',
    records: [
      node({ ...old, metrics: gauges({ eniMax: 1 }) }),
      foreignEni(),
      eni('eni-e', {
        deviceIndex: 2,
        role: 'efa-only',
        management: { state: 'outside', rule: 'efa-only', certainty: 'observed', observed: false },
      }),
    ],
    subjects: [],
  },
  {
    name: 'MAX_ENI is the limit for its count',
    records: [node({ ...old, cni: cni({ maxEni: 2 }), metrics: gauges({ eniMax: 1 }) }), foreignEni()],
    subjects: [],
  },
  {
    name: 'guard: several cards share the gauge',
    records: [
      node({
        ...old,
        metrics: gauges({ eniMax: 1 }),
        limits: {
          enisPerCard: 3,
          ipv4PerEni: 10,
          cards: 2,
          maxBranchEnis: null,
          trunkCompatible: null,
          source: 'ec2',
          maxPodsByFormula: 29,
        },
      }),
      foreignEni(),
    ],
    subjects: [],
  },
  {
    name: 'guard: EC2 has not been read since',
    records: [node({ ...old, metrics: gauges({ eniMax: 1, asOf: ago(1) }) }), foreignEni(), EC2(ago(10))],
    later: 5,
    subjects: [],
  },
  {
    name: 'guard: an unknown version',
    records: [
      node({ ipamd: { ready: true, version: null }, cni: cni({ version: 'latest' }), metrics: gauges({ eniMax: 1 }) }),
      foreignEni(),
    ],
    subjects: [],
  },
]);

cases('unmanaged-miscount', [
  {
    name: 'counts three where one is attached',
    records: [
      node({
        ipamd: { ready: true, version: 'v1.21.1' },
        metrics: {
          asOf: ago(5),
          eniMax: 0,
          eniAllocated: 1,
          ipMax: 0,
          totalAddresses: 9,
          assignedAddresses: 4,
          totalPrefixes: 0,
          forceRemovedAddresses: 0,
          refusedCalls: null,
          apiErrors: {},
        },
      }),
      foreignEni(),
    ],
    subjects: [NODE],
  },
  {
    name: 'counts correctly',
    records: [
      node({
        ipamd: { ready: true, version: 'v1.21.1' },
        metrics: {
          asOf: ago(5),
          eniMax: 2,
          eniAllocated: 1,
          ipMax: 0,
          totalAddresses: 9,
          assignedAddresses: 4,
          totalPrefixes: 0,
          forceRemovedAddresses: 0,
          refusedCalls: null,
          apiErrors: {},
        },
      }),
      foreignEni(),
    ],
    subjects: [],
  },
  {
    name: 'guard: fixed in v1.23.0',
    records: [
      node({
        metrics: {
          asOf: ago(5),
          eniMax: 0,
          eniAllocated: 1,
          ipMax: 0,
          totalAddresses: 9,
          assignedAddresses: 4,
          totalPrefixes: 0,
          forceRemovedAddresses: 0,
          refusedCalls: null,
          apiErrors: {},
        },
      }),
      foreignEni(),
    ],
    subjects: [],
  },
  {
    name: 'guard: no metrics',
    records: [node({ ipamd: { ready: true, version: 'v1.21.1' } }), foreignEni()],
    subjects: [],
  },
]);
