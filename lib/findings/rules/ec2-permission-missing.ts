/** IAM_MISSING (vpc-cni.md §6, §10): the CNI itself lacks EC2 rights. Not muted by a NotReady aws-node: that is its symptom. */
import { isStanding } from '../guards/node';
import { apiErrors, signalsOf } from '../guards/signals';
import { defineRule } from '../rule';

export default defineRule({
  id: 'ec2-permission-missing',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/nodes'],
  check(node, context) {
    if (!isStanding(node, context)) return [];
    const events = [...(context.replica.indexes.podsByNode.get(node.id) ?? [])]
      .sort()
      .concat(node.id)
      .flatMap((id) => signalsOf(context, id, 'MissingIAMPermissions'));
    const metrics = apiErrors(context, node.id, /UnauthorizedOperation|AccessDenied/);
    if (events.length + metrics.length === 0) return [];
    return [
      {
        subjects: [node.id, ...new Set(events.map(({ subject }) => subject).filter((id) => id !== node.id))],
        title: 'aws-node lacks EC2 rights',
        detail: `aws-node on ${node.name} is refused by EC2, so it can neither attach ENIs nor assign addresses.`,
        evidence: [
          ...events.map(({ kind, text }) => `event ${kind}: ${text}`),
          ...metrics.map(({ text }) => `aws-node metrics: ${text}`),
        ],
        advice: 'Attach the policy AmazonEKS_CNI_Policy (IPv6 clusters: their own) to the role of aws-node.',
        command: 'kubectl -n kube-system get serviceaccount aws-node -o yaml',
      },
    ];
  },
});
