/**
 * P25 (multus §4.2, §6): whereabouts' reservation and allocation of an address have disagreed for more than five minutes.
 * Each address is timed separately: in a busy pool, some address is always between the two. Also reported: a pod that has
 * run for that long with an address that whereabouts has not allocated, or has allocated to another pod; and addresses that
 * whereabouts keeps for an earlier sandbox of a pod.
 */
import { bareIp, cidrContains, parseCidr } from '../../model/ip';
import { IP_POOLS, IP_RESERVATIONS, PODS } from '../../model/source-ids';
import type { IpPoolRecord, PodRecord } from '../../model/records';
import { interfacesOf, isLive, podOf } from '../guards/pod';
import { heldFor, MINUTE, olderThan } from '../guards/time';
import { timeOf } from '../rule/time';
import { counted, listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import { isSourceComplete, isSourceLive } from '../rule/trust';

const MIN_DURATION = 5 * MINUTE;

type Allocation = IpPoolRecord['allocations'][number];

/** With enable_overlapping_ranges off there are no reservations, so nothing is inconsistent. */
function unreserved(pool: IpPoolRecord): readonly string[] {
  if (!pool.allocations.some(({ reserved }) => reserved === true)) return [];
  return pool.allocations.filter(({ reserved }) => reserved === false).map(({ ip }) => ip);
}

/** The pod of each allocation, by address, over all pools of the network; null if some pools list no allocations (slices). */
function givenOn(network: string, context: RuleContext): ReadonlyMap<string, string | null> | null {
  const pools = context.read.all('ipPoolsByNetwork', network);
  if (pools.some(({ used, allocations }) => used > allocations.length)) return null;
  return new Map(pools.flatMap(({ allocations }) => allocations.map(({ ip, pod }) => [ip, pod] as const)));
}

/** Whether the pod's annotation asks for the address: whereabouts adds it to the one that it allocates, and keeps no account of it. */
const asksFor = ({ requested }: PodRecord, ip: string): boolean =>
  requested.some(({ ips }) => ips.some((one) => bareIp(one) === ip));

const RECREATE = 'Recreate these pods one after the other, so that each gets an address of its own';

const ASKED = {
  cause:
    'The pods asked for them in their annotation (ips): whereabouts assigns such an address in addition to its own, and does not record it.',
  advice:
    'Exclude these addresses from the range ("exclude" in the IPAM), so that no other pod gets them. A pod that is to have no other address needs a network with the IPAM static.',
};
const FORMER = {
  cause: 'The pods are from before a change of the network, which had another IPAM.',
  advice: `${RECREATE}.`,
};
const FORGOTTEN = {
  cause: 'Most likely its reconciler mistook them for addresses of dead pods.',
  advice: `${RECREATE}, and upgrade whereabouts.`,
};

/** Addresses in the pool's range that pods report but whereabouts has not assigned to them. */
function heldWithout(pool: IpPoolRecord, context: RuleContext): Sighting | null {
  const range = parseCidr(pool.range);
  if (range === null || !isSourceLive(context.read, PODS)) return null;
  const found = new Map<string, string>();
  const pods = new Set<string>();
  let areFormer = true;
  let areAsked = true;
  for (const network of pool.networks) {
    const given = givenOn(network, context);
    if (given === null) continue;
    for (const iface of context.read.each('interfacesByNetwork', network)) {
      if (iface.state === 'requested') continue;
      const unaccounted = iface.ips.filter((ip) => cidrContains(range, ip) && given.get(ip) !== iface.pod);
      const pod = unaccounted.length === 0 ? null : podOf(context, iface);
      if (pod === null || !isLive(pod) || !olderThan(pod.startedAt, MIN_DURATION, context)) continue;
      for (const ip of unaccounted) {
        const other = given.get(ip) ?? null;
        found.set(
          `${ip} ${iface.id}`,
          `${ip}: ${nameOf(iface.pod)} reports it, whereabouts has ${other === null ? 'no allocation of it' : `given it to ${nameOf(other)}`}`,
        );
        pods.add(iface.pod);
        areFormer &&= iface.formerConfig;
        areAsked &&= unaccounted.every((ip) => asksFor(pod, ip));
      }
    }
  }
  if (found.size === 0) return null;
  const { cause, advice } = areAsked ? ASKED : areFormer ? FORMER : FORGOTTEN;
  return {
    subjects: [pool.id, ...pool.networks, ...[...pods].sort().slice(0, 10)],
    title: `Pods hold addresses of ${pool.range} that whereabouts has not given them`,
    detail: `${counted(found.size, 'address is', 'addresses are')} in use by live pods, and whereabouts has no allocation for them: it will give them to the next pods, and two pods will share an address. ${cause}`,
    evidence: [...found.keys()]
      .sort()
      .slice(0, 5)
      .map((key) => found.get(key) ?? ''),
    advice,
    command: 'kubectl get ippools.whereabouts.cni.cncf.io -A -o yaml',
  };
}

/** Whether the pod has another address of the range instead of the allocated one. */
function hasAnother(
  pod: PodRecord,
  { ip, interface: held }: Allocation,
  pool: IpPoolRecord,
  context: RuleContext,
): string | null {
  const range = parseCidr(pool.range);
  if (range === null) return null;
  const interfaces = interfacesOf(context, pod).filter(({ network }) => pool.networks.includes(network));
  if (interfaces.some(({ ips }) => ips.includes(ip))) return null;
  const there = interfaces.filter((iface) => iface.state !== 'requested' && (held === null || iface.id === held));
  return there.flatMap(({ ips }) => ips).find((other) => cidrContains(range, other)) ?? null;
}

/** Allocations of an earlier sandbox of a live pod: whereabouts identifies a pod by its name, and keeps them (whereabouts #176). */
function keptForEarlier(pool: IpPoolRecord, context: RuleContext): Sighting | null {
  if (!isSourceLive(context.read, PODS)) return null;
  const kept = pool.allocations.flatMap((allocation) => {
    const pod = allocation.live === true ? context.read.one('pods', allocation.pod) : null;
    if (pod === null || !isLive(pod) || !olderThan(pod.startedAt, MIN_DURATION, context)) return [];
    const other = hasAnother(pod, allocation, pool, context);
    return other === null ? [] : [{ ip: allocation.ip, pod: pod.id, other }];
  });
  if (kept.length === 0) return null;
  return {
    subjects: [pool.id, ...pool.networks, ...[...new Set(kept.map(({ pod }) => pod))].slice(0, 10)],
    title: `Addresses of ${pool.range} are still held for deleted sandboxes`,
    detail: `${counted(kept.length, 'address is', 'addresses are')} allocated to pods that have another one: an earlier sandbox of the pod had it, and no other pod can get it.`,
    evidence: kept
      .slice(0, 5)
      .map(({ ip, pod, other }) => `${ip} is allocated to ${nameOf(pod)}, whose network-status has ${other}`),
    advice:
      'Run the whereabouts reconciler, and upgrade whereabouts. An allocation that stays can be removed from the IPPool.',
    command: 'kubectl get ippools.whereabouts.cni.cncf.io -A -o yaml',
  };
}

export default defineRule({
  id: 'ipam-inconsistent',
  severity: 'warning',
  scope: 'ipPools',
  needs: [IP_POOLS],
  uses: [PODS, IP_RESERVATIONS],
  check(pool, context) {
    const begun: number[] = [];
    const madeAt = new Map(pool.orphans.map(({ ip, createdAt }) => [ip, timeOf(createdAt)] as const));
    const lasting = (ips: readonly string[], what: string): readonly string[] =>
      ips.filter((ip) => {
        // A reservation directly precedes its allocation, so an old reservation has been without one ever since.
        const made = what === 'reserved' ? (madeAt.get(ip) ?? null) : null;
        const isOld = made !== null && context.now - made > MIN_DURATION;
        const seen = heldFor(`${what} ${ip}`, true, MIN_DURATION, context);
        const since = isOld ? made : seen;
        if (since !== null) begun.push(since);
        return since !== null;
      });
    // Allocations and pods are compared without reservations as well.
    const compared = isSourceComplete(context.read, IP_RESERVATIONS);
    const reservedOnly = compared ? lasting(pool.orphanReservations, 'reserved') : [];
    const allocatedOnly = compared ? lasting(unreserved(pool), 'allocated') : [];
    const unaccounted = [heldWithout(pool, context), keptForEarlier(pool, context)];
    if (begun.length === 0) return unaccounted;
    return [
      {
        subjects: [pool.id, ...pool.networks],
        title: `Reservations and allocations of ${pool.range} disagree`,
        detail: `${counted(reservedOnly.length, 'address is', 'addresses are')} reserved without an allocation, ${allocatedOnly.length} allocated without a reservation: whereabouts may hand out an address twice, or never again.`,
        evidence: [
          ...reservedOnly.slice(0, 5).map((ip) => {
            const pod = pool.orphans.find((one) => one.ip === ip)?.pod ?? null;
            return `OverlappingRangeIPReservation ${ip}${pod === null ? '' : ` of ${nameOf(pod)}`} has no allocation in ${nameOf(pool.id)}`;
          }),
          allocatedOnly.length === 0
            ? null
            : `allocations without OverlappingRangeIPReservation: ${listed(allocatedOnly)}`,
        ],
        advice: 'Run the whereabouts reconciler, and upgrade whereabouts.',
        command: 'kubectl get overlappingrangeipreservations.whereabouts.cni.cncf.io -A',
        since: new Date(Math.min(...begun)).toISOString(),
      },
      ...unaccounted,
    ];
  },
});
