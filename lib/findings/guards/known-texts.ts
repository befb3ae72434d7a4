/** Messages whose cause no record shows: their meaning, and what to do. */
import type { CniFailure, CniFailureKind } from '../../cni/errors';
import { listed } from './words';

/** The meaning of a message, and what to do. */
export interface Explanation {
  readonly why: string;
  readonly advice: string;
}

type Explain = (subject: string) => Explanation;

/** Whose file or socket it is. */
function agentOf(file: string): { readonly cni: string; readonly daemon: string } {
  if (file.includes('cilium')) return { cni: 'Cilium', daemon: 'the DaemonSet cilium' };
  return file.includes('calico')
    ? { cni: 'Calico', daemon: 'the DaemonSet calico-node' }
    : { cni: 'Flannel', daemon: 'the DaemonSet kube-flannel-ds' };
}

const KNOWN: Readonly<Partial<Record<CniFailureKind, Explain>>> = {
  'sandbox-image': (subject) => ({
    why: `The container runtime does not have the image of the sandbox (${subject}), and cannot pull it. No plugin has been asked for anything yet.`,
    advice:
      'The end of the event says what the registry answered, or that it was not reached. Check that the node reaches the registry (private subnets need endpoints for ecr.api, ecr.dkr and s3, or NAT), that its role may pull from it, and that its container runtime is configured with an image that exists. Recent EKS AMIs bring the image with them: replace a node that has lost it.',
  }),
  'policy-agent-down': () => ({
    why: 'ipamd has given it an address; the network policy agent (container aws-eks-nodeagent of aws-node) did not answer or refused, and without it no pod starts.',
    advice:
      'Check the container aws-eks-nodeagent of aws-node on the node: its restarts, its log, and whether its version fits the VPC CNI’s.',
  }),
  'pod-network-setup': (subject) => ({
    why: `ipamd has given it an address; the plugin could not make the pod’s link and routes on the node: ${subject}`,
    advice:
      'Read /var/log/aws-routed-eni/plugin.log on the node. A link or rule that an earlier sandbox left there is a common cause.',
  }),
  'api-unreachable': (subject) => ({
    why: `The plugin cannot reach the API server at ${subject} from the node.`,
    advice:
      'If this is the address of the Service kubernetes, check kube-proxy (or its replacement) on the node. Otherwise, or if that is Ready, check the security groups, routes and firewall rules between the node and the API server.',
  }),
  'api-untrusted': (subject) => ({
    why: `The plugin does not trust the API server (${subject}): the authority in the plugin’s kubeconfig on the node is older than the cluster’s, or a certificate has expired.`,
    advice:
      'Restart the DaemonSet pod that installs this plugin on the node (kube-multus for Multus): it writes the kubeconfig with the authority that the cluster has now. If the certificate has expired, or is not valid yet, check the clock of the node and the certificate of the API server.',
  }),
  'api-proxied': (subject) => ({
    why: `A proxy answered in place of the API server (“${subject}”): the container runtime of the node has HTTPS_PROXY set, and gives it to the plugins.`,
    advice:
      'Put the Service CIDR, the address of the API server and .svc into NO_PROXY of containerd and of the kubelet on the node, and restart them.',
  }),
  'mesh-not-ready': () => ({
    why: 'The pod is in the ambient mesh, and no ztunnel of the node has connected to istio-cni.',
    advice:
      'Check the pods of the DaemonSets ztunnel and istio-cni-node on the node; on a new node they may start after this pod, and the kubelet tries again.',
  }),
  'command-missing': (subject) => ({
    why:
      subject === ''
        ? 'The plugin runs a command that is not on the node (exit status 127: command not found).'
        : `The plugin runs the command ${subject}, and the node has no ${subject} in its path.`,
    advice:
      'Use a version of the plugin that does not need it: minimal node images (Bottlerocket, Talos) have no shell, iptables or nsenter for plugins.',
  }),
  'no-user-namespace': () => ({
    why: 'The pod asks for a user namespace (hostUsers: false), and the kernel of the node allows no more: “no space left on device” stands for the limit user.max_user_namespaces here, not for a disk.',
    advice:
      'Raise user.max_user_namespaces on the node (Bottlerocket has 0 unless set), or leave hostUsers out of the pod.',
  }),
  'disk-full': () => ({
    why: 'A file system of the node is full, in bytes or in inodes.',
    advice:
      'Look at df and df -i on the node: the disk of /var/lib, and /run, which is in memory. Free some space there, or replace the node with one that has a larger disk.',
  }),
  'sandbox-gone': (subject) => ({
    why: `The sandbox ended before the plugin could connect it: its network namespace ${subject} is gone. Neither a network nor an address is at fault.`,
    advice:
      'Read the log of the container runtime and of the kubelet on the node for the reason: out of memory (the pod’s limit includes its sandbox), a full disk, a restart of the runtime, or a pod that was deleted meanwhile. If every pod on the node fails like this, the plugin runs in a container that does not see the directory of the namespaces.',
  }),
  'list-interrupted': () => ({
    why: 'Links or addresses of the node changed while the plugin read them, so the kernel interrupted the list (ErrDumpInterrupted), and this version of the plugin treats that as a failure. The kubelet tries again.',
    advice:
      'It passes by itself when few pods start at once. If it happens often, use a version of the plugin that repeats the read (see its release notes), or start fewer pods at once on the node.',
  }),
  'plugin-not-run': (subject) => ({
    why: `The plugin’s file cannot be run on the node: ${subject}.`,
    advice: subject.includes('exec format')
      ? 'The file is for another architecture, or is cut off: the image that installs it must fit the node (arm64 or amd64), and the disk must not be full. Then restart the DaemonSet pod that installs it.'
      : subject.includes('busy')
        ? 'The file is being replaced, as in an upgrade of the plugin: it passes once that is done. If it lasts, see which DaemonSet pod writes it again and again.'
        : 'Make the file executable, and its directory not mounted noexec; restart the DaemonSet pod that installs it.',
  }),
  'output-not-json': () => ({
    why: 'A plugin printed something other than its result, most often its log: its standard output must contain only the result in JSON.',
    advice:
      'Send the plugin’s log to a file or to standard error. For the VPC CNI: AWS_VPC_K8S_PLUGIN_LOG_FILE of aws-node must not be stdout. For a chained plugin, lower its log level.',
  }),
  'agent-missing': (subject) => ({
    why: `The plugin of ${agentOf(subject).cni} answers for the pods of the node, and its agent is not there: ${subject} is missing or nobody answers.`,
    advice: `Check the pod of ${agentOf(subject).daemon} on the node. If ${agentOf(subject).cni} was removed from the cluster, delete the config that it left in /etc/cni/net.d of the node (the first file by name is used), or replace the node.`,
  }),
  'default-network-not-ready': (subject) => ({
    why: `Multus waits for the cluster’s own network, the default network of every pod, which is not ready on the node: ${subject === '' ? 'its config' : subject} is not there. None of the networks that the pod asks for is at fault.`,
    advice:
      'Check the pod of the cluster’s own CNI on the node: it writes that file once it is ready. If it is ready, the option readiness-indicator-file of Multus names another file than the one it writes.',
  }),
  'claim-not-reserved': (subject) => ({
    why: `The kubelet prepares a claim’s devices only for pods that it is reserved for, by UID: status.reservedFor of ${subject} does not have this pod. It may have a former pod of that name.`,
    advice:
      'Read status.reservedFor of the claim. If the pod there is gone, delete the claim and create it again; a claim that a template makes for each pod does not get into this state.',
  }),
  'claim-template-missing': (subject) => ({
    why: `Its claim is created from ResourceClaimTemplate ${subject}, which is not in the pod’s namespace; without the claim it is not scheduled.`,
    advice: 'Create the ResourceClaimTemplate in the namespace of the pod, or correct its name in spec.resourceClaims.',
  }),
  unauthorized: () => ({
    why: 'The API server rejects the plugin’s token: its kubeconfig on the node is older than its service account, or was not renewed.',
    advice:
      'Restart the DaemonSet pod that installs this plugin on the node (kube-multus for Multus, calico-node for Calico, linkerd-cni for Linkerd): it writes the kubeconfig with a new token.',
  }),
  forbidden: (subject) => ({
    why: `The plugin’s service account lacks a right on ${subject}.`,
    advice: 'Apply the ClusterRole and its binding that belong to the version of the plugin that runs.',
  }),
  'dhcp-daemon-down': () => ({
    why: 'The network takes its addresses by DHCP, and the dhcp daemon of the CNI plugins does not run on the node.',
    advice: 'Run the daemon on every node (/opt/cni/bin/dhcp daemon, as a DaemonSet or a systemd unit).',
  }),
  'no-node-slice': () => ({
    why: 'whereabouts gives each node a slice of the range (node_slice_size), and has given this node none.',
    advice:
      'Read status.allocations of the network’s NodeSlicePool: if every slice belongs to a node, widen the range or make the slices smaller; otherwise check whereabouts’ node slice controller.',
  }),
  'no-address-from-ipam': () => ({
    why: 'The IPAM plugin of the network gave no address.',
    advice:
      'Give the network’s IPAM an address. `static` has only those in its config; those that a pod asks for (ips) reach it if the config declares "capabilities": {"ips": true}.',
  }),
  'link-name-too-long': (subject) => ({
    why: `${subject} has ${String(subject.length)} characters; a link name may have at most 15.`,
    advice: 'Give the bridge or link a shorter name in the network’s config.',
  }),
};

/** Null if the text alone explains nothing. */
export const knownOf = ({ kind, subject }: CniFailure): Explanation | null => KNOWN[kind]?.(subject ?? '') ?? null;

/** Messages of Fargate's scheduler and their meaning. */
const FARGATE_MESSAGES: readonly (readonly [RegExp, Explanation])[] = [
  [
    /Pod provisioning timed out/,
    {
      why: 'Fargate did not provide a machine for it in time.',
      advice:
        'Check that the subnets of its Fargate profile have free addresses, and a way to the API server and to the registry of its images (NAT or endpoints). Then delete the pod: Fargate does not always try again.',
    },
  ],
  [
    /Misconfigured Fargate Profile/,
    {
      why: 'Fargate starts nothing for its profile.',
      advice:
        'Correct what the message names; for the pod execution role: it must exist, have AmazonEKSFargatePodExecutionRolePolicy, and be known to the cluster (an access entry, or aws-auth).',
    },
  ],
  [
    /not supported on Fargate|Pod not supported/,
    {
      why: 'Fargate does not take a pod with these fields.',
      advice:
        'Remove from the pod what Fargate does not support, or change the selectors of the Fargate profile so that it runs on a node.',
    },
  ],
];

/** Null if the message is not from Fargate's scheduler. */
export const fargateMessage = (text: string): Explanation | null =>
  FARGATE_MESSAGES.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/**
 * The same for a pod of SecurityGroupPolicies. On Fargate their groups replace the cluster's, for the pod's machine as well, which then
 * may not reach the API server or DNS.
 */
export function fargateMessageWith(text: string, groups: readonly string[]): Explanation | null {
  const known = fargateMessage(text);
  if (known === null || groups.length === 0 || !text.includes('timed out')) return known;
  return {
    why: `${known.why} A SecurityGroupPolicy gives it ${listed(groups)} in place of the cluster’s security group.`,
    advice: `If the cluster’s security group is not among them, add it to the policy, or rules that let them reach the API server and DNS: on Fargate they are the only groups of the pod’s machine. ${known.advice}`,
  };
}
