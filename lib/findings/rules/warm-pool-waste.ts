/**
 * WARM_WASTE (vpc-cni.md §10): more free addresses than the targets ask for by more than one ENI's, for ten minutes. Up to one ENI
 * beyond is inherent: an ENI with one pod cannot be freed. Nothing is freed on a cordoned node, by design (§2.4).
 */
import { enisOf, givesAddresses } from '../guards/eni';
import { hasIpamd, isSettled, poolOf } from '../guards/node';
import { heldFor, MINUTE } from '../guards/time';
import { defineRule } from '../rule';

const PATIENCE = 10 * MINUTE;

export default defineRule({
  id: 'warm-pool-waste',
  severity: 'info',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(node, context) {
    const pool = poolOf(node);
    const free = pool?.available ?? null;
    const target = pool?.target ?? null;
    if (!hasIpamd(node) || node.unschedulable || free === null || target === null || !isSettled(node, context))
      return [];
    // In prefix mode an ENI's addresses are sixteen for each slot.
    const perEni =
      enisOf(context, node).find((eni) => givesAddresses(eni, node) && eni.addressCapacity !== null)?.addressCapacity ??
      null;
    const wasteful = perEni !== null && free - target > perEni;
    const since = heldFor('waste', wasteful, PATIENCE, context);
    if (since === null) return [];
    return [
      {
        subjects: [node.id],
        title: `${free} addresses held free, ${target} asked for`,
        detail: `${node.name} holds ${free - target} free addresses beyond its targets, more than the ${perEni ?? '?'} of one ENI. They are lost to the subnet while they wait here.`,
        evidence: [
          `total ${pool?.total ?? '?'} − assigned ${pool?.assigned ?? '?'} = available ${free}`,
          `the active targets ask for ${target} (${pool?.next?.reason ?? 'no reason known'})`,
        ],
        advice: 'Set WARM_IP_TARGET and MINIMUM_IP_TARGET, which trim single addresses, instead of WARM_ENI_TARGET.',
        command: 'kubectl -n kube-system set env daemonset/aws-node WARM_IP_TARGET=5 MINIMUM_IP_TARGET=10',
        since: new Date(since).toISOString(),
      },
    ];
  },
});
