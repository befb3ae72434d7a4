import { node } from '../../../e2e/testing/findings';
import { CLAIMED, claimFace, claimPod, devicePool } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const host = (change: Parameters<typeof devicePool>[0] = {}) => node({ devicePools: [devicePool(change)] });
const SRIOV = 'sriovnetwork.k8snetworkplumbingwg.io';

cases('claimed-device-gone', [
  {
    name: 'no slice lists it',
    records: [host(), claimPod({ listed: false }), claimFace()],
    subjects: [CLAIMED],
    says: /no ResourceSlice of generation 3/,
  },
  {
    name: 'a virtual function',
    records: [host({ driver: SRIOV }), claimPod({ driver: SRIOV, device: '0000-18-02-1', listed: false }), claimFace()],
    subjects: [CLAIMED],
  },
  {
    name: 'a device of another node',
    records: [
      host(),
      node({ name: 'n2', devicePools: [devicePool({ pool: 'n2' })] }),
      claimPod({ pool: 'n2' }),
      claimFace(),
    ],
    subjects: [CLAIMED],
    severity: 'error',
    says: /is on another node[^]*a device of n2/,
    commands: /get resourceclaim c1/,
  },
  {
    name: 'guard: the node of the pool is unknown',
    records: [host(), claimPod({ pool: 'n2' }), claimFace()],
    subjects: [],
  },
  {
    name: 'guard: a pool of several nodes',
    records: [
      host(),
      node({ name: 'n2', devicePools: [devicePool({ pool: 'shared' })] }),
      node({ name: 'n3', devicePools: [devicePool({ pool: 'shared' })] }),
      claimPod({ pool: 'shared' }),
      claimFace(),
    ],
    subjects: [],
  },
  { name: 'listed', records: [host(), claimPod(), claimFace()], subjects: [] },
  { name: 'guard: slices are not read', records: [host(), claimPod({ listed: null }), claimFace()], subjects: [] },
  {
    name: 'guard: the pool is not complete',
    records: [host({ expected: 2 }), claimPod({ listed: false }), claimFace()],
    subjects: [],
  },
  {
    name: 'guard: a link without a PCI device leaves the slice when a pod gets it',
    records: [host(), claimPod({ device: 'vlan7', listed: false }), claimFace()],
    subjects: [],
  },
  {
    name: 'guard: another driver may list what it wants',
    records: [
      host({ driver: 'networkdriver.cilium.io' }),
      claimPod({ driver: 'networkdriver.cilium.io', listed: false }),
      claimFace(),
    ],
    subjects: [],
  },
  {
    name: 'guard: the node is being deleted',
    records: [node({ devicePools: [devicePool()], gone: true }), claimPod({ listed: false }), claimFace()],
    subjects: [],
  },
]);
