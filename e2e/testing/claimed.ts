/**
 * Records of pods with claimed devices, for tests of findings: pod p1 has device pci-0000-20-01-0 of dra.net, set up
 * correctly.
 */
import type {
  EniRecord,
  InterfaceRecord,
  NodeRecord,
  PodClaimRecord,
  PodDevice,
  PodRecord,
} from '../../lib/model/records';
import { face, foreignEni, pod } from './findings';

export const GPU = 'gpu.nvidia.com';
export const CLAIMED = 'if:core/p1/gpu0';

export const device = (change: Partial<PodDevice> = {}): PodDevice => ({
  request: 'nic',
  deviceClass: 'nics',
  driver: 'dra.net',
  pool: 'n1',
  device: 'pci-0000-20-01-0',
  kind: 'network',
  ready: true,
  reason: null,
  reported: { name: 'gpu0', ips: ['10.6.0.14'], mac: '02:00:00:00:00:0f' },
  listed: true,
  pciAddress: '0000:20:01.0',
  pcieRoot: 'pci0000:20',
  hostLink: null,
  adminAccess: false,
  tolerates: false,
  interface: CLAIMED,
  ...change,
});

export const gpu = (change: Partial<PodDevice> = {}): PodDevice =>
  device({ request: 'gpu', driver: GPU, device: 'gpu-0', kind: 'gpu', reported: null, interface: null, ...change });

export const claimOf = (...devices: readonly PodDevice[]): PodClaimRecord => ({
  name: 'nic',
  claim: 'c1',
  template: null,
  state: 'allocated',
  pods: 1,
  deviceClasses: ['nics'],
  devices,
});

export const claimPod = (change: Partial<PodDevice> = {}, more: Partial<PodRecord> = {}): PodRecord =>
  pod('p1', { claims: [claimOf(device(change))], ...more });

/** The claimed interface of p1, which has the ENI of `claimedEni` to itself. */
export const claimFace = (change: Partial<InterfaceRecord> & { readonly podName?: string } = {}): InterfaceRecord =>
  face('gpu0', {
    network: 'class:nics',
    mac: '02:00:00:00:00:0f',
    requestIndex: null,
    claim: {
      name: 'c1',
      driver: 'dra.net',
      device: 'pci-0000-20-01-0',
      kind: 'network',
      whole: true,
      pods: 1,
      rdmaDevice: null,
    },
    link: { rule: 'mac', certainty: 'observed', evidence: 'the driver reports the MAC', candidates: [] },
    ...change,
  });

export const claimedEni = (change: Partial<EniRecord> = {}) =>
  foreignEni({ claimedBy: [CLAIMED], offeredBy: ['dra.net/pci-0000-20-01-0'], capacity: null, ...change });

export const MANAGED = { state: 'managed', rule: 'untagged-adopted', certainty: 'observed', observed: true } as const;

type DevicePool = NodeRecord['devicePools'][number];

export const devicePool = (change: Partial<DevicePool> = {}): DevicePool => ({
  driver: 'dra.net',
  pool: 'n1',
  generation: 3,
  slices: 1,
  expected: 1,
  outdated: 0,
  sharedWith: [],
  devices: 4,
  resources: [],
  pcieRoots: ['pci0000:20', 'pci0000:30'],
  tainted: [],
  allocated: [],
  ...change,
});
