import type { MetaPlugin } from '../plugin';

/** Moves the RDMA device of a NIC into the pod's namespace. */
export const rdma: MetaPlugin = {
  kind: 'meta',
  type: 'rdma',
  keys: [],
  read: () => 'its RDMA device moved along',
};
