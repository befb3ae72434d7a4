import { describe, expect, it } from 'vitest';
import { readCniFailure, type CniFailureKind } from './errors';

const CASES: readonly (readonly [text: string, kind: CniFailureKind, subject: string | null])[] = [
  [
    'failed to create bridge "eth1": could not lookup "eth1": "eth1" already exists but is not a bridge',
    'bridge-refused',
    '"eth1" already exists but is not a bridge',
  ],
  [
    'failed to set bridge addr: "cni0" already has an IP address different from 10.244.1.1/24',
    'bridge-refused',
    '"cni0" already has an IP address different from 10.244.1.1/24',
  ],
  [
    'failed to connect "veth8d1f2a3b" to bridge br-lan: device or resource busy',
    'bridge-refused',
    'failed to connect "veth8d1f2a3b" to bridge br-lan: device or resource busy',
  ],
  ['no default route interface found', 'no-default-route-link', null],
  ['chained master failure. PrevResult lacks a single named interface', 'chained-master', null],
  ["an entry in the 'ips' field is NOT in CIDR notation, got: '10.1.1.11'", 'address-without-length', '10.1.1.11'],
  ["the 'ip' field is expected to be in CIDR notation, got: '10.1.1.11'", 'address-without-length', null],
  ["failed to allocate for range 0: requested ip 10.1.0.1 is subnet's gateway", 'address-is-gateway', '10.1.0.1'],
  ['CNI version 0.2.0 does not support more than 1 address per family', 'too-many-addresses', '0.2.0'],
  [
    'invalid range set 0: Network 10.1.0.0/31 too small to allocate from',
    'range-unusable',
    'invalid range set 0: Network 10.1.0.0/31 too small to allocate from',
  ],
  ['range set 0 overlaps with 1', 'range-unusable', 'range set 0 overlaps with 1'],
  [
    'error at storage engine: net mask is too short, subnet {192.168.205.0 ffffffff} has no usable IP addresses, it is too small',
    'range-unusable',
    'subnet {192.168.205.0 ffffffff} has no usable IP addresses',
  ],
  [
    'error at storage engine: time limit exceeded while waiting to become leader',
    'whereabouts-busy',
    'time limit exceeded while waiting to become leader',
  ],
  [
    'error at storage engine: k8s get error: client rate limiter Wait returned an error: context deadline exceeded',
    'whereabouts-busy',
    'k8s get error: client rate limiter Wait returned an error: context deadline exceeded',
  ],
  [
    'error at storage engine: failed to update the reservation list: the server rejected our request due to an error in our request',
    'whereabouts-busy',
    'failed to update the reservation list: the server rejected our request due to an error in our request',
  ],
  [
    "you have not configured the storage engine (looks like you're using an invalid `kubernetes.kubeconfig` parameter in your config)",
    'whereabouts-file-missing',
    'you have not configured the storage engine',
  ],
  [
    'cmdAdd failed: VRF red already exist with different routing table 7',
    'vrf-refused',
    'VRF red already exist with different routing table 7',
  ],
  [
    'cmdAdd failed: interface net1 has already a master set: br0',
    'vrf-refused',
    'interface net1 has already a master set: br0',
  ],
  ['No IP addresses supplied on interface: net1', 'no-address-for-rules', 'net1'],
  ['failed to find bridge br1', 'ovs-bridge-missing', 'br1'],
  ['failed to get bridge name', 'ovs-bridge-missing', 'failed to get bridge name'],
  ['missing network name', 'network-unnamed', 'missing network name'],
  [
    'failed to get clusterNetwork/defaultNetworks: GetDefaultNetworks: failed to get clusterNetwork /host/etc/cni/net.d/10-canal.conflist in namespace kube-system: stat /host/etc/cni/net.d/10-canal.conflist: no such file or directory',
    'cluster-config-gone',
    '/host/etc/cni/net.d/10-canal.conflist',
  ],
  [
    'SRIOV-CNI failed to load netconf: LoadConf(): the VF 0000:3b:02.1 does not have a interface name or a dpdk driver',
    'function-unusable',
    '0000:3b:02.1',
  ],
  [
    'SRIOV-CNI failed to load netconf: pci address 0000:3b:02.1 is already allocated',
    'function-in-use',
    '0000:3b:02.1',
  ],
  ['runtime config DeviceID 0000:af:00.1 not found or unsupported', 'function-gone', '0000:af:00.1'],
  [
    'RDMA subsystem namespace awareness mode is set to shared, expecting it to be set to exclusive, invalid system configurations',
    'rdma-shared',
    'shared',
  ],
  ['failed to create macvlan: invalid argument', 'parent-refused', 'invalid argument'],
  ['failed to rename host device "eth1" to "net1": file exists', 'link-in-pod', 'net1'],
  [
    'Multus: [shop/a/76102d9d]: error waiting for pod: timed out waiting for the condition',
    'api-slow',
    'timed out waiting for the condition',
  ],
];

describe('errors about configs, bridges and devices (multus §2.4)', () => {
  it.each(CASES)('%s', (text, kind, subject) => {
    expect(readCniFailure(`error adding container to network "lan": ${text}`)).toMatchObject({ kind, subject });
  });
});
