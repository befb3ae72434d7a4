import type { NodeRecord } from '../../model/records';
import { ago, cni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

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

cases('metrics-untrusted', [
  {
    name: 'as many assigned as there are',
    records: [node({ metrics: gauges({ assignedAddresses: 9 }) })],
    subjects: [],
  },
  {
    name: 'a negative number of ENIs',
    records: [node({ metrics: gauges({ eniAllocated: -1 }) })],
    subjects: [NODE],
    says: /awscni_eni_allocated -1 is negative/,
  },
  {
    name: 'multi-NIC on several cards',
    records: [
      node({
        cni: cni({ multiNic: true }),
        metrics: gauges({}),
        limits: {
          enisPerCard: 15,
          ipv4PerEni: 50,
          cards: 4,
          maxBranchEnis: null,
          trunkCompatible: null,
          source: 'ec2',
          maxPodsByFormula: 737,
        },
      }),
    ],
    subjects: [NODE],
  },
  {
    name: 'multi-NIC on a single card',
    records: [node({ cni: cni({ multiNic: true }), metrics: gauges({}) })],
    subjects: [],
  },
]);

const gauges3 = {
  asOf: ago(5),
  eniMax: 3,
  eniAllocated: 1,
  ipMax: 27,
  totalAddresses: 9,
  assignedAddresses: 4,
  totalPrefixes: 0,
  forceRemovedAddresses: 0,
  refusedCalls: null,
  apiErrors: {},
};

cases('metrics-untrusted', [
  {
    name: 'more assigned than there are',
    records: [node({ metrics: { ...gauges3, assignedAddresses: 12 } })],
    subjects: [NODE],
    severity: 'info',
  },
  {
    name: 'negative',
    records: [node({ metrics: { ...gauges3, totalAddresses: -4, assignedAddresses: -5 } })],
    subjects: [NODE],
    says: /negative/,
  },
  { name: 'consistent', records: [node({ metrics: gauges3 })], subjects: [] },
  { name: 'not read', records: [node()], subjects: [] },
]);
