import { describe, expect, it } from 'vitest';
import { readNetworkConfig, type NetworkConfig } from '../config';

const read = (config: object, resourceName: string | null = null): NetworkConfig =>
  readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', ...config }), resourceName);
const IPAM = { ipam: { type: 'host-local', subnet: '10.0.0.0/24' } };

/** What the plugin rejects, or does not do as intended. */
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
  [
    { type: 'ipvlan', master: 'eth1', mode: 'l3s', ipam: { type: 'dhcp' } },
    'warning ipvlan: ipvlan in mode l3s sends and receives no broadcast, so DHCP gets no answer: use mode l2',
  ],
  [
    { type: 'ovn-k8s-cni-overlay', topology: 'layer2', ...IPAM },
    'error ovn-k8s-cni-overlay: IPAM key is not supported: OVN-Kubernetes assigns the addresses of "subnets"',
  ],
  [
    { type: 'ovn-k8s-cni-overlay', topology: 'layer4' },
    'error ovn-k8s-cni-overlay: topology "layer4" is not supported (layer2, layer3, localnet)',
  ],
  [
    { type: 'ovn-k8s-cni-overlay', topology: 'layer3', allowPersistentIPs: true },
    'error ovn-k8s-cni-overlay: layer3 topology does not allow persistent IPs',
  ],
  [
    { type: 'ovn-k8s-cni-overlay', topology: 'localnet', role: 'primary' },
    'error ovn-k8s-cni-overlay: "localnet" topology does not allow role "primary": it is always a secondary network',
  ],
  [
    { type: 'ovn-k8s-cni-overlay', topology: 'layer2', role: 'primary' },
    'error ovn-k8s-cni-overlay: the subnet attribute must be defined for layer2 primary user defined networks',
  ],
  [{ type: 'ovn-k8s-cni-overlay', role: 'main' }, 'error ovn-k8s-cni-overlay: invalid network role value main'],
  [{ type: 'ipvlan', master: 7, ...IPAM }, 'error ipvlan: "master" is a number, a string is wanted'],
  [{ type: 'ipvlan', mtu: '9000', ...IPAM }, 'error ipvlan: "mtu" is a string, a whole number is wanted'],
  [{ type: 'macvlan', mode: 'l2' }, 'error macvlan: unknown macvlan mode: "l2" (bridge, private, vepa, passthru)'],
  [{ type: 'macvlan', mac: 'x' }, 'error macvlan: "mac" is not a MAC address: x'],
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
  [{ type: 'vlan', master: 'eth1', vlan: 5 }, 'warning vlan: key "vlan" is not read; did you mean "vlanId"?'],
  [{ type: 'host-device' }, 'error host-device: specify either "device", "hwaddr", "kernelpath" or "pciBusID"'],
  [
    { type: 'host-device', 'pciBusID ': '0000:00:07.0' },
    'warning host-device: key "pciBusID " is not read; did you mean "pciBusID"?',
  ],
  [{ type: 'host-device', hwaddr: 'x' }, 'error host-device: "hwaddr" is not a MAC address: x'],
  [
    { type: 'host-device', kernelpath: '/dev/x' },
    'error host-device: kernel device path "/dev/x" must be absolute and begin with /sys/devices/',
  ],
  [
    { type: 'host-device', device: 'eth1' },
    'warning host-device: the device that a/b hands out is not used: "device", "hwaddr" and "kernelpath" take precedence',
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
  [{ type: 'ib-sriov', pkey: '7' }, 'warning ib-sriov: "pkey" is not a partition key: 7', 'a/b'],
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
  // Go rejects a wrong type whether or not the value is used.
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
    'error bond: "miimon" is not a number in quotes: ""',
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
  ])('%j has no faults', (config) =>
    expect(read(config).faults.filter(({ text }) => !text.includes('same virtual function'))).toEqual([]),
  );
});
