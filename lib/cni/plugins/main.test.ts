import { describe, expect, it } from 'vitest';
import { readNetworkConfig, type NetworkConfig, type PluginSemantics } from '../config';
import { PLUGINS } from '../registry';

const read = (config: object, resourceName: string | null = null): NetworkConfig =>
  readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', ...config }), resourceName);
const IPAM = { ipam: { type: 'host-local', subnet: '10.0.0.0/24' } };

interface Case {
  readonly config: object;
  readonly resource?: string;
  /** kind and value of the parent */
  readonly parent: string;
  readonly certainty: NetworkConfig['parentCertainty'];
  readonly mode?: string;
  readonly vlan?: number;
  readonly semantics?: Partial<PluginSemantics>;
  readonly says: string;
}

const CASES: readonly Case[] = [
  {
    config: { type: 'ipvlan', master: 'eth1', ...IPAM },
    parent: 'host-device eth1',
    certainty: 'observed',
    mode: 'l2',
    semantics: { leavesNodeOnEni: true, macPolicy: 'parent', onePodPerDevice: false, perNode: false },
    says: 'ipvlan in mode l2 on host interface eth1, whose MAC all its pods share',
  },
  {
    config: { type: 'ipvlan', mode: 'l3s', ...IPAM },
    parent: 'default-route -',
    certainty: 'inferred',
    mode: 'l3s',
    says: "ipvlan in mode l3s on the node's default-route interface",
  },
  {
    config: { type: 'ipvlan', master: 'net1', linkInContainer: true, ...IPAM },
    parent: 'container-link net1',
    mode: 'l2',
    certainty: 'observed',
    semantics: { linkInContainer: true, leavesNodeOnEni: false },
    says: "on the pod's interface net1",
  },
  {
    config: { type: 'ipvlan', master: 'eth0.50', ...IPAM },
    parent: 'host-device eth0.50',
    mode: 'l2',
    certainty: 'inferred',
    says: 'on host interface eth0.50',
  },
  {
    config: { type: 'ipvlan', master: 'bond0', ...IPAM },
    parent: 'host-device bond0',
    mode: 'l2',
    certainty: 'unknown',
    says: 'on host interface bond0',
  },
  {
    config: { type: 'macvlan', master: 'ens6', mtu: 1500 },
    parent: 'host-device ens6',
    certainty: 'observed',
    mode: 'bridge',
    semantics: { leavesNodeOnEni: false, macPolicy: 'own', onePodPerDevice: false },
    says: 'macvlan in mode bridge on host interface ens6, with a MAC of its own for every pod',
  },
  {
    config: { type: 'macvlan', master: 'ens6', mode: 'passthru' },
    parent: 'host-device ens6',
    certainty: 'observed',
    mode: 'passthru',
    semantics: { macPolicy: 'parent', onePodPerDevice: true },
    says: 'macvlan in mode passthru',
  },
  {
    config: { type: 'vlan', master: 'eth1', vlanId: 100, ...IPAM },
    parent: 'host-device eth1',
    certainty: 'observed',
    vlan: 100,
    semantics: { leavesNodeOnEni: true, macPolicy: 'parent' },
    says: 'VLAN 100 on host interface eth1',
  },
  {
    config: { type: 'host-device', device: 'eth3' },
    parent: 'host-device eth3',
    certainty: 'observed',
    semantics: { leavesNodeOnEni: true, macPolicy: 'parent', onePodPerDevice: true },
    says: 'host device eth3, moved whole into the pod',
  },
  {
    config: { type: 'host-device', device: 'eth3', hwaddr: '02:00:00:00:00:01', pciBusID: '0000:00:07.0' },
    parent: 'host-device eth3',
    certainty: 'observed',
    says: 'host device eth3',
  },
  {
    config: { type: 'host-device', hwaddr: '02-00-00-00-00-0A', pciBusID: '0000:00:07.0' },
    parent: 'hwaddr 02:00:00:00:00:0a',
    certainty: 'observed',
    says: 'host device with MAC 02:00:00:00:00:0a',
  },
  {
    config: {
      type: 'host-device',
      kernelpath: '/sys/devices/pci0000:00/0000:00:1f.0/0000:01:07.0',
      pciBusID: '0000:00:07.0',
    },
    parent: 'pci 0000:01:07.0',
    certainty: 'inferred',
    says: 'host device at /sys/devices/',
  },
  {
    config: { type: 'host-device', pciBusID: '00:07.0' },
    parent: 'pci 0000:00:07.0',
    certainty: 'observed',
    says: 'host device at PCI 0000:00:07.0',
  },
  {
    config: { type: 'host-device', pciBusID: '0000:00:07.0' },
    resource: 'intel.com/nic',
    parent: 'resource intel.com/nic',
    certainty: 'observed',
    semantics: { onePodPerDevice: false },
    says: 'host device from intel.com/nic',
  },
  {
    config: { type: 'sriov', vlan: 821, vlanQoS: 3, spoofchk: 'on', trust: 'off', link_state: 'auto' },
    resource: 'openshift.io/nic1',
    parent: 'resource openshift.io/nic1',
    certainty: 'observed',
    vlan: 821,
    semantics: { leavesNodeOnEni: true, macPolicy: 'unknown', onePodPerDevice: false },
    says: 'SR-IOV virtual function from openshift.io/nic1 with VLAN 821',
  },
  {
    config: { type: 'ib-sriov', pkey: '0x223F', link_state: 'enable' },
    resource: 'nvidia.com/ib',
    parent: 'resource nvidia.com/ib',
    certainty: 'observed',
    says: 'InfiniBand virtual function from nvidia.com/ib in partition 0x223F',
  },
  {
    config: { type: 'bridge' },
    parent: 'bridge cni0',
    certainty: 'observed',
    semantics: { perNode: true, leavesNodeOnEni: false },
    says: 'bridge cni0 on each node',
  },
  {
    config: { type: 'bridge', bridge: 'br1', vlan: 7, isDefaultGateway: true, ...IPAM },
    parent: 'bridge br1',
    certainty: 'observed',
    vlan: 7,
    says: "bridge br1 on each node, VLAN 7, which is the pods' default gateway",
  },
  {
    config: { type: 'ptp', ipMasq: true, ...IPAM },
    parent: 'none -',
    certainty: 'observed',
    semantics: { perNode: true },
    says: 'point-to-point link between pod and node, masqueraded',
  },
  {
    config: {
      type: 'bond',
      mode: 'active-backup',
      miimon: '100',
      linksInContainer: true,
      links: [{ name: 'net1' }, { name: 'net2' }],
    },
    parent: 'container-link net1,net2',
    certainty: 'observed',
    mode: 'active-backup',
    semantics: { linkInContainer: true },
    says: "bond in mode active-backup of the pod's interfaces net1, net2",
  },
  {
    config: { type: 'bond', mode: '802.3ad', miimon: '0', links: [{ name: 'eth1' }, { name: 'eth2' }] },
    parent: 'host-device eth1,eth2',
    certainty: 'observed',
    mode: '802.3ad',
    semantics: { onePodPerDevice: true },
    says: 'of host interfaces eth1, eth2',
  },
  { config: { type: 'tap' }, parent: 'none -', certainty: 'observed', says: 'tap device' },
  {
    config: { type: 'tap', bridge: 'br1' },
    parent: 'bridge br1',
    certainty: 'observed',
    says: 'tap device on bridge br1',
  },
  {
    config: { type: 'dummy', ...IPAM },
    parent: 'none -',
    certainty: 'observed',
    says: 'dummy interface, not connected to anything',
  },
  { config: { type: 'loopback' }, parent: 'none -', certainty: 'observed', says: "the pod's own loopback interface" },
  {
    config: { type: 'ovs', bridge: 'eth1', vlan: 100 },
    parent: 'bridge eth1',
    certainty: 'observed',
    vlan: 100,
    semantics: { leavesNodeOnEni: false },
    says: 'port on Open vSwitch bridge eth1, VLAN 100',
  },
  {
    config: { type: 'userspace', host: { engine: 'vpp', iftype: 'memif', memif: { role: 'master' } }, container: {} },
    parent: 'none -',
    certainty: 'observed',
    mode: 'memif',
    semantics: { kernelInterface: false },
    says: 'userspace interface: memif master through vpp',
  },
  {
    config: {
      type: 'userspace',
      host: { engine: 'ovs-dpdk', iftype: 'vhostuser', vhost: { mode: 'client' }, bridge: { bridgeName: 'br0' } },
    },
    parent: 'bridge br0',
    certainty: 'observed',
    mode: 'vhostuser',
    says: 'userspace interface: vhostuser client through ovs-dpdk',
  },
  {
    config: { type: 'flannel', delegate: { isDefaultGateway: true } },
    parent: 'none -',
    certainty: 'observed',
    says: 'flannel overlay through a bridge',
  },
  { config: { type: 'calico', anything: 1 }, parent: 'none -', certainty: 'observed', says: 'Calico' },
  { config: { type: 'cilium-cni' }, parent: 'none -', certainty: 'observed', says: 'Cilium' },
  { config: { type: 'weave-net' }, parent: 'none -', certainty: 'observed', says: 'Weave Net overlay' },
  {
    config: { type: 'kube-ovn', provider: 'a.b.ovn' },
    parent: 'none -',
    certainty: 'observed',
    says: 'Kube-OVN logical switch of provider a.b.ovn',
  },
  {
    config: { type: 'ovn-k8s-cni-overlay', topology: 'layer2' },
    parent: 'none -',
    certainty: 'observed',
    mode: 'layer2',
    says: 'OVN-Kubernetes overlay, layer2',
  },
  {
    config: { type: 'ovn-k8s-cni-overlay', topology: 'localnet', physicalNetworkName: 'phys', vlanID: 5 },
    parent: 'none -',
    certainty: 'unknown',
    mode: 'localnet',
    vlan: 5,
    says: 'OVN-Kubernetes localnet on physical network phys, VLAN 5',
  },
  { config: { type: 'aws-cni', mtu: '9001' }, parent: 'none -', certainty: 'observed', says: 'Amazon VPC CNI' },
  {
    config: { type: 'aws-ipvlan', master: 'ens6' },
    parent: 'unknown ens6',
    certainty: 'unknown',
    semantics: { macPolicy: 'unknown', leavesNodeOnEni: false },
    says: 'plugin aws-ipvlan, which ifscope does not know',
  },
];

describe('each plugin reads its config (multus §2.2)', () => {
  it.each(CASES.map((c) => [JSON.stringify(c.config), c] as const))('%s', (_, c) => {
    const config = read(c.config, c.resource ?? null);
    expect(config.state).toBe('valid');
    expect(config.error).toBeNull();
    expect(`${config.parent.kind} ${config.parent.value ?? '-'}`).toBe(c.parent);
    expect(config.parentCertainty).toBe(c.certainty);
    expect(config.parentEvidence).not.toBe('');
    expect(config.mode).toBe(c.mode ?? null);
    expect(config.vlan).toBe(c.vlan ?? null);
    expect(config.semantics).toMatchObject(c.semantics ?? {});
    expect(config.description).toContain(c.says);
  });

  it('covers every plugin that creates an interface', () => {
    const covered = new Set(CASES.flatMap((c) => ('type' in c.config ? [c.config.type] : [])));
    expect(
      PLUGINS.filter((plugin) => plugin.kind === 'main' && !covered.has(plugin.type)).map(({ type }) => type),
    ).toEqual([]);
  });
});
