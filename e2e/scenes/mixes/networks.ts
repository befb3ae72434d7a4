/** Nodes with Multus networks: every plugin with a host NIC, and every kind of evidence for which one (multus §3.5). */
import { addNode } from '../../../lib/sim/model/ec2-nodes';
import type { ExtraEni } from '../../../lib/sim/model/extra-enis';
import { writeInventory } from '../../../lib/sim/model/inventory';
import { writeNodeEni } from '../base/node-eni';
import { must } from '../../../lib/sim/model/must';
import { addNetwork } from '../../../lib/sim/model/networks';
import { linkName, type OsFlavour, type SimNode } from '../../../lib/sim/model/node';
import { addHybridNode } from '../../../lib/sim/scenes/base/hybrid-node';
import { addSubnet, allowFinding, type ClusterState } from '../../../lib/sim/model/state';
import type { SimSubnet } from '../../../lib/sim/model/subnet';
import { installCrds } from '../../../lib/sim/scenes/base/scene';
import { KEPT_OUT, NAMESPACE, someQuirk, startOn, withFinished, type Mix } from './mix';

/** Subnets of the extra ENIs, by device index from 1. */
const planesOf = (state: ClusterState, { index, subnet }: Mix, count: number): SimSubnet[] =>
  Array.from({ length: count }, (_, plane) =>
    addSubnet(state, {
      name: `plane-${index}-${plane + 1}`,
      cidr: `10.${81 + plane}.${index}.0/24`,
      zone: subnet.zone,
    }),
  );

const enisIn = (planes: readonly SimSubnet[]): ExtraEni[] =>
  planes.map((subnet, device) => ({ subnet, device: device + 1, tags: KEPT_OUT }));

const macOf = (state: ClusterState, node: SimNode, device: number): string =>
  must(
    [...node.eniIds].map((id) => state.ec2.eni(id)).find(({ attachment }) => attachment?.device === device),
    `device ${device}`,
  ).mac;

export function multus(state: ClusterState, mix: Mix): void {
  const { subnet, pods, index } = mix;
  const os = state.random.pick(['al2', 'al2023', 'bottlerocket'] as const);
  const link = (device: number): string => (os === 'al2023' ? `ens${device + 5}` : `eth${device}`);
  const planes = planesOf(state, mix, 3);
  const [one, two, three] = [must(planes[0], 'subnet'), must(planes[1], 'subnet'), must(planes[2], 'subnet')];
  const net = (name: string): string => `${NAMESPACE}/${name}-${index}`;
  const named = { namespace: NAMESPACE, from: 20 } as const;
  addNetwork(state, {
    ...named,
    name: `ipvlan-${index}`,
    plugin: 'ipvlan',
    master: link(1),
    device: 1,
    range: one.cidr,
  });
  addNetwork(state, {
    ...named,
    name: `vlan-${index}`,
    plugin: 'vlan',
    master: link(2),
    device: 2,
    range: two.cidr,
    extra: { vlanId: 100 + index },
  });
  addNetwork(state, {
    ...named,
    name: `macvlan-${index}`,
    plugin: 'macvlan',
    master: link(2),
    device: 2,
    range: two.cidr,
    from: 200,
  });
  addNetwork(state, {
    ...named,
    name: `hostdev-${index}`,
    plugin: 'host-device',
    master: link(3),
    device: 3,
    range: three.cidr,
  });
  addNetwork(state, {
    namespace: NAMESPACE,
    name: `bridge-${index}`,
    plugin: 'bridge',
    range: `192.168.${index}.0/24`,
  });
  const node = addNode(state, {
    subnet,
    type: 'm5.4xlarge',
    os,
    multus: mix.multus,
    env: { WARM_IP_TARGET: '5', ...(state.random.chance(0.3) ? { ENABLE_PREFIX_DELEGATION: 'true' } : {}) },
    extra: enisIn(planes),
  });
  startOn(state, node, Math.max(1, pods >> 1), { requests: [{ network: net('ipvlan') }], app: 'upf' });
  startOn(state, node, 1, {
    requests: [{ network: net('hostdev'), interface: 'data0' }, { network: net('bridge') }],
    app: 'dpi',
  });
  startOn(state, node, 1, { requests: [{ network: net('macvlan') }], app: 'lab' });
  startOn(state, node, 1, {
    requests: [{ network: net('vlan') }, { network: net('ipvlan') }, { network: net('ipvlan') }],
    app: 'smf',
  });
  withFinished(state, node, Math.max(2, pods >> 1));
}

/** Two ENIs of a node in one subnet: an address does not tell which, a MAC does (multus §3.5). */
export function twins(state: ClusterState, mix: Mix): void {
  const { subnet, index } = mix;
  const [plane] = planesOf(state, mix, 1);
  const shared = must(plane, 'subnet');
  const named = { namespace: NAMESPACE, range: shared.cidr, from: 30 } as const;
  addNetwork(state, { ...named, name: `blurred-${index}`, plugin: 'macvlan', master: 'ens6', device: 1 });
  addNetwork(state, { ...named, name: `clear-${index}`, plugin: 'ipvlan', master: 'ens7', device: 2 });
  const node = addNode(state, {
    subnet,
    type: 'm5.4xlarge',
    multus: mix.multus,
    env: { WARM_IP_TARGET: '3' },
    extra: enisIn([shared, shared]),
  });
  startOn(state, node, 2, { requests: [{ network: `${NAMESPACE}/blurred-${index}` }], app: 'blurred' });
  startOn(state, node, 2, {
    requests: [{ network: `${NAMESPACE}/clear-${index}` }],
    app: 'clear',
    ...someQuirk(state),
  });
  withFinished(state, node, 2);
}

/** An inventory of the node's links: a name or PCI address leads to the ENI, whatever the addresses say. */
export function inventories(state: ClusterState, mix: Mix): void {
  const { subnet, index } = mix;
  const inventory = state.random.pick(['nmstate', 'sriov'] as const);
  const os = state.random.pick<OsFlavour>(['al2023', 'ubuntu']);
  const node = addNode(state, {
    subnet,
    type: 'm5.4xlarge',
    os,
    multus: mix.multus,
    env: { WARM_IP_TARGET: '3' },
    extra: enisIn(planesOf(state, mix, 4)),
    inventory,
  });
  const named = { namespace: NAMESPACE, assignsInEc2: false } as const;
  const net = (name: string): string => `${NAMESPACE}/${name}-${index}`;
  // Addresses outside every subnet.
  addNetwork(state, {
    ...named,
    name: `listed-${index}`,
    plugin: 'macvlan',
    master: linkName(os, 1),
    device: 1,
    range: `172.18.${index}.0/24`,
  });
  addNetwork(state, {
    ...named,
    name: `by-mac-${index}`,
    plugin: 'host-device',
    device: 2,
    naming: 'hwaddr',
    isUserspace: true,
    ipam: 'none',
    extra: { hwaddr: macOf(state, node, 2).toUpperCase() },
  });
  addNetwork(state, {
    ...named,
    name: `by-pci-${index}`,
    plugin: 'host-device',
    device: 3,
    naming: 'pci',
    isUserspace: true,
    ipam: 'none',
    extra: {
      pciBusID: must(
        node.links.find(({ name }) => name === linkName(os, 3)),
        'link',
      ).pciAddress,
    },
  });
  startOn(state, node, 2, { requests: [{ network: net('listed') }], app: 'listed', ...someQuirk(state) });
  startOn(state, node, 1, { requests: [{ network: net('by-mac') }, { network: net('by-pci') }], app: 'dpdk' });
  withFinished(state, node, 2);
}

/** Only the parent's name, or not even that; what a name means depends on the node's OS (multus §3.4, §3.5). */
export function namesOnly(state: ClusterState, mix: Mix): void {
  const { subnet, index } = mix;
  const os = state.random.pick<OsFlavour>(['al2', 'bottlerocket', 'al2023', 'ubuntu']);
  const node = addNode(state, {
    subnet,
    type: 'm5.4xlarge',
    os,
    multus: mix.multus,
    env: { WARM_IP_TARGET: '3' },
    extra: enisIn(planesOf(state, mix, 3)),
  });
  if (state.random.chance(0.5)) writeNodeEni(state, node, `enis-${index}`);
  const net = (name: string): string => `${NAMESPACE}/${name}-${index}`;
  const named = { namespace: NAMESPACE, plugin: 'macvlan' } as const;
  addNetwork(state, { ...named, name: `l2-${index}`, master: linkName(os, 2), device: 2, ipam: 'none' });
  addNetwork(state, {
    ...named,
    name: `far-${index}`,
    master: linkName(os, 1),
    device: 1,
    range: `172.19.${index}.0/24`,
  });
  addNetwork(state, {
    namespace: NAMESPACE,
    plugin: 'host-device',
    name: `hwaddr-${index}`,
    device: 3,
    naming: 'hwaddr',
    isUserspace: true,
    assignsInEc2: false,
    ipam: 'none',
    extra: { hwaddr: macOf(state, node, 3).toUpperCase() },
  });
  // Only one of the two: the kernel refuses ipvlan and macvlan on one link.
  const plugin = state.random.pick(['macvlan', 'ipvlan'] as const);
  addNetwork(state, {
    namespace: NAMESPACE,
    plugin,
    name: `default-${index}`,
    device: 0,
    naming: 'default-route',
    assignsInEc2: false,
    range: `172.20.${index}.0/24`,
  });
  if (plugin === 'ipvlan') allowFinding(state, 'network-subnet-mismatch', `net:${net('default')}`);
  startOn(state, node, 1, { requests: [{ network: net('l2') }, { network: net('far') }], app: 'named' });
  startOn(state, node, 1, { requests: [{ network: net('hwaddr') }], app: 'dpdk' });
  startOn(state, node, 1, { requests: [{ network: net('default') }], app: 'defaulted', ...someQuirk(state) });
  withFinished(state, node, 2);
}

/** Plugins without a host NIC whose addresses happen to be an ENI's: none of it may become a link (multus §3.5). */
export function noLinks(state: ClusterState, mix: Mix): void {
  const { subnet, index } = mix;
  const planes = planesOf(state, mix, 2);
  const [plane, other] = [must(planes[0], 'subnet'), must(planes[1], 'subnet')];
  const node = addNode(state, {
    subnet,
    type: 'm5.4xlarge',
    os: state.random.pick<OsFlavour>(['al2', 'al2023']),
    multus: mix.multus,
    env: { WARM_IP_TARGET: '3' },
    extra: enisIn(planes),
  });
  // EC2 lists the same addresses that the node's bridges assign.
  const trap = must(
    [...node.eniIds].map((id) => state.ec2.eni(id)).find(({ subnetId }) => subnetId === plane.id),
    'ENI',
  );
  const listed = [20, 21, 22].map((last) => plane.cidr.replace(/0\/\d+$/, String(last)));
  for (const ip of listed) if (!plane.occupy(ip)) throw new Error(`${ip} is taken`);
  state.ec2.enis.patch(trap.id, { secondaryIps: listed });
  const net = (name: string): string => `${NAMESPACE}/${name}-${index}`;
  const inPlane = { namespace: NAMESPACE, range: plane.cidr, from: 20, ipam: 'host-local' } as const;
  addNetwork(state, { ...inPlane, name: `bridge-${index}`, plugin: 'bridge' });
  addNetwork(state, { ...inPlane, name: `ptp-${index}`, plugin: 'ptp' });
  addNetwork(state, { ...inPlane, name: `ovs-${index}`, plugin: 'ovs', extra: { bridge: 'eth1' } });
  addNetwork(state, { ...inPlane, name: `dummy-${index}`, plugin: 'dummy' });
  addNetwork(state, { ...inPlane, name: `tap-${index}`, plugin: 'tap' });
  const overlays = ['flannel', 'calico', 'cilium', 'ovn-k8s-cni-overlay'] as const;
  for (const plugin of overlays) {
    const range = `10.244.${index}.0/24`;
    // OVN-Kubernetes refuses an IPAM.
    const ipam = plugin === 'ovn-k8s-cni-overlay' ? 'none' : inPlane.ipam;
    addNetwork(state, { ...inPlane, name: `${plugin}-${index}`, plugin, range, ipam });
  }
  addNetwork(state, {
    namespace: NAMESPACE,
    name: `memif-${index}`,
    plugin: 'userspace',
    isUserspace: true,
    ipam: 'none',
    extra: { host: { engine: 'vpp', iftype: 'memif' }, container: { engine: 'vpp', iftype: 'memif' } },
  });
  const ipvlan = { namespace: NAMESPACE, plugin: 'ipvlan', range: other.cidr, from: 40 } as const;
  addNetwork(state, { ...ipvlan, name: `leg-${index}`, master: linkName(node.facts.os, 2), device: 2 });
  addNetwork(state, {
    ...inPlane,
    name: `bond-${index}`,
    plugin: 'bond',
    extra: {
      mode: 'active-backup',
      linksInContainer: true,
      miimon: '100',
      links: [{ name: 'net1' }, { name: 'net2' }],
    },
  });
  startOn(state, node, 2, {
    requests: ['bridge', 'ptp', 'ovs', 'dummy', 'tap'].map((name) => ({ network: net(name) })),
    app: 'local',
  });
  startOn(state, node, 1, { requests: [...overlays, 'memif'].map((name) => ({ network: net(name) })), app: 'overlay' });
  startOn(state, node, 1, { requests: ['leg', 'leg', 'bond'].map((name) => ({ network: net(name) })), app: 'bonded' });
  withFinished(state, node, 2);
}

/**
 * whereabouts with one slice of the range per node and a pool for each (multus §4.2); another range has a start and an
 * end.
 */
export function slices(state: ClusterState, mix: Mix): void {
  const { subnet, index } = mix;
  const planes = planesOf(state, mix, 2);
  const plane = must(planes[1], 'subnet');
  addNetwork(state, {
    namespace: NAMESPACE,
    name: `sliced-${index}`,
    plugin: 'macvlan',
    master: 'ens6',
    device: 1,
    range: `172.22.${index}.0/24`,
    sliceBits: 28,
  });
  const declared = { namespace: NAMESPACE, plugin: 'ipvlan', master: 'ens7', device: 2, range: plane.cidr } as const;
  addNetwork(state, { ...declared, name: `low-${index}`, from: 30, to: 60, declaresRange: true });
  addNetwork(state, { ...declared, name: `high-${index}`, from: 100, to: 140, declaresRange: true });
  const net = (name: string): string => `${NAMESPACE}/${name}-${index}`;
  for (let each = 0; each < 2; each += 1) {
    const node = addNode(state, {
      subnet,
      type: 'm5.xlarge',
      multus: mix.multus,
      env: { WARM_IP_TARGET: '3' },
      extra: enisIn(planes),
      ...(each === 0 ? { inventory: 'nmstate' as const } : {}),
    });
    startOn(state, node, 2, { requests: [{ network: net('sliced') }], app: 'sliced' });
    startOn(state, node, 2, { requests: [{ network: net('low') }, { network: net('high') }], app: 'ranged' });
  }
}

/** Bare metal with SR-IOV: virtual functions, and an inventory that lists them. */
export function sriov(state: ClusterState, mix: Mix): void {
  const { index, pods } = mix;
  const resource = 'openshift.io/fastnet';
  const name = `metal-${index}.lab.example.com`;
  const node = addHybridNode(state, {
    name,
    ip: `192.0.2.${100 + index}`,
    multus: mix.multus,
    sriov: [{ name: 'ens1f0', vfs: 8 }],
    sriovResource: resource,
    computeType: 'other',
    inventory: 'sriov',
  });
  installCrds(state, 'sriovnetwork.openshift.io/sriovnetworknodestates');
  addNetwork(state, {
    namespace: NAMESPACE,
    name: `fast-${index}`,
    plugin: 'sriov',
    resourceName: resource,
    range: `172.30.${index}.0/24`,
    extra: { vlan: 200 + index, spoofchk: 'off' },
  });
  startOn(state, node, Math.min(pods, 6), {
    app: 'dpdk',
    requests: [{ network: `${NAMESPACE}/fast-${index}` }],
    resources: { [resource]: 1 },
  });
  writeInventory(state, node);
}
