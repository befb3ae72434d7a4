/** What plugins answer to a config, a bridge or a device that they cannot use: its meaning, and what to do. */
import type { CniFailureKind } from '../../cni/errors';
import type { Explained } from './plugin-texts';

function bridgeRefused(said: string): Explained {
  const [, link = 'the bridge'] = /^"([^"]+)"/.exec(said) ?? [];
  if (said.includes('is not a bridge'))
    return [
      `The network’s config names ${link} as its bridge, and ${link} is another kind of link on the node: ${said}.`,
      `Name a bridge in "bridge" (the plugin makes one that is not there), and make ${link} a port of it (ip link set ${link} master BRIDGE) if pods are to reach the network behind it; or use macvlan or ipvlan with "master": "${link}".`,
    ];
  if (said.includes('IP address different'))
    return [
      `The bridge has the gateway address of an earlier range: ${said}.`,
      `If no pod is on the bridge, remove its former address or the bridge on the node (ip addr show ${link}; ip link delete ${link}): the plugin makes it again. "forceAddress": true in the config replaces the address by itself. Where this is the cluster’s own bridge (cni0), the node’s pod CIDR has changed, as by an earlier installation or when the node joined again: drain the node, delete the bridge and what host-local keeps in /var/lib/cni/networks, or restart the node.`,
    ];
  if (said.includes('in error state'))
    return [
      `The bridge plugin (since 1.5) waits until the pod’s port on the bridge is up, but it stayed down: ${said}. Its other end is inside the pod.`,
      'The kubelet tries again; if the pod then starts, no action is needed. If many pods fail, check whether another program on the node manages new links and takes them down (NetworkManager, systemd-networkd: leave veth* unmanaged), and whether the node is short of CPU.',
    ];
  return [
    `The kernel does not make the pod’s link a port of the bridge: ${said}.`,
    '“exchange full”: a Linux bridge has at most 1,024 ports, so spread the pods over more nodes, or remove links of pods that are gone (ip link show master BRIDGE). “device or resource busy”: the link is in another bridge or bond; “operation not supported”: an Open vSwitch bridge is no Linux bridge, and needs the plugin ovs.',
  ];
}

/** By kind of failure; `subject`: what the message names, empty without one. */
export const CONFIG_TEXTS: Readonly<Partial<Record<CniFailureKind, (subject: string) => Explained>>> = {
  'bridge-refused': bridgeRefused,
  'no-default-route-link': () => [
    'The network’s config names no "master", so the plugin takes the link of the node’s default route, and the node has none in its main table.',
    'Name the link in "master". If the node has a default route only in a table of its own or in a VRF, the plugin does not see it.',
  ],
  'chained-master': () => [
    'ipvlan stands behind another plugin in the list and names no "master": it then takes the one link that the plugin before it made, and that one names none or several.',
    'Name the link in "master", or put ipvlan behind a plugin that makes exactly one link (vlan, host-device).',
  ],
  'address-without-length': (subject) => [
    `The IPAM of the network (static, whereabouts) takes addresses with the length of their prefix only${subject === '' ? '' : `, and the pod asks for ${subject}`}.`,
    `Write ${subject === '' ? 'the address' : subject} with its prefix length in the annotation ("ips": ["${subject === '' ? '10.1.1.11' : subject}/24"]), and in "addresses" of the network’s IPAM as well.`,
  ],
  'address-is-gateway': (subject) => [
    `The pod asks for ${subject}, which the network’s IPAM keeps for the gateway: without "gateway" in its range, host-local takes the first address of the subnet.`,
    'Ask for another address. If the gateway is another machine, name its address in "gateway" of the range, which frees this one.',
  ],
  'too-many-addresses': (subject) => [
    `The interface would get two addresses of one family, and a result of CNI version ${subject} has room for one.`,
    'Set "cniVersion" of the network to 0.3.1 or later, or ask for one address of each family.',
  ],
  'range-unusable': (subject) => [
    `The IPAM of the network cannot use its range: ${subject}.`,
    'Correct the range in the network’s config: start and end inside the subnet, the subnet by its first address, ranges that do not overlap, and a prefix length that leaves addresses (host-local needs /30 or more; whereabouts before 0.10 as well).',
  ],
  'whereabouts-busy': (subject) => [
    `whereabouts changes its IPPools one after the other, under a lease, and did not get its turn in time: ${subject}.`,
    'Many pods that start at once wait for each other, which resolves by itself. If it does not: look at the Lease “whereabouts” in the namespace of whereabouts (kubectl get leases -A: who holds it, since when), at the time that the API server takes to answer, and at the clocks of the nodes; raise leader_lease_duration and leader_renew_deadline in the IPAM, or give networks ranges of their own or node slices.',
  ],
  'vrf-refused': (subject) => [
    `The plugin vrf cannot put the interface into its VRF: ${subject}.`,
    'Networks of a pod that name one "vrfname" must name the same "table", or none; two VRFs need different tables. An interface is in one VRF or bridge only.',
  ],
  'no-address-for-rules': (subject) => [
    `The plugin sbr makes rules by the address of ${subject}, and the previous plugin assigned none.`,
    'Give the network’s main plugin an "ipam" with an address, or leave sbr out of the list.',
  ],
  'ovs-bridge-missing': (subject) => [
    `Open vSwitch on the node has no bridge ${subject.startsWith('failed') ? 'that the plugin could find' : subject}.`,
    `Make it on every node of the network (ovs-vsctl add-br ${subject.startsWith('failed') ? 'BRIDGE' : subject}; nmstate keeps it over a reboot), or correct "bridge" in the network’s config. The label of the device plugin ovs-cni.network.kubevirt.io/BRIDGE keeps pods off nodes that lack it.`,
  ],
  'network-unnamed': (subject) => [
    `The config that the plugin got has no usable "name": ${subject}.`,
    'Put "name" into the network’s config: letters, digits, and “_”, “.” or “-” after the first character. If the message names no network, it is the cluster’s own config (/etc/cni/net.d on the node) that has none.',
  ],
  'cluster-config-gone': (subject) => [
    `Multus hands the pod’s first interface to the config ${subject}, and the node does not have that file any more.`,
    `Look for the file on the node: if the cluster’s CNI was replaced or writes another name now, give Multus that one (clusterNetwork, --multus-master-cni-file) and restart its pod. If the CNI’s own pod on the node is starting, it writes the file when it is ready.`,
  ],
  'function-unusable': (subject) => [
    `The function ${subject} has neither a link nor a driver for user space (vfio-pci, uio_pci_generic): no driver is bound to it, or one that the plugin does not know.`,
    `Look at it on the node (lspci -k -s ${subject}): bind it to its network driver, or to vfio-pci for DPDK. The SR-IOV operator does that by deviceType of the SriovNetworkNodePolicy (netdevice, vfio-pci); a device that a pod had in another network namespace comes back only when that pod has ended.`,
  ],
  'function-gone': (subject) => [
    `The device that the pod was given is not on the node as the plugin expects it: ${subject}.`,
    'If the virtual functions of the port were made again (numVfs changed, the driver was loaded again, a reboot), restart the pod of the SR-IOV device plugin on the node, so that the kubelet learns the new ones, and delete the pod.',
  ],
  'function-in-use': (subject) => [
    `The plugin sriov records on the node which sandbox has each function, and ${subject} belongs to the sandbox of another pod.`,
    `If that pod is ending, it passes. If no pod has the function, remove the file /var/lib/cni/sriov/pci/${subject} on the node: a sandbox went without telling the plugin, as in a crash of the node.`,
  ],
  'rdma-shared': (subject) => [
    `The plugin rdma moves RDMA devices into pods, which needs the mode exclusive for RDMA on the node; it is ${subject}.`,
    'Set it on the node: rdma system set netns exclusive, while no pod uses RDMA, and for every boot “options ib_core netns_mode=0” in /etc/modprobe.d. Or leave rdma out of the list: in mode shared every pod sees the devices of the node.',
  ],
  'parent-refused': (subject) => [
    `The kernel does not make the link on the network’s master: ${subject}.`,
    'Check what the master is on the node (ip -d link): a wireless link, a port of a bond or a bridge, and a link that is itself macvlan or ipvlan take none; name the bond or the bridge in its place. “operation not permitted” also means that the plugin runs without CAP_NET_ADMIN, as in a nested container.',
  ],
  'api-slow': (subject) => [
    `Multus reads the pod from the API server before it calls a plugin, and got no answer in time: ${subject}.`,
    'If other pods of the node start, it passes. Otherwise check from the node that the API server answers at the address in Multus’ kubeconfig, and how long it takes; Multus’ own pod and its CPU limit if it runs as a daemon.',
  ],
};
