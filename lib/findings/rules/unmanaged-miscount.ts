/** UNMANAGED_MISCOUNT (vpc-cni §1.3): before v1.23.0, the counter of unmanaged ENIs only increases, until no ENI can attach. */
import { agentVersion } from '../../model/agent-version';
import { ENIS, METRICS, NODES, PODS } from '../../model/source-ids';
import { versionBefore } from '../../model/version';
import { enisOf } from '../guards/eni';
import { eniLimit, hasIpamd, isSettled } from '../guards/node';
import { hasAnsweredSince } from '../guards/time';
import { restartOf } from '../guards/restart';
import { counted } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'unmanaged-miscount',
  severity: 'warning',
  scope: 'nodes',
  needs: [NODES, PODS, ENIS, METRICS],
  check(node, context) {
    const eniMax = node.metrics?.eniMax ?? null;
    const limit = eniLimit(node);
    const version = agentVersion(node);
    if (!hasIpamd(node) || eniMax === null || limit === null || !versionBefore(version, [1, 23, 0])) return null;
    // On a multi-card node the gauge subtracts the count of all cards from the limit of one (§4.3), so it proves nothing.
    if ((node.limits?.cards ?? 1) > 1 || !isSettled(node, context)) return null;
    const left = enisOf(context, node).filter(
      (eni) => eni.card === 0 && (eni.management.state === 'unmanaged' || eni.role === 'efa-only'),
    ).length;
    if (eniMax >= limit - left) return null;
    // ipamd may have counted an ENI that ifscope has not read from EC2 yet.
    if (!hasAnsweredSince(ENIS, node.metrics?.asOf ?? '', `awscni_eni_max ${eniMax}`, context)) return null;
    const { first, command } = restartOf(node, context);
    return {
      subjects: [node.id],
      title: `ipamd counts ${counted(limit - eniMax, 'unmanaged ENI')}, ${left} ${left === 1 ? 'is' : 'are'} attached`,
      detail: `aws-node ${version ?? ''} on ${node.name} counts ${counted(eniMax, 'usable ENI')}, but by EC2 there are ${limit - left}. Its counter grows each time an unmanaged ENI is seen again, until no ENI can attach.`,
      evidence: [
        `aws-node metrics: awscni_eni_max ${eniMax}`,
        `EC2: ${left} unmanaged or EFA-only ENIs on card 0, limit ${limit}`,
        `aws-node version ${version ?? 'not known'}; fixed in v1.23.0`,
      ],
      advice: `${first}Restart aws-node on the node; upgrade the VPC CNI to v1.23.0 or later.`,
      command,
    };
  },
});
