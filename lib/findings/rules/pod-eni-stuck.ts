/**
 * POD_ENI_STUCK (vpc-cni §6, §10): the pod requests a branch ENI, was scheduled more than a minute ago, and has none; or the scheduler
 * finds no node with a free branch ENI.
 */
import { readUnschedulable } from '../../cni/errors';
import { ENIS, EVENTS, NODES, PODS } from '../../model/source-ids';
import { POD_ENI } from '../../model/pod-eni';
import type { PodRecord, SignalRecord } from '../../model/records';
import {
  isPodEniOn,
  DENIED_BY_POLICY,
  idleBranches,
  trunkRefusedAnywhere,
  type BranchHolders,
} from '../guards/branches';
import { isSettled } from '../guards/node';
import { hasNetworks } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { MINUTE, olderThan } from '../guards/time';
import { counted, listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import { isSourceComplete, isSourceLive } from '../rule/trust';

const NO_HOLDERS: BranchHolders = { finished: [], orphans: [] };

/** How many branch ENIs each instance type offers per node, in words: the limit belongs to the type, not the cluster. */
function offered(context: RuleContext): readonly string[] {
  const nodesOf = new Map<string, number>();
  for (const { allocatable, instanceType } of context.read.every('nodes')) {
    const limit = allocatable[POD_ENI] ?? 0;
    if (limit === 0) continue;
    const words = `${instanceType ?? 'an unknown instance type'} has ${counted(limit, 'branch ENI')}`;
    nodesOf.set(words, (nodesOf.get(words) ?? 0) + 1);
  }
  return [...nodesOf].map(([words, nodes]) => `${words} (${counted(nodes, 'node')})`).sort();
}

/** A pod that the scheduler cannot place because no node has a free branch ENI. */
function unscheduled(pod: PodRecord, context: RuleContext): Sighting | null {
  const [event] = signalsOf(context, pod.id, 'FailedScheduling');
  if (event === undefined || !readUnschedulable(event.text).some(({ subject }) => subject === POD_ENI)) return null;
  if (!olderThan(pod.createdAt, MINUTE, context)) return null;
  const limits = offered(context);
  const isOn = isPodEniOn(context);
  const refusals = limits.length === 0 ? trunkRefusedAnywhere(context) : [];
  return {
    subjects: [pod.id],
    title: 'No node has a branch ENI left for it',
    detail: `${nameOf(pod.id)} asks for ${POD_ENI}, and the scheduler finds no node with one left. ${
      limits.length === 0
        ? `No node ${isSourceComplete(context.read, NODES) ? '' : 'that ifscope sees '}offers any: ${isOn === null ? 'whether ENABLE_POD_ENI is on is not known' : isOn ? 'ENABLE_POD_ENI is on, and no node has a trunk ENI' : 'security groups for pods are off'}.`
        : `The instance type sets the limit: ${listed(limits)}. Prefix mode and more addresses do not raise it.`
    }`,
    evidence: [
      `event FailedScheduling: ${event.text}`,
      limits.length === 0 ? `Kubernetes: no node allocates ${POD_ENI}` : `Kubernetes: ${listed(limits)}`,
      ...refusals.map(({ kind, text }) => `event ${kind}: ${text}`),
    ],
    advice:
      limits.length === 0
        ? isOn === true
          ? 'Find out why no node has a trunk ENI: see trunk-missing.'
          : `${isOn === null ? 'Check that ENABLE_POD_ENI is true' : 'Set ENABLE_POD_ENI=true'} on aws-node and use an instance type that supports trunk ENIs.`
        : 'Add nodes, use an instance type with more branch ENIs, or let fewer pods match a SecurityGroupPolicy.',
    command: shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
    since: event.firstAt ?? pod.createdAt,
  };
}

/** What to do, by the controller's message; the first match counts. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /insufficient.*address|InsufficientCidr|free addresses/i,
    'The subnet of its branch ENIs is out of addresses: free some, or use another subnet for new nodes.',
  ],
  [
    /already exist/,
    'The controller has created an ENI for this pod but could not write it into the pod’s annotations: check whether a webhook or a policy rejects its changes, then delete the pod.',
  ],
  [
    /exceeded limit \d+ on the number of interface security group|SecurityGroupsPerInterfaceLimitExceeded/,
    'The SecurityGroupPolicies that select the pod name more security groups than the quota of an ENI allows (5 unless raised, at most 16): name fewer, or raise the quota.',
  ],
  [
    /InvalidGroup|InvalidSecurityGroupID|security ?group .*(does not exist|belong to different networks)/i,
    'A SecurityGroupPolicy that selects the pod names a security group that is not in the VPC of the node: correct it, then delete the pod.',
  ],
  [
    /NetworkInterfaceLimitExceeded/,
    'The account has reached its quota “Network interfaces per Region”: delete ENIs that nobody uses (ifscope explain leaked), or raise the quota.',
  ],
  [
    /RequestLimitExceeded|Throttl/i,
    'EC2 throttles the account: the controller tries again. Start fewer such pods at once, or ask AWS for a higher rate.',
  ],
  [
    /is forbidden: User/,
    'Kubernetes does not let the controller change the pod: give the service account eks-vpc-resource-controller of kube-system its role back, which EKS installs (ClusterRole and binding of the VPC resource controller), then delete the pod.',
  ],
  [
    /[Ff]orbidden|denied the request|admission webhook|pod updates may not change/,
    'An admission webhook or a policy rejects or changes what the controller writes into the pod: exempt the service account eks-vpc-resource-controller from it, then delete the pod.',
  ],
  DENIED_BY_POLICY,
  [
    /UnauthorizedOperation|AccessDenied|not authorized/,
    'Attach AmazonEKSVPCResourceController to the IAM role of the cluster. If it has that policy, another one denies the call: CloudTrail names it.',
  ],
];

/** Branch ENIs of the node that no live pod uses, in words; empty if there are none. */
function idle({ finished, orphans }: BranchHolders): readonly string[] {
  return [
    ...(finished.length === 0
      ? []
      : [
          `${counted(finished.length, 'branch ENI is', 'branch ENIs are')} still there for finished pods: ${listed(finished.map(({ eni, pod }) => `${eni} (${nameOf(pod)})`))}`,
        ]),
    ...(orphans.length === 0
      ? []
      : [`no pod names ${counted(orphans.length, 'branch ENI', 'branch ENIs')}: ${listed(orphans)}`]),
  ];
}

function remedy(events: readonly SignalRecord[], isFull: boolean, { finished, orphans }: BranchHolders): string {
  if (events.length > 0) {
    const text = events.map((event) => event.text).join('\n');
    return REMEDIES.find(([pattern]) => pattern.test(text))?.[1] ?? 'Remove the cause that the event names.';
  }
  if (isFull && finished.length + orphans.length > 0)
    return `The node is full of branch ENIs of which ${counted(finished.length + orphans.length, 'serves', 'serve')} no live pod. The controller deletes them after a cooldown of a minute; if they stay, ${finished.length > 0 ? 'delete the finished pods and ' : ''}replace the node.`;
  if (isFull) return 'Every branch ENI that the instance type allows is in use: run the pod on another node.';
  return 'Check the events of the pod and the node; the subnet of its branch ENIs may be out of addresses.';
}

export default defineRule({
  id: 'pod-eni-stuck',
  severity: 'error',
  scope: 'pods',
  needs: [NODES, PODS],
  uses: [EVENTS, ENIS],
  check(pod, context) {
    if ((pod.resources[POD_ENI] ?? 0) === 0 || !hasNetworks(pod)) return null;
    if ((pod.podEni?.length ?? 0) > 0 || pod.ips.length > 0) return null;
    if (pod.node === null) return unscheduled(pod, context);
    const node = context.read.whole('nodes', pod.node);
    if (node === null || !isSettled(node, context)) return null;
    const events = ['BranchAllocationFailed', 'BranchENIAnnotationFailed'].flatMap((kind) =>
      signalsOf(context, pod.id, kind),
    );
    if (events.length === 0 && !olderThan(pod.startedAt ?? pod.createdAt, MINUTE, context)) return null;
    const { limit = null, used = null } = node.branch ?? {};
    const isFull = limit !== null && used !== null && used >= limit;
    const holders =
      isFull && isSourceLive(context.read, ENIS) && isSourceComplete(context.read, PODS)
        ? idleBranches(context, node.id)
        : NO_HOLDERS;
    return {
      subjects: [pod.id, node.id],
      title: 'Waits for its branch ENI',
      detail: `${nameOf(pod.id)} asks for vpc.amazonaws.com/pod-eni and is scheduled on ${node.name}; the VPC resource controller has given it no branch ENI.${isFull && events.length === 0 ? ` The node has ${used} of its ${limit} branch ENIs.` : ''}`,
      evidence: [
        'Kubernetes: annotation vpc.amazonaws.com/pod-eni is absent',
        ...events.map(({ kind, text }) => `event ${kind}: ${text}`),
        ...(node.branch === null
          ? []
          : [`branch ENIs of the node: ${used ?? '?'} of ${limit ?? '?'}`, ...idle(holders)]),
      ],
      advice: remedy(events, isFull, holders),
      command: shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
      since: pod.startedAt ?? pod.createdAt,
    };
  },
});
