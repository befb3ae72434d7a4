/** EC2_THROTTLED (vpc-cni §10): EC2 throttles the CNI's calls. */
import { METRICS, NODES } from '../../model/source-ids';
import { isSettled } from '../guards/node';
import { apiErrors } from '../guards/signals';
import { defineRule } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Prefix mode requests sixteen addresses at once; a warm target in single addresses requests each one. */
function remedy({ cni }: Steady<'nodes'>): string {
  const others =
    'The limit applies to the whole account: find out what else calls EC2 in this region, or ask AWS to raise it.';
  const warm = cni?.warmIpTarget ?? 0;
  if (warm > 0)
    return `WARM_IP_TARGET=${warm} asks EC2 for addresses as pods come and go: raise it together with MINIMUM_IP_TARGET${
      cni?.prefixDelegation === false ? ', or use prefix mode for new nodes of a Nitro type' : ''
    }. ${others}`;
  return others;
}

export default defineRule({
  id: 'ec2-throttled',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, METRICS],
  check(node, context) {
    const throttled = apiErrors(context, node.id, /RequestLimitExceeded|Throttl/);
    if (throttled.length === 0 || !isSettled(node, context)) return null;
    return {
      subjects: [node.id],
      title: 'EC2 throttles the VPC CNI',
      detail: `EC2 throttled calls from aws-node on ${node.name}, so its pool grows too slowly.`,
      evidence: throttled.map(({ text }) => `aws-node metrics: ${text}`),
      advice: remedy(node),
    };
  },
});
