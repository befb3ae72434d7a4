/** IAM_MISSING (vpc-cni.md §10): the CNI itself lacks EC2 rights. Not muted by a NotReady aws-node: that is its symptom. */
import { defineRule } from '../rule';
import { signalsOf } from '../guards';

export default defineRule({
  id: 'ec2-permission-missing',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/nodes'],
  check(node, context) {
    if (node.gone || node.deleting) return [];
    const events = [...(context.replica.indexes.podsByNode.get(node.id) ?? []), node.id].flatMap((id) =>
      signalsOf(context, id, 'MissingIAMPermissions'),
    );
    const metrics = signalsOf(context, node.id, 'metric:awscni_aws_api_error_count').filter(({ kind, text }) =>
      /UnauthorizedOperation|AccessDenied/.test(kind + text),
    );
    if (events.length + metrics.length === 0) return [];
    return [
      {
        subjects: [node.id, ...new Set(events.map(({ subject }) => subject).filter((id) => id !== node.id))],
        title: 'aws-node lacks EC2 rights',
        detail: `aws-node on ${node.name} is refused by EC2, so it can neither attach ENIs nor assign addresses.`,
        evidence: [
          ...events.map((signal) => `event ${signal.kind}: ${signal.text}`),
          ...metrics.map((signal) => `aws-node metrics: ${signal.text}`),
        ],
        advice: 'Attach the policy AmazonEKS_CNI_Policy (IPv6 clusters: their own) to the role of aws-node.',
        command: 'kubectl -n kube-system get serviceaccount aws-node -o yaml',
      },
    ];
  },
});
