/** EC2_THROTTLED (vpc-cni §10): EC2 throttles the CNI's calls. */
import { METRICS, NODES } from '../../model/source-ids';
import { isSettled } from '../guards/node';
import { apiErrors } from '../guards/signals';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'ec2-throttled',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, METRICS],
  check(node, context) {
    const throttled = apiErrors(context, node.id, /RequestLimitExceeded|Throttl/);
    if (throttled.length === 0 || !isSettled(node, context)) return [];
    return [
      {
        subjects: [node.id],
        title: 'EC2 throttles the VPC CNI',
        detail: `EC2 throttled calls from aws-node on ${node.name}, so its pool grows late.`,
        evidence: throttled.map(({ text }) => `aws-node metrics: ${text}`),
        advice:
          'A small WARM_IP_TARGET causes many calls: raise it together with MINIMUM_IP_TARGET, or use prefix mode.',
      },
    ];
  },
});
