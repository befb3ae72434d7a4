/** P25 (multus.md §6): whereabouts' reservation and allocation disagree for more than five minutes. */
import { idParts } from '../../model/ids';
import { MINUTE } from '../guards';
import { defineRule } from '../rule';

const PATIENCE = 5 * MINUTE;

export default defineRule({
  id: 'ipam-inconsistent',
  severity: 'warning',
  scope: 'ipPools',
  needs: ['kubernetes/ippools', 'kubernetes/overlappingrangeipreservations'],
  check(pool, context) {
    const unreserved = pool.allocations.filter(({ reserved }) => reserved === false).map(({ ip }) => ip);
    const orphans = pool.orphanReservations;
    const apart = unreserved.length + orphans.length > 0;
    const since = context.heldSince('apart', apart);
    if (!apart) return [];
    if (context.now - since < PATIENCE) {
      context.again(since + PATIENCE);
      return [];
    }
    const [network] = pool.networks;
    return [
      {
        subjects: [...(network === undefined ? [] : [network]), pool.id],
        title: `Reservations and allocations of ${pool.range} disagree`,
        detail: `${orphans.length} addresses are reserved without an allocation, ${unreserved.length} allocated without a reservation: whereabouts may hand out an address twice, or never again.`,
        evidence: [
          ...orphans
            .slice(0, 5)
            .map((ip) => `OverlappingRangeIPReservation ${ip} has no allocation in ${idParts(pool.id).join('/')}`),
          ...unreserved.slice(0, 5).map((ip) => `allocation ${ip} has no OverlappingRangeIPReservation`),
        ],
        advice: 'Run the whereabouts reconciler; upgrade whereabouts.',
        since: new Date(since).toISOString(),
      },
    ];
  },
});
