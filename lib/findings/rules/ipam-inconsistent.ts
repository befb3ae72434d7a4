/**
 * P25 (multus §4.2, §6): whereabouts' reservation and allocation of an address have disagreed for more than five minutes. Each address is
 * timed separately: in a busy pool some address is always between the two.
 */
import { IP_POOLS, IP_RESERVATIONS } from '../../model/source-ids';
import type { IpPoolRecord } from '../../model/records';
import { heldFor, MINUTE } from '../guards/time';
import { timeOf } from '../rule/time';
import { count, listed, nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

const PATIENCE = 5 * MINUTE;

/** With enable_overlapping_ranges off there are no reservations, and nothing is wrong. */
function unreserved(pool: IpPoolRecord): readonly string[] {
  if (!pool.allocations.some(({ reserved }) => reserved === true)) return [];
  return pool.allocations.filter(({ reserved }) => reserved === false).map(({ ip }) => ip);
}

export default defineRule({
  id: 'ipam-inconsistent',
  severity: 'warning',
  scope: 'ipPools',
  needs: [IP_POOLS, IP_RESERVATIONS],
  check(pool, context) {
    const begun: number[] = [];
    const madeAt = new Map(pool.orphans.map(({ ip, createdAt }) => [ip, timeOf(createdAt)] as const));
    const lasting = (ips: readonly string[], what: string): readonly string[] =>
      ips.filter((ip) => {
        // A reservation is made before its allocation, at once: one that is old stands alone since then, whoever looked.
        const made = what === 'reserved' ? (madeAt.get(ip) ?? null) : null;
        const isOld = made !== null && context.now - made > PATIENCE;
        const seen = heldFor(`${what} ${ip}`, true, PATIENCE, context);
        const since = isOld ? made : seen;
        if (since !== null) begun.push(since);
        return since !== null;
      });
    const reservedOnly = lasting(pool.orphanReservations, 'reserved');
    const allocatedOnly = lasting(unreserved(pool), 'allocated');
    if (begun.length === 0) return [];
    return [
      {
        subjects: [pool.id, ...pool.networks],
        title: `Reservations and allocations of ${pool.range} disagree`,
        detail: `${count(reservedOnly.length, 'address is', 'addresses are')} reserved without an allocation, ${allocatedOnly.length} allocated without a reservation: whereabouts may hand out an address twice, or never again.`,
        evidence: [
          ...reservedOnly.slice(0, 5).map((ip) => {
            const pod = pool.orphans.find((one) => one.ip === ip)?.pod ?? null;
            return `OverlappingRangeIPReservation ${ip}${pod === null ? '' : ` of ${nameOf(pod)}`} has no allocation in ${nameOf(pool.id)}`;
          }),
          ...(allocatedOnly.length === 0
            ? []
            : [`allocations without OverlappingRangeIPReservation: ${listed(allocatedOnly)}`]),
        ],
        advice: 'Run the whereabouts reconciler, and upgrade whereabouts.',
        command: 'kubectl get overlappingrangeipreservations.whereabouts.cni.cncf.io -A',
        since: new Date(Math.min(...begun)).toISOString(),
      },
    ];
  },
});
