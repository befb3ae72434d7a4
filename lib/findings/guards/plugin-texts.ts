/**
 * Errors that a plugin gets from the kernel, a driver or another program on the node: their meaning, and what to do.
 */
import type { CniFailureKind } from '../../cni/errors';

/** Why, and what to do. */
export type Explained = readonly [why: string, advice: string];

/**
 * Settings that a port rejects, by the SR-IOV plugin's message, and the fields of the network's config that request
 * them.
 */
const VF_SETTINGS: readonly (readonly [said: RegExp, fields: string])[] = [
  [/^vlan/i, 'vlan, vlanQoS and vlanProto'],
  [/^link state/i, 'link_state'],
  [/^spoof/i, 'spoofchk'],
  [/^trust/i, 'trust'],
  [/rate/i, 'min_tx_rate and max_tx_rate'],
];

function vfSettingRefused(said: string): Explained {
  const fields = VF_SETTINGS.find(([pattern]) => pattern.test(said))?.[1] ?? 'what it names';
  const isVlan = /^vlan/i.test(said);
  return [
    `The physical function of the device does not take this setting for a virtual function (VF): ${said}.`,
    `Leave ${fields} out of the network’s config (the SR-IOV operator: out of the SriovNetwork), or use a card whose driver has it: ip link set PF vf 0 … on the node shows what it takes.${
      isVlan
        ? ' The plugin sriov sets the VLAN even if the config names none (0): a card in switchdev mode, or one whose VLANs are managed elsewhere (a trunk policy), refuses that. An InfiniBand card has no VLANs: use the plugin ib-sriov for it.'
        : ''
    }`,
  ];
}

/** By kind of failure; `subject`: what the message names, empty without one. */
export const PLUGIN_TEXTS: Readonly<Partial<Record<CniFailureKind, (subject: string) => Explained>>> = {
  'address-in-use': () => [
    'The kernel refuses the address: another ipvlan interface on the same link of the node has it, in a running pod or in the sandbox of an earlier pod that is not gone.',
    'Look up the address: if another pod has it, correct the IPAM (host-local on several nodes, a fixed address in a template, a reservation that was lost). If none has it, the sandbox of an earlier pod is left on the node: crictl pods shows it, and crictl rmp removes it; deleting pods by force leaves such sandboxes.',
  ],
  'ipv6-disabled': (subject) => [
    `The kernel refuses the IPv6 address ${subject}: IPv6 is switched off in the pod’s network namespace (disable_ipv6=1), which it has from the node’s default or from the plugin before.`,
    'Set net.ipv6.conf.default.disable_ipv6=0 and net.ipv6.conf.all.disable_ipv6=0 on the node (and no ipv6.disable=1 on the kernel’s command line), or leave the IPv6 range out of the network. A first network without IPv6 may switch it off in the pod: a tuning plugin before this one, with net.ipv6.conf.IFNAME.disable_ipv6=0, switches it on.',
  ],
  'allocated-twice': (subject) => [
    `host-local has given ${subject} to the same sandbox and interface before: the plugin was called a second time, or two networks of the pod keep their addresses in one directory.`,
    'If the pod asks for two networks of one name (the "name" in their configs, by which host-local keeps its files in /var/lib/cni/networks), give them different names. Otherwise it passes with the next sandbox; if it does not, remove the file named after the address in /var/lib/cni/networks/NAME on the node.',
  ],
  'default-route-taken': (subject) => [
    `The plugin adds a default route via ${subject}, and the pod already has one from an earlier network. Calico always adds a default route, so it cannot be a second network beside the cluster’s.`,
    'If Calico already provides the pod’s first interface, remove this network from the annotation; to choose the IP pool, use the annotation cni.projectcalico.org/ipv4pools. For a second interface, use another type of network (macvlan, ipvlan, bridge). To replace the cluster network with Calico’s, name it in v1.multus-cni.io/default-network.',
  ],
  'link-in-pod': (subject) => [
    `The pod has a link ${subject} already, so the plugin cannot make another of that name.`,
    'Two networks of the pod must not ask for one interface name, and Multus must be called once: two of its configs in /etc/cni/net.d of the node, or the cluster’s network both as default and in the annotation, call a plugin twice for the same name.',
  ],
  'firewall-refused': (subject) => [
    subject === 'nftables'
      ? 'The plugin portmap writes its rules with nftables, and the kernel of the node refuses them.'
      : `A plugin (portmap for host ports, or the firewall plugin) runs ${subject} on the node, and it fails; the end of the event has its message.`,
    subject === 'nftables'
      ? 'Use "backend": "iptables" for portmap in the network’s config, or a node with a newer kernel.'
      : 'Messages about a lock pass: many pods start at once. “No chain/target/match” means that the kernel lacks a module (xt_multiport, xt_comment, nf_nat) or that something removed a chain; RULE_INSERT or RULE_APPEND failed, that iptables-nft and iptables-legacy are mixed on the node: let kube-proxy, the CNI and the node use the same one, and restart the node.',
  ],
  'sysctl-missing': (subject) => [
    `The plugin tuning sets a sysctl that the pod does not have: ${subject}. The name of the link in it is not the name of an interface of the pod, or the kernel has no such setting.`,
    'Write IFNAME in place of the link’s name: net.ipv4.conf.IFNAME.arp_filter is that of the network’s own interface, whatever it is called. IPv6 settings (accept_ra) exist under net.ipv6 only.',
  ],
  'route-unreachable': (subject) => [
    `A route of the network goes by way of a gateway that the interface does not reach: ${subject}.`,
    'The gateway of each route must be in the subnet of the address that the interface gets: correct "routes" and "gateway" in the network’s IPAM, or the prefix length of the address (a /32 reaches no gateway).',
  ],
  'gateway-silent': (subject) => [
    `Kube-OVN asks the gateway ${subject} of the subnet before it lets the pod start, and the gateway does not answer.`,
    'Check that the gateway is there, and that the VLAN or the provider network of the node reaches it; an ACL of the Subnet may drop the question. For a gateway that does not answer ping or ARP, set disableGatewayCheck in the Subnet.',
  ],
  'claim-on-host-network': () => [
    'DRANET moves a claimed device into the pod’s own network namespace, and a pod on the host network has none. The pod keeps the claim while it waits, so nobody else gets the device.',
    'Take either hostNetwork: true or the claim out of the pod: on the host network it sees every link of the node without a claim. Delete the pod, so that the device is free again.',
  ],
  'link-left': (subject) => [
    `The plugin makes the links ${subject} for the container, and one of that name is there already: it was asked twice for one container, as where Multus’ own config is its default network, or an earlier attempt left it.`,
    'Look at 00-multus.conf of the node (/etc/cni/net.d): its default network must be the cluster’s own config, and must appear once. Restart the Multus pod of the node, so that it writes the file again, and delete the pod.',
  ],
  'no-physical-function': (subject) => [
    `The plugin sriov sets up a virtual function through its physical function, and the node has none for ${subject}: inside a virtual machine, an EC2 instance as well, a function is passed through by itself.`,
    'Use the plugin host-device for the network, with the same annotation resourceName: it moves the device into the pod without its physical function.',
  ],
  'claimed-link-not-moved': (subject) => {
    const device = subject.slice(0, subject.indexOf(' '));
    return [
      `The container runtime asks DRANET (dra.net) to set up device ${device} for the pod, and that failed: ${subject}. The claim keeps the device while the pod waits.`,
      `Look for the link of ${device} on the node (ip link, the ResourceSlice of dra.net): one that is a port of a bond, a bridge or another link cannot move into a pod, and one that is still inside another pod is not there. Leave such devices out by a selector of the DeviceClass or by DRANET's --filter.`,
    ];
  },
  'device-link-missing': (subject) =>
    /Mvp\d+$/.test(subject)
      ? [
          `The macvtap device ${subject} was made on the node, and is not there any more: it goes into the pod once, and gets another name there.`,
          'If the network of a virtual machine says "default: true", Multus asks for it as the pod’s first network and as a further one: take default: true out (KubeVirt), or the network out of the annotation. If the link was renamed on the node (udev, systemd-networkd), end that.',
        ]
      : [
          `The device that the pod was given has no link ${subject} where the plugin looks for it: another pod may have it, something renamed it, or, as a virtual function (VF), it is bound to another driver (vfio-pci).`,
          'Look for the device with ip link and lspci -k on the node. A virtual function that no pod has: unbind it from its driver and bind it again. If the link was renamed meanwhile (udev, or a second network that wants the same name), end that; use a current version of the plugin.',
        ],
  'spiderpool-kept': (subject) => [
    `Spiderpool keeps the addresses of a StatefulSet’s pod by the names of its interfaces, in a SpiderEndpoint that is named after the pod, and cannot give the pod what is kept: ${subject}. No pool is full.`,
    'Compare the interfaces in the SpiderEndpoint of the pod (kubectl get spiderendpoint, in the pod’s namespace) with those that its annotations ask for now: if networks were added, taken out or renamed, take that back, or scale the StatefulSet down and up again, so that Spiderpool releases what it keeps; the pods get other addresses then. “exhaust all retries” means that many pods changed one SpiderIPPool at once: that passes.',
  ],
  'bandwidth-refused': (subject) =>
    subject.startsWith('adding link')
      ? [
          `The plugin bandwidth limits what a pod sends with an ifb link on the node, and the kernel does not make it (${subject}).`,
          'Load the modules ifb and sch_tbf on the node and at every boot, or use a newer kernel. Until then, leave kubernetes.io/egress-bandwidth out of the pods that start there; kubernetes.io/ingress-bandwidth needs no ifb link.',
        ]
      : [
          `The plugin bandwidth shapes the node’s end of a veth pair, and the plugin before it made none, or does not name it in its result: ${subject}.`,
          'Leave bandwidth out of the "plugins" of a network without a veth pair (ipvlan, macvlan, host-device, SR-IOV: a virtual function has max_tx_rate), and its annotations (kubernetes.io/ingress-bandwidth, egress-bandwidth) out of pods whose first network cannot limit it.',
        ],
  'config-version': (subject) => [
    `The config asks for CNI version ${subject}, and the plugin’s program on the node is older than that: it does not know it.`,
    'Bring a current version of the plugin’s program to the node (its DaemonSet or the node’s image puts it into /opt/cni/bin), or set "cniVersion" to one that the message lists: in /etc/cni/net.d of the node if it is the cluster’s own network, else in the NetworkAttachmentDefinition.',
  ],
  'sandbox-slow': () => [
    'The container runtime had not finished an earlier attempt at this sandbox in the time that the kubelet gives it.',
    'Something on the node is slow: its disk, a plugin that waits for its agent or for the API server, or the pull of the sandbox’s image. The log of the runtime (journalctl -u containerd) has the pod’s name; the kubelet tries again once the earlier attempt has ended.',
  ],
  'plugin-killed': (subject) => [
    `The plugin ended without a word${subject === '' ? '' : ` (${subject})`}: it was not the plugin that gave up.`,
    'The node’s kernel log (dmesg, journalctl -k) shows whether it ran out of memory, and security software on the node may kill programs in /opt/cni/bin that it does not know. Otherwise it took longer than the kubelet waits: look for what it asks (the API server, an agent’s socket), and at the load of the node.',
  ],
  'ovs-port-not-ready': (subject) => [
    `The pod’s port is in Open vSwitch, and OVN has not installed its flows: ${subject}.`,
    'Check the pods of kube-ovn’s DaemonSets ovs-ovn (ovn-controller) and kube-ovn-cni on the node: their restarts, their log, and whether they reach the OVN databases. During a live migration the port becomes ready only once KubeVirt has scheduled the target.',
  ],
  'vf-setting-refused': vfSettingRefused,
  'guid-invalid': (subject) => [
    `An InfiniBand function needs a GUID, and this one has none that is valid: ${subject}.`,
    'Give the virtual function a GUID: ib-kubernetes assigns them (its config needs the pool of GUIDs and the subnet manager), or the annotation names one ("infiniband-guid", with the capability infinibandGUID in the network’s config), or the node’s set-up writes it (ip link set PF vf N node_guid …).',
  ],
  'not-chained': () => [
    'A plugin that changes what another has made (portmap, bandwidth, tuning, sbr, route-override …) was called first, so there is no interface to change.',
    'If the pod’s network is the cluster’s own, look into /etc/cni/net.d of the node: Multus takes the first file by name, and one that holds such a plugin alone, or a list without its main plugin, must go. Restart kube-multus on the node then. In a NetworkAttachmentDefinition, put the main plugin before it in "plugins".',
  ],
  'vlan-taken': () => [
    'A link has a VLAN once on a node, in whichever network namespace: another pod of this network, or the node itself, has it already.',
    'Let one pod per node use this network (spread them over other nodes), or make the VLAN link on the node (ens8.200) and put the pods on it with macvlan or ipvlan. If no pod on the node has it, a link of an earlier pod or of the node is left: ip -d link show type vlan.',
  ],
  'whereabouts-file-missing': (subject) => [
    `whereabouts reads its own config from a file on the node, and does not find it: ${subject}.`,
    'The whereabouts DaemonSet writes whereabouts.d/whereabouts.conf below the CNI directory of the node. Where that is not /etc/cni/net.d (k3s, RKE2, MicroK8s), mount the right directory into the DaemonSet, and name the file in the network’s IPAM: "configuration_path".',
  ],
  'cilium-refused': (subject) => [
    `The pod has its address; Cilium’s agent on the node did not connect it: ${subject}.`,
    'Check the pod of the DaemonSet cilium on the node: its restarts, its log for the pod’s name, and its CPU limit where it answers too late or too often (429). With an option that the kernel or this version lacks, every endpoint fails: undo the last change of cilium-config.',
  ],
  'state-file-cut': () => [
    'A state file that a plugin keeps for the pod on the node is empty or truncated, as after a full disk or a crash. flannel keeps one per container in /var/lib/cni/flannel, Multus in /var/lib/cni/multus, libcni in /var/lib/cni/results.',
    'Make sure that the node’s disk has free space and inodes (df, df -i), and remove the empty file of this container (find /var/lib/cni -size 0). The kubelet then succeeds at its next attempt; Multus need not be redeployed.',
  ],
  'interface-name-taken': (subject) => [
    `Multus would name an interface ${subject}, and another interface of the pod already has that name. If the annotation does not request that name twice, Multus runs twice for the pod: its config is the default network of another Multus config, or the node has two Multus configs.`,
    'Check /etc/cni/net.d on the node. It should contain one Multus config, first in order, whose default network (delegates, clusterNetwork) is the cluster’s own CNI and not 00-multus.conf or a copy of it. Delete the others and restart kube-multus there. A network that the daemon adds to every pod also takes net1.',
  ],
  'address-tentative': (subject) => [
    `IPv6 duplicate address detection (DAD) does not complete on ${subject}: another host on the link has the address, or the link is down.`,
    'Look up the address. If another pod or host has it, correct the IPAM (host-local on several nodes assigns the same addresses). Otherwise check that the parent is up and that the switch forwards IPv6 multicast. The tuning plugin with net.ipv6.conf.IFNAME.accept_dad=0 turns DAD off.',
  ],
  'interface-name-kept': (subject) => [
    `Multus takes ${subject} for a second interface of that name, as the container runtime has kept the result of the first. This is reported of Multus 3.7.1, and not of 3.6 (multus-cni #669, #677).`,
    'Use a newer release of Multus, and restart kube-multus on the node; the kubelet then removes the pod. Deleting the pod by force leaves its sandbox and its addresses behind.',
  ],
};
