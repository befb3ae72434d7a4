/**
 * COOLDOWN_STARVED (vpc-cni §2.3, §10): ipamd counts cooling addresses as available, so a pool of them looks full but has
 * none to assign.
 */
import type { NodeRecord } from '../../model/records';
import { ENIS, EVENTS, METRICS, NODES, PODS } from '../../model/source-ids';
import { hasIpamd, isSettled, poolOf } from '../guards/node';
import { refusalsOn, signalsOf } from '../guards/signals';
import { isRecent, MINUTE } from '../guards/time';
import { counted } from '../guards/words';
import { defineRule } from '../rule/rule';

/** An increase of a counter within this time still describes the present: ifscope reads aws-node every 30 seconds. */
const MAX_COUNTER_AGE = 2 * MINUTE;

/** Advice to raise the target in effect: setting WARM_IP_TARGET for the first time would make the pool smaller (vpc-cni §2.1). */
function remedy({ cni, eniSlots, headroom }: NodeRecord, free: number): string {
  if (cni === null || cni.mode === null || cni.networkResourceProvisioning === false || cni.unresolved.length > 0)
    return '';
  // The subnets let the node have no more than what is free.
  if (headroom.limitedBy === 'subnet' && headroom.pods !== null && headroom.pods <= free)
    return ' A larger pool is not possible: the subnet has no free address.';
  const byAddresses = (cni.warmIpTarget ?? 0) > 0 || (cni.minimumIpTarget ?? 0) > 0;
  // A target in whole ENIs does not help if no further ENI can attach.
  if (!byAddresses && cni.mode === 'secondary-ip' && eniSlots.free === 0) return '';
  const target = byAddresses ? 'WARM_IP_TARGET' : cni.mode === 'prefix' ? 'WARM_PREFIX_TARGET' : 'WARM_ENI_TARGET';
  return ` If pods here come and go quickly, raise ${target}.`;
}

export default defineRule({
  id: 'cooldown-starved',
  severity: 'warning',
  scope: 'nodes',
  needs: [NODES, PODS, ENIS],
  uses: [EVENTS, METRICS],
  check(node, context) {
    const pool = poolOf(node);
    const free = pool?.available ?? 0;
    if (!hasIpamd(node) || pool === null || free <= 0 || !isSettled(node, context)) return null;
    // With multi-NIC, the counter does not identify the card whose pool was empty.
    const refused = signalsOf(context, node.id, 'metric:awscni_no_available_ip_addresses').filter(
      ({ lastAt }) => node.cni?.multiNic !== true && isRecent(lastAt, MAX_COUNTER_AGE, context),
    );
    const waiting = refusalsOn(context, node.id, 'no-pod-address');
    const allCooling = pool.cooling !== null && pool.cooling >= free;
    if (refused.length === 0 && !(allCooling && waiting.length > 0)) return null;
    return {
      subjects: [node.id, ...waiting.slice(0, 10).map(({ pod }) => pod.id)],
      title: 'The pool looks free, but its addresses are cooling',
      detail: `ipamd on ${node.name} counts ${counted(free, 'address', 'addresses')} as available and still found none to hand out: released addresses wait ${
        node.cni?.cooldownSeconds ?? 30
      } s before they are used again.`,
      evidence: [
        ...refused.map(({ text }) => `aws-node metrics: ${text}`),
        pool.cooling === null ? null : `${pool.cooling} of ${free} free addresses were released within the cooldown`,
        waiting.length === 0
          ? null
          : `events: ${counted(waiting.length, 'pod waits', 'pods wait')} on the node for an address`,
      ],
      advice: `It clears by itself when the cooldown ends.${remedy(node, free)}`,
    };
  },
});
