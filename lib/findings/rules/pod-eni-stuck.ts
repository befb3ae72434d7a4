/** POD_ENI_STUCK (vpc-cni.md §6, §10): the pod asks for a branch ENI, is scheduled for a minute, and has none. */
import { defineRule } from '../rule';
import { nodeOf, olderThan, signalsOf } from '../guards';

export default defineRule({
  id: 'pod-eni-stuck',
  severity: 'error',
  scope: 'pods',
  needs: ['kubernetes/pods'],
  check(pod, context) {
    const asked = (pod.resources['vpc.amazonaws.com/pod-eni'] ?? 0) > 0;
    const node = nodeOf(context, pod.node);
    if (!asked || node === null || pod.deleting || pod.hostNetwork || (pod.podEni?.length ?? 0) > 0) return [];
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed' || pod.ips.length > 0) return [];
    const events = ['BranchAllocationFailed', 'BranchENIAnnotationFailed'].flatMap((kind) =>
      signalsOf(context, pod.id, kind),
    );
    if (events.length === 0 && !olderThan(pod.startedAt ?? pod.createdAt, 60_000, context)) return [];
    return [
      {
        subjects: [pod.id, node.id],
        title: 'Waits for its branch ENI',
        detail: `${pod.namespace}/${pod.name} asks for vpc.amazonaws.com/pod-eni and has been on ${node.name} for more than a minute; the VPC resource controller has given it no branch ENI.`,
        evidence: [
          'Kubernetes: annotation vpc.amazonaws.com/pod-eni is absent',
          ...events.map((signal) => `event ${signal.kind}: ${signal.text}`),
          ...(node.branch === null
            ? []
            : [`branch ENIs of the node: ${node.branch.used ?? '?'} of ${node.branch.limit ?? '?'}`]),
        ],
        advice:
          'Look at the events of the pod and of the node; the subnet of the security group policy may be out of addresses.',
        command: `kubectl -n ${pod.namespace} describe pod ${pod.name}`,
        since: pod.startedAt ?? pod.createdAt,
      },
    ];
  },
});
