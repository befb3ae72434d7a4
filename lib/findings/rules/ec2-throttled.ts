/** EC2_THROTTLED (vpc-cni.md §10): EC2 slows the CNI's calls down. */
import { defineRule } from '../rule';
import { signalsOf, timeOf } from '../guards';

/** A counter that rose this long ago still speaks of now. Milliseconds. */
const RECENT = 600_000;

export default defineRule({
  id: 'ec2-throttled',
  severity: 'warning',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'aws-node/metrics'],
  check(node, context) {
    if (node.gone) return [];
    const throttled = signalsOf(context, node.id, 'metric:awscni_aws_api_error_count').filter((signal) => {
      const at = timeOf(signal.lastAt);
      if (!/RequestLimitExceeded|Throttl/.test(signal.kind + signal.text) || at === null || context.now - at > RECENT)
        return false;
      context.again(at + RECENT + 1);
      return true;
    });
    if (throttled.length === 0) return [];
    return [
      {
        subjects: [node.id],
        title: 'EC2 throttles the VPC CNI',
        detail: `EC2 refused calls of aws-node on ${node.name} for their rate: its pool grows late.`,
        evidence: throttled.map((signal) => `aws-node metrics: ${signal.text}`),
        advice:
          'A small WARM_IP_TARGET makes many calls: raise it together with MINIMUM_IP_TARGET, or use prefix mode.',
      },
    ];
  },
});
