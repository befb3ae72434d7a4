import { node } from '../../../e2e/testing/findings';
import { devicePool } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const EFA = 'vpc.amazonaws.com/efa';
const pools = [devicePool({ resources: [EFA] })];

cases('device-offered-twice', [
  {
    name: 'EFA by device plugin and by claim',
    records: [node({ devicePools: pools, allocatable: { [EFA]: 4 } })],
    subjects: ['node:n1'],
    says: /vpc.amazonaws.com\/efa 4/,
  },
  {
    name: 'virtual functions by both',
    records: [
      node({
        devicePools: [
          devicePool({ driver: 'sriovnetwork.k8snetworkplumbingwg.io', resources: ['intel.com/a', 'intel.com/b'] }),
        ],
        allocatable: { 'intel.com/b': 8 },
      }),
    ],
    subjects: ['node:n1'],
  },
  { name: 'by claim alone', records: [node({ devicePools: pools })], subjects: [] },
  {
    name: 'guard: the device plugin has none',
    records: [node({ devicePools: pools, allocatable: { [EFA]: 0 } })],
    subjects: [],
  },
  {
    name: 'guard: by device plugin alone',
    records: [node({ devicePools: [devicePool()], allocatable: { [EFA]: 4 } })],
    subjects: [],
  },
]);
