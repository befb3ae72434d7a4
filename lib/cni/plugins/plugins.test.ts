import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNetworkConfig, type NetworkConfig, type PluginSemantics } from '../config';
import { PLUGINS, pluginOf } from '../registry';

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
    says: 'dummy interface, which leads nowhere',
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

describe('each plugin reads its config (multus.md §2.2)', () => {
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

  it('covers every plugin that makes an interface', () => {
    const covered = new Set(CASES.flatMap((c) => ('type' in c.config ? [c.config.type] : [])));
    expect(
      PLUGINS.filter((plugin) => plugin.kind === 'main' && !covered.has(plugin.type)).map(({ type }) => type),
    ).toEqual([]);
  });
});

/** What the plugin refuses, or does not do as meant. */
const FAULTS: readonly (readonly [config: object, fault: string, resource?: string])[] = [
  [
    { type: 'ipvlan', master: 'eth1', mode: 'bridge', ...IPAM },
    'error ipvlan: unknown ipvlan mode: "bridge" (l2, l3, l3s)',
  ],
  [
    { type: 'ipvlan', master: 'eth1' },
    'error ipvlan: ipvlan needs an address: without "ipam" it fails with "IPAM plugin returned missing IP config"',
  ],
  [
    { type: 'ipvlan', master: 'ens33:1', ...IPAM },
    'error ipvlan: master "ens33:1" is an address alias, not a link: it never works',
  ],
  [{ type: 'ipvlan', master: 7, ...IPAM }, 'error ipvlan: "master" is a number, a string is wanted'],
  [{ type: 'ipvlan', mtu: '9000', ...IPAM }, 'error ipvlan: "mtu" is a string, a whole number is wanted'],
  [{ type: 'macvlan', mode: 'l2' }, 'error macvlan: unknown macvlan mode: "l2" (bridge, private, vepa, passthru)'],
  [{ type: 'macvlan', mac: 'x' }, 'error macvlan: "mac" is no MAC address: x'],
  [{ type: 'macvlan', mtu: -1 }, 'error macvlan: invalid MTU -1'],
  [{ type: 'macvlan', vlan: 100 }, 'warning macvlan: key "vlan" is not read'],
  [
    { type: 'vlan', vlanId: 1 },
    'error vlan: "master" field is required. It specifies the host interface name to create the VLAN for.',
  ],
  // The plugin's message still says 4095.
  [
    { type: 'vlan', master: 'eth1', vlanId: 4095, ...IPAM },
    'error vlan: invalid VLAN ID 4095 (must be between 0 and 4094)',
  ],
  [{ type: 'vlan', master: 'eth1', vlanId: 5 }, 'error vlan: vlan needs an address: "ipam" is missing'],
  [{ type: 'vlan', master: 'eth1', vlan: 5 }, 'warning vlan: key "vlan" is not read; "vlanId" is meant?'],
  [{ type: 'host-device' }, 'error host-device: specify either "device", "hwaddr", "kernelpath" or "pciBusID"'],
  [
    { type: 'host-device', 'pciBusID ': '0000:00:07.0' },
    'warning host-device: key "pciBusID " is not read; "pciBusID" is meant?',
  ],
  [{ type: 'host-device', hwaddr: 'x' }, 'error host-device: "hwaddr" is no MAC address: x'],
  [
    { type: 'host-device', kernelpath: '/dev/x' },
    'error host-device: kernel device path "/dev/x" must be absolute and begin with /sys/devices/',
  ],
  [
    { type: 'host-device', device: 'eth1' },
    'warning host-device: the device that a/b hands out is not used: "device", "hwaddr" and "kernelpath" win over it',
    'a/b',
  ],
  [
    { type: 'sriov' },
    'warning sriov: no annotation k8s.v1.cni.cncf.io/resourceName on the network: unless a pod names a "deviceID" itself, the plugin fails with "VF pci addr is required"',
  ],
  [{ type: 'sriov', vlan: 4095 }, 'error sriov: invalid VLAN ID 4095 (must be between 0 and 4094)', 'a/b'],
  [{ type: 'sriov', vlanQoS: 8, vlan: 1 }, 'error sriov: invalid vlan QoS 8: value must be between 0 and 7', 'a/b'],
  [{ type: 'sriov', vlan: 0, vlanQoS: 1 }, 'error sriov: "vlanQoS" needs a "vlan" other than 0', 'a/b'],
  [{ type: 'sriov', vlanQoS: 0 }, 'error sriov: "vlanQoS" needs a "vlan"', 'a/b'],
  [{ type: 'sriov', vlanProto: '802.1Q' }, 'error sriov: "vlanProto" needs a "vlan"', 'a/b'],
  [
    { type: 'sriov', vlan: 5, vlanProto: 'QinQ' },
    'error sriov: "vlanProto" is "qinq", not one of 802.1q, 802.1ad',
    'a/b',
  ],
  [
    { type: 'sriov', vlan: 0, vlanProto: '802.1AD' },
    'error sriov: "vlanProto" 802.1ad needs a "vlan" other than 0',
    'a/b',
  ],
  [{ type: 'sriov', spoofchk: 'yes' }, 'warning sriov: "spoofchk" is "yes", which counts as "off"', 'a/b'],
  [{ type: 'ib-sriov', pkey: '7' }, 'warning ib-sriov: "pkey" is no partition key: 7', 'a/b'],
  [
    { type: 'bridge', master: 'eth1' },
    'warning bridge: "master" means nothing to a bridge: its uplink is set on the node',
  ],
  [
    { type: 'bridge', hairpinMode: true, promiscMode: true },
    'error bridge: cannot set hairpin mode and promiscuous mode at the same time',
  ],
  [
    { type: 'bridge', disableContainerInterface: true, ...IPAM },
    'error bridge: cannot use IPAM when DisableContainerInterface flag is set',
  ],
  [{ type: 'bridge', vlan: 4095 }, 'error bridge: invalid VLAN ID 4095 (must be between 0 and 4094)'],
  [{ type: 'bridge', vlanTrunk: [{ id: 4095 }] }, 'error bridge: incorrect trunk id parameter'],
  [{ type: 'bridge', vlanTrunk: [{ minID: 0, maxID: 5 }] }, 'error bridge: incorrect trunk minID parameter'],
  [
    { type: 'bridge', vlanTrunk: [{ minID: 7, maxID: 5 }] },
    'error bridge: minID is greater than maxID in trunk parameter',
  ],
  [
    { type: 'bridge', vlanTrunk: [{ minID: 7 }] },
    'error bridge: minID and maxID should be configured simultaneously, maxID is missing',
  ],
  [
    { type: 'bridge', vlanTrunk: [null] },
    'error bridge: an element of "vlanTrunk" is null, on which the plugin crashes',
  ],
  [{ type: 'bridge', vlanTrunk: [{ Id: 5, min: 1 }] }, 'warning bridge: key "vlanTrunk.min" is not read'],
  // Go refuses a wrong type whether or not the value is used.
  [{ type: 'bridge', forceAddress: 'yes' }, 'error bridge: "forceAddress" is a string, true or false is wanted'],
  [{ type: 'bridge', args: { cni: { mac: 7 } } }, 'error bridge: "args.cni.mac" is a number, a string is wanted'],
  [
    { type: 'macvlan', bcqueuelen: -1 },
    'error macvlan: "bcqueuelen" is -1, a whole number from 0 to 4294967295 is wanted',
  ],
  [{ type: 'macvlan', mtu: 1500.5 }, 'error macvlan: "mtu" is 1500.5, a whole number is wanted'],
  [{ type: 'ovs', bridge: 'br0', vlan: -1 }, 'error ovs: "vlan" is -1, a whole number from 0 is wanted'],
  [{ type: 'ovs', bridge: 'br0', trunk: [{}] }, 'error ovs: trunk parameter is misconfigured'],
  [{ type: 'ovs', bridge: 'br0', trunk: [{ minID: 4097 }] }, 'error ovs: incorrect trunk minID parameter'],
  [
    { type: 'ovs', bridge: 'br0', trunk: [{ minID: 9, maxID: 8 }] },
    'error ovs: minID is greater than maxID in trunk parameter',
  ],
  [{ type: 'ptp' }, 'error ptp: ptp needs an address: "ipam" is missing'],
  [
    { type: 'bond', mode: 'active-backup', links: [{ name: 'net1' }] },
    'error bond: a bond needs at least two links with a name, there is 1',
  ],
  [{ type: 'bond', mode: 'x', links: [{ name: 'a' }, { name: 'b' }] }, 'error bond: unknown bond mode: "x"'],
  [{ type: 'bond', mode: '1', links: [{ name: 'a' }, { name: 'b' }] }, 'error bond: unknown bond mode: "1"'],
  [
    { type: 'bond', mode: 'balance-rr', miimon: '100', links: [{ name: 'a' }, { name: 'a' }] },
    'warning bond: the same link is named twice',
  ],
  [
    { type: 'bond', mode: 'balance-rr', links: [{ name: 'a' }, { name: 'b' }] },
    'error bond: "miimon" is no number in quotes: ""',
  ],
  [
    { type: 'bond', mode: 'balance-rr', miimon: 100, links: [{ name: 'a' }, { name: 'b' }] },
    'error bond: "miimon" is a number, a string is wanted',
  ],
  [
    { type: 'bond', mode: 'balance-rr', miimon: '1', mtu: 60, links: [{ name: 'a' }, { name: 'b' }] },
    'error bond: MTU 60 is too small for IPv4',
  ],
  [{ type: 'ovs', vlan: 1 }, 'error ovs: "bridge" is missing: which Open vSwitch bridge?'],
  [{ type: 'userspace' }, 'error userspace: "host" is missing: which engine on the node?'],
  [{ type: 'userspace', host: { engine: 'x' } }, 'warning userspace: host: unknown engine "x"'],
  [
    { type: 'aws-cni' },
    'warning aws-cni: the VPC CNI works as the cluster network only; as an extra network it fails with "failed to add default route: file exists"',
  ],
];

describe('faults', () => {
  it.each(FAULTS.map((c) => [JSON.stringify(c[0]), ...c] as const))('%s', (_, config, fault, resource) => {
    const { faults, problems } = read(config, resource ?? null);
    expect(faults.map(({ severity, text }) => `${severity} ${text}`)).toContain(fault);
    expect(problems).toEqual(faults.map(({ text }) => text));
  });

  it.each([
    { type: 'ipvlan', MASTER: 'eth1', Mode: 'l3', ...IPAM },
    { type: 'macvlan', master: 'eth1', _comment: 'x', '//': 'y', '#': 'z' },
    { type: 'sriov', deviceID: '0000:00:07.0', vlan: 5, vlanQoS: 3, vlanProto: '802.1AD' },
    { type: 'bridge', vlan: 5, vlanTrunk: [{ id: 2 }, { minID: 3, maxID: 9 }] },
    { type: 'macvlan', master: null, capabilities: { mac: true }, args: {}, dns: {}, runtimeConfig: {} },
    { type: 'calico', whatever: 1 },
  ])('%j has none', (config) =>
    expect(read(config).faults.filter(({ text }) => !text.includes('same virtual function'))).toEqual([]),
  );
});

describe('meta plugins', () => {
  const chain = (...plugins: object[]) => read({ name: 'n', plugins });

  it.each([
    [{ type: 'tuning', sysctl: {} }, 'then kernel settings', null],
    [{ type: 'tuning', mac: 'x' }, 'then kernel settings', 'error tuning: "mac" is no MAC address: x'],
    [{ type: 'sbr', table: 7 }, 'then source-based routing in table 7', null],
    [
      { type: 'bandwidth', ingressRate: 5 },
      'then bandwidth limits',
      'error bandwidth: "ingressRate" needs "ingressBurst"',
    ],
    [
      { type: 'bandwidth', egressBurst: 5 },
      'then bandwidth limits',
      'error bandwidth: "egressBurst" needs "egressRate"',
    ],
    [
      { type: 'bandwidth', egressRate: 1, egressBurst: 2 ** 35 },
      'then bandwidth limits',
      'error bandwidth: "egressBurst" cannot be more than 4GB',
    ],
    [
      { type: 'bandwidth', unshapedSubnets: [] },
      'then bandwidth limits',
      'warning bandwidth: key "unshapedSubnets" is not read',
    ],
    [{ type: 'portmap', snat: true }, 'then port mappings', null],
    [{ type: 'portmap', markMasqBit: 32 }, 'then port mappings', 'error portmap: MasqMarkBit must be between 0 and 31'],
    [
      { type: 'portmap', runtimeConfig: { portMappings: [{ hostPort: 80 }] } },
      'then port mappings',
      'error portmap: Invalid container port number: 0',
    ],
    [{ type: 'portmap', backend: 'x' }, 'then port mappings', 'error portmap: unrecognized backend "x"'],
    [
      { type: 'portmap', backend: 'nftables', conditionsV4: ['-d', '10.0.0.1'] },
      'then port mappings',
      'error portmap: backend nftables does not know conditionsV4, which iptables has',
    ],
    [{ type: 'portmap', backend: 'nftables', conditionsV4: ['ip daddr 10.0.0.1'] }, 'then port mappings', null],
    [
      { type: 'tuning', args: { cni: { sysctl: { 'net.core.somaxconn': '5' } } } },
      'then kernel settings',
      'error tuning: "args.cni.sysctl" without a "sysctl", on which the plugin crashes',
    ],
    [
      { type: 'tuning', sysctl: { 'net.core.somaxconn': 500 } },
      'then kernel settings',
      'error tuning: "sysctl.net.core.somaxconn" is a number, a string is wanted',
    ],
    [
      { type: 'route-override', addroutes: [{ dst: 'x' }] },
      'then routes changed',
      'error route-override: "addroutes.dst": invalid CIDR address: x',
    ],
    [
      { type: 'portmap', markMasqBit: 1, externalSetMarkChain: 'x' },
      'then port mappings',
      'error portmap: Cannot specify externalSetMarkChain and markMasqBit',
    ],
    [{ type: 'firewall', ingressPolicy: 'x' }, 'then firewall rules', 'error firewall: unknown ingress policy: "x"'],
    [{ type: 'vrf', vrfname: 'blue' }, 'then VRF blue', null],
    [
      { type: 'vrf' },
      'then VRF (not named)',
      'error vrf: configuration is expected to have a valid vrf name: "vrfname" is missing',
    ],
    [{ type: 'rdma' }, 'then its RDMA device moved along', null],
    [{ type: 'route-override', flushroutes: true }, 'then routes removed', null],
    [{ type: 'route-override', addroutes: [] }, 'then routes changed', null],
    [{ type: 'passthru' }, 'then the result passed on', null],
  ])('%j', (meta, says, fault) => {
    const config = chain({ type: 'macvlan', master: 'eth1' }, meta);
    expect(config.mainPlugin).toBe(0);
    expect(config.parent).toEqual({ kind: 'host-device', value: 'eth1' });
    expect(config.description.endsWith(says)).toBe(true);
    expect(config.faults.map(({ severity, text }) => `${severity} ${text}`)).toEqual(fault === null ? [] : [fault]);
  });

  it('are skipped when looking for the plugin that makes the interface', () => {
    const config = chain({ type: 'tuning' }, { type: 'sbr' }, { type: 'macvlan', master: 'eth1' });
    expect(config.mainPlugin).toBe(2);
    expect(config.plugins).toEqual(['tuning', 'sbr', 'macvlan']);
  });

  it('cannot stand alone', () => {
    expect(chain({ type: 'tuning' })).toMatchObject({
      mainPlugin: null,
      error: 'no plugin of the chain makes an interface',
    });
  });

  it('an ipvlan behind another plugin takes that one’s interface', () => {
    const config = chain({ type: 'tuning' }, { type: 'ipvlan', ...IPAM });
    expect(config.parent).toEqual({ kind: 'unknown', value: null });
    expect(config.parentEvidence).toContain('the plugin before it');
  });
});

describe('the list', () => {
  it('has every file of this folder, each under the name of its type', () => {
    const files = readdirSync(import.meta.dirname, { withFileTypes: true })
      .filter((file) => file.isFile() && !file.name.endsWith('.test.ts') && file.name !== 'unknown.ts')
      .map((file) => file.name.replace(/\.ts$/, ''));
    expect(files.filter((name) => pluginOf(name) === null)).toEqual([]);
    expect(PLUGINS).toHaveLength(files.length);
  });

  it('knows binaries by their exact name, aliases included', () => {
    expect(pluginOf('weave')?.type).toBe('weave-net');
    expect(pluginOf('IPVLAN')).toBeNull();
    expect(pluginOf('__proto__')).toBeNull();
  });

  it('names no type twice', () => {
    const types = PLUGINS.flatMap((plugin) => [plugin.type, ...(plugin.aliases ?? [])]);
    expect(new Set(types).size).toBe(types.length);
  });
});
