/** Messages whose cause no record shows: their meaning, and what to do. */
import type { CniFailure, CniFailureKind } from '../../cni/errors';
import { CONFIG_TEXTS } from './config-texts';
import { PROGRAM_TEXTS } from './program-texts';
import { PLUGIN_TEXTS, type Explained } from './plugin-texts';

/** The meaning of a message, and what to do. */
export interface TextExplanation {
  readonly why: string;
  readonly advice: string;
}

/** The network whose socket, address or file a plugin uses, and the DaemonSet of its agent. */
const AGENTS: readonly (readonly [where: RegExp, cni: string, daemonSet: string])[] = [
  [/cilium/, 'Cilium', 'cilium'],
  [/calico/, 'Calico', 'calico-node'],
  [/flannel/, 'Flannel', 'kube-flannel-ds'],
  [/antrea/, 'Antrea', 'antrea-agent'],
  [/kube-ovn|\/api\/v1\//, 'Kube-OVN', 'kube-ovn-cni'],
  [/ovn-kubernetes|ovn-cni-server|dummy\/$/, 'OVN-Kubernetes', 'ovnkube-node'],
  [/spiderpool/, 'Spiderpool', 'spiderpool-agent'],
  [/:6784/, 'Weave Net', 'weave-net'],
];

function agentMissing(asked: string): Explained {
  const agent = AGENTS.find(([where]) => where.test(asked));
  if (agent === undefined)
    return [
      `A plugin called a daemon on the node, but nothing responds at ${asked}.`,
      `Check the pod or service that listens at ${asked} on the node: its restarts and its log. It may also listen at another path, or not share that directory with the node.`,
    ];
  const [, cni, daemonSet] = agent;
  return [
    `The plugin of ${cni} asks its agent on the node, and the agent does not answer: ${asked}.`,
    `Check the pod of the DaemonSet ${daemonSet} on the node. If ${cni} was removed from the cluster, delete the config that it left in /etc/cni/net.d of the node (the first file by name is used), or replace the node.`,
  ];
}

/** By kind of failure; `subject`: what the message names, empty without one. */
const KNOWN: Readonly<Partial<Record<CniFailureKind, (subject: string) => Explained>>> = {
  'sandbox-image': (subject) => [
    `The container runtime does not have the image of the sandbox (${subject}), and cannot pull it. No plugin has been asked for anything yet.`,
    'The end of the event says what the registry answered, or that it was not reached. Check that the node reaches the registry (private subnets need endpoints for ecr.api, ecr.dkr and s3, or NAT), that its role may pull from it, and that its container runtime is configured with an image that exists. Recent EKS AMIs bring the image with them: replace a node that has lost it.',
  ],
  'policy-agent-down': () => [
    'ipamd has given it an address; the network policy agent (container aws-eks-nodeagent of aws-node) did not answer or refused, and without it no pod starts.',
    'Check the container aws-eks-nodeagent of aws-node on the node: its restarts, its log, and whether its version matches the VPC CNI’s (v1.23.0 and later require v1.4.1 or later of the agent).',
  ],
  'pod-network-setup': (subject) => [
    `ipamd has given it an address; the plugin could not make the pod’s link and routes on the node: ${subject}`,
    'Read /var/log/aws-routed-eni/plugin.log on the node. A link or rule that an earlier sandbox left there is a common cause.',
  ],
  'windows-hns': (subject) => [
    `Windows’ Host Networking Service (HNS) refused the plugin’s request: ${subject}. The VPC resource controller has given the pod its address; no pool of the node is at fault.`,
    `${
      /already exists/i.test(subject)
        ? 'An earlier attempt left its endpoint there, as when many pods start at once or the container runtime restarted; the kubelet tries again. If it stays,'
        : 'Compare the output of Get-HnsNetwork and Get-HnsEndpoint with the node’s address and subnet. If HNS and the node disagree,'
    } drain the node and replace it (or restart the services hns and kubelet there, which interrupts its pods).`,
  ],
  'api-unreachable': (subject) => [
    `The plugin cannot reach the API server at ${subject} from the node.`,
    'If this is the address of the Service kubernetes, check kube-proxy (or its replacement) on the node. Otherwise, or if that is Ready, check the security groups, routes and firewall rules between the node and the API server.',
  ],
  'api-untrusted': (subject) => [
    `The plugin does not trust the API server (${subject}): the authority in the plugin’s kubeconfig on the node is older than the cluster’s, or a certificate has expired.`,
    'Restart the DaemonSet pod that installs this plugin on the node (kube-multus for Multus): it writes the kubeconfig with the authority that the cluster has now. If the certificate has expired, or is not valid yet, check the clock of the node and the certificate of the API server.',
  ],
  'api-proxied': (subject) => [
    `A proxy answered in place of the API server (“${subject}”): the container runtime of the node has HTTPS_PROXY set, and gives it to the plugins.`,
    'Put the Service CIDR, the address of the API server and .svc into NO_PROXY of containerd and of the kubelet on the node, and restart them.',
  ],
  'mesh-not-ready': () => [
    'The pod is in the ambient mesh, and no ztunnel of the node has connected to istio-cni.',
    'Check the pods of the DaemonSets ztunnel and istio-cni-node on the node; on a new node they may start after this pod, and the kubelet tries again.',
  ],
  'command-missing': (subject) => [
    subject === ''
      ? 'The plugin runs a command that is not on the node (exit status 127: command not found).'
      : `The plugin runs the command ${subject}, and the node has no ${subject} in its path.`,
    'Use a version of the plugin that does not need it: minimal node images (Bottlerocket, Talos) have no shell, iptables or nsenter for plugins.',
  ],
  'no-user-namespace': () => [
    'The pod asks for a user namespace (hostUsers: false), and the kernel of the node allows no more: “no space left on device” stands for the limit user.max_user_namespaces here, not for a disk.',
    'Raise user.max_user_namespaces on the node (Bottlerocket has 0 unless set), or leave hostUsers out of the pod.',
  ],
  'disk-full': () => [
    'A file system of the node is full, in bytes or in inodes.',
    'Look at df and df -i on the node: the disk of /var/lib, and /run, which is in memory. Free some space there, or replace the node with one that has a larger disk.',
  ],
  'sandbox-gone': (subject) => [
    `The sandbox ended before the plugin could connect it: its network namespace ${subject} is gone. Neither a network nor an address is at fault.`,
    'Read the log of the container runtime and of the kubelet on the node for the reason: out of memory (the pod’s limit includes its sandbox), a full disk, a restart of the runtime, or a pod that was deleted meanwhile. If every pod on the node fails like this, the plugin runs in a container that does not see the directory of the namespaces.',
  ],
  'list-interrupted': () => [
    'Links or addresses of the node changed while the plugin read them, so the kernel interrupted the list (ErrDumpInterrupted), and this version of the plugin treats that as a failure. The kubelet tries again.',
    'It passes by itself when few pods start at once. If it happens often, use a version of the plugin that repeats the read (see its release notes), or start fewer pods at once on the node.',
  ],
  'plugin-not-run': (subject) => [
    `The plugin’s file cannot be run on the node: ${subject}.`,
    subject.includes('exec format')
      ? 'The file is for another architecture, or is cut off: the image that installs it must fit the node (arm64 or amd64), and the disk must not be full. Then restart the DaemonSet pod that installs it.'
      : subject.includes('busy')
        ? 'The file is being replaced, as in an upgrade of the plugin: it passes once that is done. If it lasts, see which DaemonSet pod writes it again and again.'
        : 'Make the file executable, and its directory not mounted noexec; restart the DaemonSet pod that installs it.',
  ],
  'output-not-json': () => [
    'A plugin printed something other than its result, most often its log: its standard output must contain only the result in JSON.',
    'Send the plugin’s log to a file or to standard error. For the VPC CNI: AWS_VPC_K8S_PLUGIN_LOG_FILE of aws-node must not be stdout. For a chained plugin, lower its log level.',
  ],
  'agent-missing': agentMissing,
  'multus-calls-itself': () => [
    'Multus takes its own config for the cluster’s network and calls itself: two kinds of Multus are installed on the node, or the config that it made was taken for another’s.',
    'Keep one DaemonSet of Multus (the plugin alone, or the daemon with its shim). Delete Multus’s config from /etc/cni/net.d of the node (00-multus.conf and copies of it) and restart its pod there: it makes the config anew from the cluster’s own.',
  ],
  'kernel-module-missing': (subject) => [
    `The kernel of the node cannot create such a link (${subject}): the module is not loaded, or is not in this kernel.`,
    `Load the module on the node (modprobe ${subject}; 8021q for vlan) and at every boot; if the kernel has none, use another type of network or another image of the node.`,
  ],
  'kubeconfig-missing': (subject) => [
    `The plugin asks the API server with a kubeconfig, which it cannot read on the node: ${subject}`,
    'Check the DaemonSet pod that installs this plugin on the node (kube-multus for Multus, whereabouts, calico-node): it writes the file when it starts. Restart it; if the file does not appear, the path in the plugin’s config is another than the one it writes.',
  ],
  'pod-not-found': (subject) => [
    `Multus asks for pod ${subject} and does not find it: the pod was deleted meanwhile, or Multus’s daemon no longer follows the API server’s changes.`,
    'If the pod is still there after some minutes, read the log of kube-multus on the node for failed watches of the API server, and restart that pod.',
  ],
  'pod-resources-unreachable': (subject) => [
    `The network has a resource, so Multus asks the kubelet which device the pod was given, and does not reach it: ${subject}`,
    'Mount /var/lib/kubelet/pod-resources of the node into kube-multus, and check that the kubelet serves kubelet.sock there; a kubelet with another root directory has it elsewhere.',
  ],
  'netns-denied': (subject) => [
    `The plugin runs in a container that may not use the pod’s network namespace ${subject}.`,
    'Run the container of the plugin’s daemon (kube-multus for Multus) privileged, with /run/netns of the node mounted (mountPropagation: HostToContainer), as in the manifest of its version.',
  ],
  'networks-not-served': () => [
    'The API server does not serve the kind that the plugin asks for: its CustomResourceDefinition is not in the cluster, or has another version.',
    'Apply the CustomResourceDefinition that belongs to the plugin’s version (network-attachment-definitions.k8s.cni.cncf.io for Multus, ippools.whereabouts.cni.cncf.io for whereabouts).',
  ],
  'config-file-missing': (subject) => [
    `The network has no spec.config, so Multus looks for a file of its name on the node, in vain: ${subject}.`,
    'Put the config into spec.config of the NetworkAttachmentDefinition, or a file with that name into the directory of Multus’s configs on every node.',
  ],
  'range-invalid': (subject) => [
    `The IPAM of the network does not understand its range: ${subject}`,
    'Correct the range in the network’s config: whereabouts has it in "range" (or "ipRanges"), host-local in "subnet" (or "ranges"), each with its prefix length.',
  ],
  'not-chainable': () => [
    'A plugin stands behind another in a config, and can only stand alone: it does not take the result of the one before it.',
    'Correct the chain in /etc/cni/net.d of the node, or in the network’s config. Antrea behind the VPC CNI is chained in the mode networkPolicyOnly only.',
  ],
  'sysctl-refused': (subject) => [
    `The plugin tuning may set only the sysctls that the node allows, and ${subject} is not among them.`,
    `Leave ${subject} out of the network’s config, or allow it in /etc/cni/tuning/allowlist.conf of every node (OpenShift: the ConfigMap cni-sysctl-allowlist).`,
  ],
  'dhcp-no-answer': () => [
    'The network takes its addresses by DHCP, the daemon asked on the pod’s link, and no answer came.',
    'Check that a DHCP server answers on the VLAN or link of the network, with free leases, and that replies to the pod’s own MAC come back: a switch, a hypervisor or a VPC drops frames of MACs that it does not know. In a VPC no DHCP server answers pods; use another IPAM there.',
  ],
  'dhcp-daemon-failed': (subject) => [
    `The network takes its addresses by DHCP, and the dhcp daemon of the node could not ask: ${subject}`,
    'Read the log of the DHCP daemon on the node and restart it. Where open files ran out, raise its limit (LimitNOFILE).',
  ],
  'dhcp-daemon-netns': (subject) => [
    `The network gets its addresses by DHCP, and the DHCP daemon of the node does not see the pod’s network namespace ${subject}: the daemon runs in a container into which the directory of network namespaces is not mounted, or the sandbox has ended.`,
    'Mount /run/netns of the node at /var/run/netns into the pod of the DHCP daemon, with mountPropagation: HostToContainer (and hostPID: true where the paths begin with /proc), and run it privileged on the host network.',
  ],
  'invalid-mtu': (subject) => [
    `The network requests an MTU of ${subject.replace(/\D+$/, '')}, and its parent link has a smaller one. The MTU of a macvlan or ipvlan interface cannot exceed that of its parent.`,
    'Remove "mtu" from the network’s config, or set it to at most the MTU of the parent. For larger frames, first raise the MTU of the parent on every node (EC2: 9001 inside the VPC), and that of the switch.',
  ],
  'mac-invalid': () => [
    'The kernel takes no such MAC for an interface.',
    'Correct the MAC in the pod’s annotation or the network’s config: it must be a unicast address (the second digit even), so no multicast and not all zeros.',
  ],
  'mac-refused': (subject) => [
    `The driver of the virtual function refuses the MAC ${subject}: its physical function has set another one, and does not trust it.`,
    'Set "trust": "on" in the network’s config, or leave the MAC out of the annotation. A virtual function of a cloud’s or a hypervisor’s card keeps the MAC that it was given.',
  ],
  'link-name-in-pod': () => [
    'The device has a link name on the node that the pod already has (eth0 most often), so it cannot be moved into the pod.',
    'Use a version of the plugin that renames the link before it moves it, or give the links of the virtual functions other names on the node.',
  ],
  'link-not-up': (subject) => [
    `The device is in the pod, and its driver cannot bring the link up: ${subject}.`,
    'Read dmesg on the node for what driver and firmware say of the device. Creating the virtual functions anew, or a firmware that fits the driver, is the usual remedy.',
  ],
  'uid-mismatch': (subject) =>
    /^[0-9a-f]{32}$/.test(subject)
      ? [
          'It is a static pod: the kubelet created it from a file, and the API server’s copy (the mirror pod) has another UID. Multus compares the two UIDs and takes them for different pods.',
          'Use a version of Multus that allows this for static pods (releases since 3.9; builds of late 2021 do not), or put the pod on the host network, for which no plugin is called.',
        ]
      : [
          'Multus was called for a pod that has since been deleted, and another pod now has its name: the UIDs from the kubelet and the API server differ.',
          'Usually, no action is needed: the kubelet gives up the old sandbox, and the new pod starts. If the error persists, restart the Multus pod of the node, which then reads all pods again.',
        ],
  'port-not-made': () => [
    'OVN-Kubernetes has not made the pod’s port: its control plane did not write the pod’s annotation, or did not bind the port in time. No address of the node is at fault.',
    'Read the logs of ovnkube-control-plane (ovnkube-master before) and of ovnkube-node on the node for the pod’s name. For a further network they must run with multi-network enabled, and the name, topology and subnets of its config must fit what others of that name say.',
  ],
  'primary-network-missing': (subject) => [
    `Namespace ${subject} has only one of the two things that a primary user-defined network needs: the label k8s.ovn.org/primary-user-defined-network, and a UserDefinedNetwork or ClusterUserDefinedNetwork with role Primary. OVN-Kubernetes starts no pod there until both exist.`,
    `Create the UserDefinedNetwork (or let a ClusterUserDefinedNetwork select the namespace), and check in its status whether its NetworkAttachmentDefinition was created. The label can only be set when a namespace is created: to use the cluster network, or to add the label, recreate the namespace.`,
  ],
  'kube-ovn-refused': (subject) => [
    `Kube-OVN’s controller has not prepared the pod’s network: ${subject}.`,
    'Read the log of kube-ovn-controller for the pod’s name. The Subnet of the provider in the message must exist and have free addresses; a further network’s provider is NAME.NAMESPACE.ovn of its NetworkAttachmentDefinition.',
  ],
  'address-used-by-host': (subject) => [
    `Another host answers for the address that the pod was given: ${subject}.`,
    `Find what has it (${subject}), and exclude the address from the network’s pool, or end its other use. If nothing has it, use the newest version of Kube-OVN’s line: 1.11.1 is known to say this wrongly.`,
  ],
  'plugin-crashed': (subject) => [
    `The plugin crashed (${subject.trim()}): a bug, triggered by a setting or an object that the plugin does not expect.`,
    'Use another version of the plugin, and compare with the issues of that version: aws-cni v1.12.6 crashed behind Cilium (amazon-vpc-cni-k8s #2364). The rest of the event names the function.',
  ],
  'no-range': () => [
    'The IPAM host-local has no range: the config’s subnet is empty.',
    'Give host-local a subnet in the config. Where the cluster’s own network writes the config from the node’s podCIDR (kube-router), check that the node has one, and that its pod could write the file in /etc/cni/net.d.',
  ],
  'calico-pool-full': () => [
    'Calico’s IPAM gave no address: its IPPools are full or not for this node, or the node has as many blocks as it may have.',
    'Check with calicoctl ipam show --show-blocks what Calico’s IPPools have left, and calicoctl ipam check for addresses of pods that are gone; raise maxBlocksPerHost of its IPAMConfig if that is the limit.',
  ],
  'default-network-not-ready': (subject) => [
    `Multus waits for the cluster’s own network, the default network of every pod, which is not ready on the node: ${subject === '' ? 'its config' : subject} is not there. None of the networks that the pod asks for is at fault.`,
    'Check the pod of the cluster’s own CNI on the node: it writes that file once it is ready. If it is ready, the option readiness-indicator-file of Multus names another file than the one it writes.',
  ],
  unauthorized: () => [
    'The API server rejects the plugin’s token: its kubeconfig on the node is older than its service account, or was not renewed.',
    'Restart the DaemonSet pod that installs this plugin on the node (kube-multus for Multus, calico-node for Calico, linkerd-cni for Linkerd): it writes the kubeconfig with a new token.',
  ],
  forbidden: (subject) => [
    `The plugin’s service account lacks a right on ${subject}.`,
    'Apply the ClusterRole and its binding that belong to the version of the plugin that runs.',
  ],
  'dhcp-daemon-down': () => [
    'The network takes its addresses by DHCP, and the dhcp daemon of the CNI plugins does not run on the node.',
    'Run the daemon on every node (/opt/cni/bin/dhcp daemon, as a DaemonSet or a systemd unit).',
  ],
  'no-node-slice': () => [
    'whereabouts gives each node a slice of the range (node_slice_size), and has given this node none.',
    'Read status.allocations of the network’s NodeSlicePool: if every slice belongs to a node, widen the range or make the slices smaller; otherwise check whereabouts’ node slice controller.',
  ],
  'no-slice-pool': (subject) => [
    `whereabouts gives each node a slice of the range (node_slice_size), and there is no NodeSlicePool ${subject}: its node slice controller has not made one.`,
    'Check that the controller of whereabouts runs (whereabouts-controller), and its log. Versions with issue whereabouts #518 make the pool only for an IPAM with a network_name: give it one.',
  ],
  'no-address-from-ipam': () => [
    'The IPAM plugin of the network gave no address.',
    'Give the network’s IPAM an address. `static` has only those in its config; those that a pod asks for (ips) reach it if the config declares "capabilities": {"ips": true}.',
  ],
  ...PLUGIN_TEXTS,
  ...CONFIG_TEXTS,
  ...PROGRAM_TEXTS,
  'link-name-too-long': (subject) => [
    `${subject} has ${String(subject.length)} characters; a link name may have at most 15.`,
    'Give the bridge or link a shorter name in the network’s config (at most 15 characters).',
  ],
};

/** Null if the text alone explains nothing. */
export function knownOf({ kind, subject }: CniFailure): TextExplanation | null {
  const explained = KNOWN[kind]?.(subject ?? '');
  return explained === undefined ? null : { why: explained[0], advice: explained[1] };
}

/**
 * Reasons of Events in which the component that creates a pod's ports reports why it created none, and that component.
 */
export const PORT_MAKERS: Readonly<Record<string, string>> = {
  ErrorAllocatingPod: 'OVN-Kubernetes',
  ErrorAddingLogicalPort: 'OVN-Kubernetes',
  AcquireAddressFailed: 'Kube-OVN',
  CreateOVNPortFailed: 'Kube-OVN',
};

/** What such an Event means. */
export function portMakerText(reason: string, text: string): TextExplanation | null {
  const maker = PORT_MAKERS[reason];
  if (maker === undefined) return null;
  const said = `${maker} has not made the pod’s port: ${text}.`;
  if (/range is full|NoAvailableAddress|subnet full/i.test(text))
    return {
      why: `${said} The range of the network has no address left.`,
      advice: `End pods that no longer need an address of the network, or give it a larger range (${maker === 'Kube-OVN' ? 'cidrBlock and excludeIps of its Subnet' : 'subnets and excludeSubnets of its config or of the UserDefinedNetwork, which cannot be changed under running pods'}).`,
    };
  if (/more than one of the same NAD/.test(text))
    return {
      why: `${said} The pod asks for one network twice, and this version of OVN-Kubernetes connects a pod to a network once.`,
      advice:
        'Name the network once in the annotation. A second interface on the same wire needs a second NetworkAttachmentDefinition with the same "name" in its config.',
    };
  if (/unexpected primary network/.test(text))
    return {
      why: `${said} The network is the primary one of its namespace, which every pod there has without asking.`,
      advice:
        'Take the network out of the annotation: a primary user-defined network replaces the cluster network of its namespace (label k8s.ovn.org/primary-user-defined-network), and pods do not request it.',
    };
  const holder = /found on logical switch port '([^'\n]{1,253})'/.exec(text)?.[1];
  if (holder !== undefined)
    return {
      why: `${said} Its address is that of the port ${holder} in the same subnet.`,
      advice: `If the pod or machine of ${holder} is gone, delete its IP object of Kube-OVN (kubectl get ips.kubeovn.io); otherwise delete this pod, so that it gets another address.`,
    };
  if (
    /OutOfRange|not (?:contained )?in (?:the )?(?:valid )?(?:range|subnet)|Conflict|already (?:allocated|in use|assigned)/i.test(
      text,
    )
  )
    return {
      why: `${said} The pod asks for a fixed address, which is outside of the network’s range or has a holder.`,
      advice: `Correct the fixed address in the pod’s annotations: it must be in the range of the network that the annotation is for, not excluded there, and free.${maker === 'Kube-OVN' ? ' Kube-OVN takes that of a further network from NAME.NAMESPACE.ovn.kubernetes.io/ip_address (NAME.NAMESPACE.ovn is the provider of its Subnet).' : ''}`,
    };
  return {
    why: said,
    advice: `Read the log of ${maker === 'Kube-OVN' ? 'kube-ovn-controller' : 'ovnkube-control-plane (ovnkube-master before)'} for the pod’s name; it tries again by itself.`,
  };
}
