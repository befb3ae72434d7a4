/**
 * WARM_WASTE (vpc-cni §10): for ten minutes, the pool has exceeded its targets by more than the addresses of one ENI. Up to
 * one ENI is unavoidable, because an ENI with one pod cannot be deleted. By design, a cordoned node deletes nothing (§2.4).
 */
import { ENIS, METRICS, NODES, PODS } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { enisOf, givesAddresses } from '../guards/eni';
import { hasIpamd, isSettled, isStandstill, poolOf } from '../guards/node';
import { apiErrors } from '../guards/signals';
import { heldAtLeast, MINUTE } from '../guards/time';
import { awsNodeLog } from '../guards/words';
import { defineRule } from '../rule/rule';

const MIN_DURATION = 10 * MINUTE;

/** Whether the targets count single addresses: ipamd then shrinks the pool by itself (vpc-cni §2.4, rule 1). */
const byAddresses = ({ cni }: NodeRecord): boolean =>
  (cni?.warmIpTarget ?? 0) !== 0 || (cni?.minimumIpTarget ?? 0) !== 0;

export default defineRule({
  id: 'warm-pool-waste',
  severity: 'info',
  scope: 'nodes',
  needs: [NODES, PODS, ENIS],
  uses: [METRICS],
  check(node, context) {
    const pool = poolOf(node);
    const free = pool?.available ?? null;
    const target = pool?.target ?? null;
    if (!hasIpamd(node) || isStandstill(node) || free === null || target === null) return null;
    // Without write access to EC2, ipamd deletes nothing (§9).
    if (node.cni?.networkResourceProvisioning === false || !isSettled(node, context)) return null;
    // In prefix mode each slot of an ENI holds sixteen addresses.
    const perEni =
      enisOf(context, node).find((eni) => givesAddresses(eni, node) && eni.addressCapacity !== null)?.addressCapacity ??
      null;
    const wasteful = perEni !== null && free - target > perEni;
    const since = heldAtLeast('waste', wasteful, MIN_DURATION, context);
    if (since === null) return null;
    return {
      subjects: [node.id],
      title: `${free} addresses held free, ${target} asked for`,
      detail: `${node.name} holds ${free - target} free addresses beyond its targets, more than the ${perEni ?? '?'} of one ENI. Meanwhile nothing else in the subnet can use them.`,
      evidence: [
        `total ${pool?.total ?? '?'} − assigned ${pool?.assigned ?? '?'} = available ${free}`,
        `the active targets require ${target} (${pool?.next?.reason ?? 'no reason known'})`,
      ],
      advice: byAddresses(node)
        ? 'ipamd frees them as soon as pods and cooling addresses allow; if they stay, read its log.'
        : apiErrors(context, node.id, /RequestLimitExceeded|Throttl/).length > 0
          ? 'EC2 throttles the VPC CNI here: targets in single addresses waste less but call EC2 more often. Fix ec2-throttled first.'
          : 'Set WARM_IP_TARGET and MINIMUM_IP_TARGET on aws-node, which trim single addresses, instead of targets in whole ENIs or prefixes.',
      command: byAddresses(node)
        ? awsNodeLog(node.name)
        : 'kubectl -n kube-system get daemonset aws-node -o jsonpath="{.spec.template.spec.containers[0].env}"',
      since: new Date(since).toISOString(),
    };
  },
});
