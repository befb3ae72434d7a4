/**
 * WARM_WASTE (vpc-cni.md §10): more free addresses than the targets ask for by more than one ENI's slots, for ten minutes.
 * Up to one ENI beyond is inherent: an ENI with one pod cannot be freed.
 */
import { defineRule } from '../rule';
import { enisOf, hasIpamd, isSettled, MINUTE } from '../guards';
import type { NodeRecord } from '../../model/records';

const PATIENCE = 10 * MINUTE;

/** Free addresses that the active targets ask for; null where no target is known. */
function allowed(node: NodeRecord, slots: number): number | null {
  const { cni } = node;
  if (cni === null) return null;
  if ((cni.warmIpTarget ?? 0) > 0 || (cni.minimumIpTarget ?? 0) > 0)
    return Math.max(cni.warmIpTarget ?? 0, cni.minimumIpTarget ?? 0);
  if (cni.mode === 'prefix') return 16 * (cni.warmPrefixTarget ?? 0);
  return (cni.warmEniTarget ?? 1) * slots;
}

export default defineRule({
  id: 'warm-pool-waste',
  severity: 'info',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(node, context) {
    const pool = node.pools.find(({ card }) => card === 0);
    const slots = enisOf(context, node).find((eni) => eni.capacity !== null)?.capacity ?? null;
    const asked = slots === null ? null : allowed(node, slots);
    const free = pool?.available ?? null;
    const wasteful =
      hasIpamd(node) &&
      isSettled(node, context) &&
      slots !== null &&
      asked !== null &&
      free !== null &&
      free - asked > slots;
    const since = context.heldSince('waste', wasteful);
    if (!wasteful) return [];
    if (context.now - since < PATIENCE) {
      context.again(since + PATIENCE);
      return [];
    }
    return [
      {
        subjects: [node.id],
        title: `${free} addresses held free, ${asked} asked for`,
        detail: `${node.name} holds ${free - asked} free addresses beyond its targets, more than one ENI's ${slots}. They are lost to the subnet while they wait here.`,
        evidence: [
          `total ${pool?.total ?? '?'} − assigned ${pool?.assigned ?? '?'} = available ${free}`,
          `the active targets ask for ${asked}`,
        ],
        advice: 'Set WARM_IP_TARGET and MINIMUM_IP_TARGET, which trim single addresses, instead of WARM_ENI_TARGET.',
        command: 'kubectl -n kube-system set env daemonset/aws-node WARM_IP_TARGET=5 MINIMUM_IP_TARGET=10',
        since: new Date(since).toISOString(),
      },
    ];
  },
});
