/**
 * POD_ENI_STUCK (vpc-cni §6, §10): the pod requests a branch ENI, was scheduled more than a minute ago, and has none; or the scheduler
 * finds no node with a free branch ENI.
 */
import { readUnschedulable } from '../../cni/errors';
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import type { PodRecord } from '../../model/records';
import { isSettled } from '../guards/node';
import { hasNetworks } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { MINUTE, olderThan } from '../guards/time';
import { count, listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** How many branch ENIs each instance type offers on a node, in words: the limit belongs to the type, not the cluster. */
function offered(context: RuleContext): readonly string[] {
  const nodesOf = new Map<string, number>();
  for (const { allocatable, instanceType } of context.read.every('nodes')) {
    const limit = allocatable[POD_ENI] ?? 0;
    if (limit === 0) continue;
    const words = `${instanceType ?? 'an unknown instance type'} has ${count(limit, 'branch ENI')}`;
    nodesOf.set(words, (nodesOf.get(words) ?? 0) + 1);
  }
  return [...nodesOf].map(([words, nodes]) => `${words} (${count(nodes, 'node')})`).sort();
}

/** A pod that the scheduler cannot place because no node has a free branch ENI. */
function unscheduled(pod: PodRecord, context: RuleContext): readonly Sighting[] {
  const [event] = signalsOf(context, pod.id, 'FailedScheduling');
  if (event === undefined || !readUnschedulable(event.text).some(({ subject }) => subject === POD_ENI)) return [];
  if (!olderThan(pod.createdAt, MINUTE, context)) return [];
  const limits = offered(context);
  const isOn = [...context.read.every('nodes')].some(({ cni }) => cni?.podEni === true);
  return [
    {
      subjects: [pod.id],
      title: 'No node has a branch ENI left for it',
      detail: `${nameOf(pod.id)} asks for ${POD_ENI}, and the scheduler finds no node with one left. ${
        limits.length === 0
          ? `No node offers any: ${isOn ? 'ENABLE_POD_ENI is on, and no node has a trunk ENI' : 'security groups for pods are off'}.`
          : `The instance type sets the limit: ${listed(limits)}. Prefix mode and more addresses do not raise it.`
      }`,
      evidence: [
        `event FailedScheduling: ${event.text}`,
        limits.length === 0 ? `Kubernetes: no node allocates ${POD_ENI}` : `Kubernetes: ${listed(limits)}`,
      ],
      advice:
        limits.length === 0
          ? isOn
            ? 'Find out why no node has a trunk ENI: see trunk-missing.'
            : 'Set ENABLE_POD_ENI=true on aws-node and use an instance type that supports trunk ENIs.'
          : 'Add nodes, use an instance type with more branch ENIs, or let fewer pods match a SecurityGroupPolicy.',
      command: shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
      since: event.firstAt ?? pod.createdAt,
    },
  ];
}

export default defineRule({
  id: 'pod-eni-stuck',
  severity: 'error',
  scope: 'pods',
  needs: [NODES, PODS],
  heeds: [EVENTS],
  check(pod, context) {
    if ((pod.resources[POD_ENI] ?? 0) === 0 || !hasNetworks(pod)) return [];
    if ((pod.podEni?.length ?? 0) > 0 || pod.ips.length > 0) return [];
    if (pod.node === null) return unscheduled(pod, context);
    const node = context.read.whole('nodes', pod.node);
    if (node === null || !isSettled(node, context)) return [];
    const events = ['BranchAllocationFailed', 'BranchENIAnnotationFailed'].flatMap((kind) =>
      signalsOf(context, pod.id, kind),
    );
    if (events.length === 0 && !olderThan(pod.startedAt ?? pod.createdAt, MINUTE, context)) return [];
    return [
      {
        subjects: [pod.id, node.id],
        title: 'Waits for its branch ENI',
        detail: `${nameOf(pod.id)} asks for vpc.amazonaws.com/pod-eni and is scheduled on ${node.name}; the VPC resource controller has given it no branch ENI.`,
        evidence: [
          'Kubernetes: annotation vpc.amazonaws.com/pod-eni is absent',
          ...events.map(({ kind, text }) => `event ${kind}: ${text}`),
          ...(node.branch === null
            ? []
            : [`branch ENIs of the node: ${node.branch.used ?? '?'} of ${node.branch.limit ?? '?'}`]),
        ],
        advice:
          events.length === 0
            ? 'Check the events of the pod and the node; the subnet of its branch ENIs may be out of addresses.'
            : events.some(({ text }) => /insufficient.*address|InsufficientCidr|free addresses/i.test(text))
              ? 'The subnet of its branch ENIs is out of addresses: free some, or use another subnet for new nodes.'
              : /already exist/.test(events.map(({ text }) => text).join(' '))
                ? 'The controller has made an ENI for this pod and could not write it into the pod’s annotations: see whether a webhook or a policy refuses its changes, then delete the pod.'
                : 'Remove what the event names.',
        command: shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
        since: pod.startedAt ?? pod.createdAt,
      },
    ];
  },
});
