/** Facts of resource.k8s.io for tests. */
import type { DeviceStatus, ResourceClaimFact, ResourceSliceFact, SliceDevice } from '../../lib/model/facts';
import type { Observation } from '../../lib/model/observation';
import { Engine } from '../../lib/topology/engine';
import { AT } from './facts';

export { AT, eni, iso, node, pod } from './facts';

const object = (namespace: string, name: string) => ({ namespace, name, uid: 'u1', createdAt: null, deleting: false });
const DEVICE = { driver: 'dra.net', pool: 'n1', device: 'pci-1', shareId: null } as const;

/** A claim of pod train for one device of dra.net on n1. */
export const claim = (
  name: string,
  network: DeviceStatus['network'],
  reason: string | null = null,
): ResourceClaimFact => ({
  ...object('default', name),
  requests: [{ name: 'nic', deviceClass: 'nics' }],
  allocated: true,
  allocatedAt: null,
  node: 'n1',
  devices: [{ request: 'nic', ...DEVICE, adminAccess: false, tolerates: false }],
  pods: [{ name: 'train', uid: 'u1' }],
  status: [{ ...DEVICE, conditions: [{ type: 'Ready', status: 'True', reason, message: null }], network }],
  problems: [],
});

export const sliceDevice = (more: Partial<SliceDevice>): SliceDevice => ({
  name: 'pci-1',
  ifName: null,
  mac: null,
  ips: [],
  up: null,
  pciAddress: '0000:00:06.0',
  pcieRoot: null,
  mtu: null,
  numaNode: null,
  encapsulation: null,
  rdma: null,
  rdmaDevice: null,
  virtual: null,
  product: null,
  pfName: null,
  pfPciAddress: null,
  resourceName: null,
  taints: [],
  ...more,
});

export const slice = (devices: readonly SliceDevice[], more: Partial<ResourceSliceFact> = {}): ResourceSliceFact => ({
  ...object('', 'n1-dra.net'),
  driver: 'dra.net',
  pool: 'n1',
  generation: 1,
  sliceCount: 1,
  node: 'n1',
  devices,
  ...more,
});

export function engineOf(observations: readonly Observation[]): Engine {
  const engine = new Engine();
  engine.apply({ at: AT, observations });
  return engine;
}
