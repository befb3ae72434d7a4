import { node } from '../../../e2e/testing/findings';
import { devicePool } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const host = (...pools: readonly ReturnType<typeof devicePool>[]) => node({ devicePools: pools });
const CILIUM = { driver: 'networkdriver.cilium.io', pool: 'fast', sharedWith: ['n2', 'n3'] };

cases('device-pool-incomplete', [
  {
    name: 'a slice is missing for a minute',
    records: [host(devicePool({ expected: 2 }))],
    later: 60,
    subjects: ['node:n1'],
    severity: 'warning',
    says: /1 ResourceSlice of generation 3 [^]*should have 2/,
  },
  { name: 'a slice is missing for a moment', records: [host(devicePool({ expected: 2 }))], later: 59, subjects: [] },
  {
    name: 'more slices than the pool declares',
    records: [host(devicePool({ slices: 2 }))],
    later: 60,
    subjects: ['node:n1'],
  },
  {
    name: 'the newest generation is not complete',
    records: [host(devicePool({ expected: 2, outdated: 2 }))],
    later: 60,
    subjects: ['node:n1'],
    says: /2 slices are still of an older generation/,
  },
  {
    name: 'the newest generation is complete, with old slices left',
    records: [host(devicePool({ outdated: 1 }))],
    later: 60,
    subjects: ['node:n1'],
    severity: 'info',
  },
  {
    name: 'several nodes share one pool',
    records: [host(devicePool(CILIUM))],
    subjects: ['node:n1'],
    severity: 'warning',
    says: /of n2, n3 have the same driver/,
  },
  {
    name: 'guard: the slices of a shared pool are not counted by node',
    records: [host(devicePool({ ...CILIUM, expected: 3 }))],
    later: 60,
    subjects: ['node:n1'],
    says: /^Several nodes share/m,
  },
  { name: 'complete', records: [host(devicePool())], later: 60, subjects: [] },
]);
