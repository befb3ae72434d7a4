/** Messages of the components that place pods (Fargate, Karpenter), and taints of a network that is not ready. */
import type { PodRecord } from '../../model/records';
import type { TextExplanation } from './known-texts';
import { listed } from './words';

/** Messages of Fargate's scheduler and their meaning. */
const FARGATE_MESSAGES: readonly (readonly [message: RegExp, why: string, advice: string])[] = [
  [
    /Pod provisioning timed out/,
    'Fargate did not provide a machine for it in time.',
    'Check that the subnets of its Fargate profile have free addresses, and a way to the API server and to the registry of its images (NAT or endpoints). Then delete the pod: Fargate does not always try again.',
  ],
  [
    /Misconfigured Fargate Profile/,
    'Fargate runs no pods of its profile.',
    'Correct what the message names; for the pod execution role: it must exist, have AmazonEKSFargatePodExecutionRolePolicy, and be known to the cluster (an access entry, or aws-auth).',
  ],
  [
    /not supported on Fargate|Pod not supported/,
    'Fargate does not support some of its fields.',
    'Remove from the pod what Fargate does not support, or change the selectors of the Fargate profile so that it runs on a node.',
  ],
  [
    /Fargate capacity is unavailable/,
    'AWS currently has no Fargate capacity in the zones of its profile’s subnets.',
    'Wait, or add subnets of further zones to its Fargate profile.',
  ],
  // Any other message of Fargate's scheduler; the others name Fargate's nodes and taints.
  [
    /^(?!\d+\/\d+ nodes|.{0,40}incompatible with)[^]*\bfargate\b/i,
    'Fargate does not run it; the message says why.',
    'Read the event: it names what Fargate rejects in the pod, its profile or the account.',
  ],
];

/** Null if the message is not from Fargate's scheduler. */
export function fargateMessage(text: string): TextExplanation | null {
  const found = FARGATE_MESSAGES.find(([pattern]) => pattern.test(text));
  return found === undefined ? null : { why: found[1], advice: found[2] };
}

/**
 * The same for a pod of SecurityGroupPolicies. On Fargate their groups replace the cluster's, for the pod's machine as well, which then
 * may not reach the API server or DNS.
 */
export function fargateMessageWith(text: string, groups: readonly string[]): TextExplanation | null {
  const known = fargateMessage(text);
  if (known === null || groups.length === 0 || !text.includes('timed out')) return known;
  return {
    why: `${known.why} A SecurityGroupPolicy gives it ${listed(groups)} in place of the cluster’s security group.`,
    advice: `If the cluster’s security group is not among them, add it to the policy, or rules that let them reach the API server and DNS: on Fargate they are the only groups of the pod’s machine. ${known.advice}`,
  };
}

/** Where an instance type that offers a resource comes from. */
const OFFERED_BY: Readonly<Record<string, string>> = {
  'vpc.amazonaws.com/pod-eni':
    'types that can have a trunk ENI (of the t family none can); early versions of Karpenter know the resource only with AWS_ENABLE_POD_ENI=true',
  'vpc.amazonaws.com/efa': 'types with EFA interfaces',
  'vpc.amazonaws.com/PrivateIPv4Address': 'Windows nodes (kubernetes.io/os In [windows])',
};

/**
 * Karpenter finds no instance type that provides everything the pod requests, including an interface. Null for any
 * other message. `requested`: interface resources of the pod.
 */
export function karpenterMessage(text: string, requested: readonly string[]): TextExplanation | null {
  if (!/no instance type/.test(text)) return null;
  const asked = requested.filter((resource) => text.includes(`"${resource}":`));
  if (asked.length === 0) return null;
  return {
    why: `No instance type that its NodePools allow offers everything it requests, including ${listed(asked)}.`,
    advice: `Let the requirements of a NodePool allow such types: ${listed(
      asked.map((resource) => `for ${resource}, ${OFFERED_BY[resource] ?? 'types whose nodes offer it'}`),
    )}.`,
  };
}

/** DaemonSets whose pod must run on a node before its pods have a network. */
const NETWORK_AGENTS: ReadonlySet<string> = new Set([
  'antrea-agent',
  'aws-node',
  'calico-node',
  'cilium',
  'kube-flannel-ds',
  'kube-multus',
  'kube-multus-ds',
  'kube-ovn-cni',
]);

/** The pod is a network agent for one node, and is not scheduled there. Null for other pods. */
export function agentMessage({ owner }: Pick<PodRecord, 'owner'>): TextExplanation | null {
  if (owner?.kind !== 'DaemonSet' || !NETWORK_AGENTS.has(owner.name)) return null;
  return {
    why: `It is the pod of ${owner.name} for one node, and no pod on that node gets a network until it runs.`,
    advice:
      'Make room for it on that node: the event has one reason for it, and “didn’t match” for all other nodes. If CPU, memory or pods are short, other DaemonSets or pods of the same priority (system-node-critical) were there first: lower their requests, or use a larger instance type.',
  };
}

/** Taints that repel pods until the network of a node is ready, and the component that removes each. */
const NETWORK_TAINTS: Readonly<Record<string, string>> = {
  'node.cilium.io/agent-not-ready':
    'Cilium removes it once its agent is ready on the node: check the pod of the DaemonSet cilium there, and cilium-operator, which gives the node its addresses.',
  'node.kubernetes.io/network-unavailable':
    'It follows the node’s condition NetworkUnavailable, which the cloud’s controller or the CNI sets: read the log of that component.',
};

/** A taint for a network that is not ready repels the pod. Null for any other message. */
export function networkTaintMessage(text: string): TextExplanation | null {
  const found = Object.entries(NETWORK_TAINTS).find(([taint]) => text.includes(`taint {${taint}`));
  return found === undefined
    ? null
    : { why: `Nodes carry the taint ${found[0]}: their network is not ready.`, advice: found[1] };
}
