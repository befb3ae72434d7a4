import { expect, it } from 'vitest';
import { readCniFailure, type CniFailureKind } from './errors';

const CASES: readonly (readonly [text: string, kind: CniFailureKind, subject: string | null])[] = [
  [
    'netplugin failed: "/opt/cni/bin/multus: /lib64/libc.so.6: version `GLIBC_2.34\' not found (required by /opt/cni/bin/multus)"',
    'library-missing',
    'GLIBC_2.34',
  ],
  [
    'Failed to attached links to bond, error: Failed to set link: net1 MASTER, master index used: 5, error: operation not supported',
    'bond-link-refused',
    'net1 MASTER, master index used: 5, error: operation not supported',
  ],
  [
    'Failed to attached links to bond, error: Failed to set link: net1 MASTER, master index used: 5, error: device or resource busy',
    'bond-link-refused',
    'net1 MASTER, master index used: 5, error: device or resource busy',
  ],
  ['Invalid bond MTU value (9000), should be 1500 or smaller than the slave MTU', 'invalid-mtu', '9000'],
  [
    'SetNetworkStatus: failed to update the pod a in out of cluster comm: Operation cannot be fulfilled on pods "a": the object has been modified',
    'status-not-written',
    'a in out of cluster comm: Operation cannot be fulfilled on pods "a": the object has been modified',
  ],
  [
    'failed to move RDMA device mlx5_5 to namespace. operation not permitted',
    'rdma-not-moved',
    'mlx5_5 to namespace. operation not permitted',
  ],
  [
    'infiniBand SRIOV-CNI failed, InfiniBand status "mellanox.infiniband.app" is not "configured" please check mellanox ib-kubernetes',
    'ib-kubernetes-pending',
    'InfiniBand status "mellanox.infiniband.app" is not',
  ],
  ['ipam type dhcp is not supported', 'dhcp-unsupported', 'ipam type dhcp is not supported'],
  ['cannot convert: no valid IP addresses', 'result-without-address', 'cannot convert: no valid IP addresses'],
  ['fork/exec /opt/cni/bin/multus-shim: no such file or directory', 'plugin-missing', 'multus-shim'],
  [
    'getPodResources: failed to list pod resources, &{0xc0}.Get(_) = _, rpc error: code = DeadlineExceeded',
    'pod-resources-unreachable',
    'getPodResources: failed to list pod resources, &{0xc0}.Get(_) = _, rpc error: code = DeadlineExceeded',
  ],
];

it.each(CASES)('%s', (text, kind, subject) => {
  expect(readCniFailure(`error adding container to network "lan": ${text}`)).toMatchObject({ kind, subject });
});
