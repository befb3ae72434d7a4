/** POD_ENI_STUCK (vpc-cni §6, §10): the pod asks for a branch ENI, is scheduled for a minute, and has none. */
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import { isSettled } from '../guards/node';
import { hasNetworks } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { MINUTE, olderThan } from '../guards/time';
import { nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'pod-eni-stuck',
  severity: 'error',
  scope: 'pods',
  needs: [NODES, PODS],
  heeds: [EVENTS],
  check(pod, context) {
    if ((pod.resources['vpc.amazonaws.com/pod-eni'] ?? 0) === 0 || !hasNetworks(pod)) return [];
    if ((pod.podEni?.length ?? 0) > 0 || pod.ips.length > 0) return [];
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
          'Look at the events of the pod and of the node; the subnet of the security group policy may be out of addresses.',
        command: shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
        since: pod.startedAt ?? pod.createdAt,
      },
    ];
  },
});
