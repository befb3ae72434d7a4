import type { MetaPlugin } from '../base/plugin';

/** Moves the RDMA device of a NIC into the pod's namespace. */
export const rdma: MetaPlugin = {
  kind: 'meta',
  type: 'rdma',
  fields: { deviceID: 'string', args: { cni: { rdmaDeviceName: 'string', debug: 'bool' } } },
  read: () => 'its RDMA device moved into the pod with it',
};
