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
    name: 'guard: another driver may list what it likes',
    records: [
      host({ driver: 'networkdriver.cilium.io' }),
      claimPod({ driver: 'networkdriver.cilium.io', listed: false }),
      claimFace(),
    ],
    subjects: [],
  },
  {
    name: 'guard: the node is going',
    records: [node({ devicePools: [devicePool()], gone: true }), claimPod({ listed: false }), claimFace()],
    subjects: [],
  },
]);
