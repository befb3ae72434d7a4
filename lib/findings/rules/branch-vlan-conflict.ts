/**
 * Two live pods on one trunk have branch ENIs with the same VLAN (vpc-cni §6; amazon-vpc-resource-controller-k8s #13,
 * amazon-vpc-cni-k8s #1644): the node has one link for both, so the younger pod has taken it from the older one, and
 * traffic for one reaches the other.
 */
import { ENIS, NODES, PODS } from '../../model/source-ids';
import type { EniRecord, PodRecord } from '../../model/records';
import { enisOf } from '../guards/eni';
import { isLive } from '../guards/pod';
import { hasAnsweredSince, MINUTE, olderThan } from '../guards/time';
import { counted, listed, nameOf, remake } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** A terminating pod keeps its branch ENI for less than this. Milliseconds. */
const MIN_DURATION = MINUTE;

/** The live pod of a branch ENI; null for one that awaits deletion. */
function podOn({ branchPod }: EniRecord, context: RuleContext): PodRecord | null {
  const pod = context.read.one('pods', branchPod);
  return pod !== null && isLive(pod) && pod.ips.length > 0 ? pod : null;
}

export default defineRule({
  id: 'branch-vlan-conflict',
  severity: 'error',
  scope: 'nodes',
  needs: [NODES, PODS, ENIS],
  check(node, context) {
    if (node.ready === false || (node.branch?.used ?? 0) < 2) return [];
    const byVlan = new Map<string, { readonly eni: EniRecord; readonly pod: PodRecord }[]>();
    for (const eni of enisOf(context, node)) {
      const pod = eni.role === 'branch' && eni.trunk !== null && eni.vlan !== null ? podOn(eni, context) : null;
      if (pod === null) continue;
      const key = `${eni.trunk ?? ''} ${eni.vlan ?? ''}`;
      byVlan.set(key, [...(byVlan.get(key) ?? []), { eni, pod }]);
    }
    return [...byVlan.values()].flatMap((holders) => {
      const [first, second] = holders;
      if (first === undefined || second === undefined) return [];
      if (!holders.every(({ pod }) => olderThan(pod.startedAt ?? pod.createdAt, MIN_DURATION, context))) return [];
      const seen = holders.map(({ pod }) => pod.createdAt ?? '').reduce((a, b) => (a > b ? a : b), '');
      if (!hasAnsweredSince(ENIS, seen, `${first.eni.id} ${second.eni.id}`, context)) return [];
      const { trunk, vlan } = first.eni;
      const names = listed(holders.map(({ pod }) => nameOf(pod.id)));
      return [
        {
          subjects: [node.id, ...holders.slice(0, 10).flatMap(({ eni, pod }) => [eni.id, pod.id]), trunk ?? ''],
          title: `VLAN ${vlan ?? ''} of one trunk has ${counted(holders.length, 'live pod')}`,
          detail: `${names} on ${node.name} have branch ENIs of VLAN ${vlan ?? ''} on ${trunk ?? ''}: the node has one link for it, so that at most one of them is reached.`,
          evidence: holders
            .slice(0, 10)
            .map(({ eni, pod }) => `EC2: ${eni.id} of ${nameOf(pod.id)} is VLAN ${eni.vlan ?? ''}`),
          ...remake(second.pod, 'so that it gets a branch ENI of another VLAN; and update the resource controller'),
        },
      ];
    });
  },
});
