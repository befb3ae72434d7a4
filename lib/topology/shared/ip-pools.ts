/** The address pools of whereabouts (multus §4.2), with the pods and reservations of each allocation. */
import { IP_RESERVATIONS, PODS } from '../../model/source-ids';
import { countAddresses, rangeContains, rangeOverlap } from '../../cni/ipam/range';
import { sliceLength, slicedSize } from '../../cni/ipam/slices';
import { allocationIp } from '../../cni/ipam/whereabouts-pools';
import type { NetworkConfig } from '../../cni/config';
import type { NadFact, WhereaboutsPoolFact, WhereaboutsReservationFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { interfaceId, ipPoolId, networkId, podId } from '../../model/ids';
import type { Cidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { IpPoolRecord } from '../../model/records';
import type { FactReader } from '../facts/reader';
import { isFinished } from '../facts/parts';
import { configOf } from '../facts/nad-config';
import { compareKeys } from '../../records/keyed';
import { feeds, nadsOfPool, poolsOfNad } from './pool-match';
import { isAllocated, poolPlaces, poolsOverlapping, rangeOf, reservationsIn } from './pool-ranges';

const poolsAt = (facts: FactReader, keys: readonly string[]): readonly WhereaboutsPoolFact[] =>
  keys.flatMap((key) => facts.get('whereaboutsPool', key) ?? []);

/** The pools that hold a NAD's allocations. */
export const poolsOf = (facts: FactReader, nad: NadFact): readonly WhereaboutsPoolFact[] =>
  poolsAt(facts, facts.ask(poolsOfNad, objectKey(nad)));

/** How many of a pool's addresses are in the network's own ranges: two networks may take parts of one pool. */
export function allocatedTo(ipam: NonNullable<NetworkConfig['ipam']>, pool: WhereaboutsPoolFact): number {
  const range = rangeOf(pool);
  // whereabouts ignores start, end and excludes for a slice.
  if (range === null || ipam.nodeSliceSize !== null) return pool.allocations.length;
  const parts = ipam.allocatable.flatMap((part) => rangeOverlap(part, range) ?? []);
  const size = countAddresses(parts);
  if (size === null || size === usableSize(range)) return pool.allocations.length;
  return pool.allocations.filter(({ offset }) => {
    const ip = pool.range === null ? null : allocationIp(pool.range, offset);
    return ip !== null && parts.some((part) => rangeContains(part, ip));
  }).length;
}

const splitPodRef = (podRef: string): readonly [namespace: string, name: string] | null => {
  const slash = podRef.indexOf('/');
  return slash <= 0 || slash === podRef.length - 1 ? null : [podRef.slice(0, slash), podRef.slice(slash + 1)];
};

type Allocation = IpPoolRecord['allocations'][number];

/** The record of a whereabouts pool; null for an unknown key. */
export function deriveIpPool(facts: FactReader, key: string): IpPoolRecord | null {
  const pool = facts.get('whereaboutsPool', key);
  if (pool === undefined) return deriveSlicePool(facts, key);
  const reservations = facts.isKnown(IP_RESERVATIONS) ? reservationsIn(facts, pool) : null;
  const reserved = new Set(reservations?.map(({ ip }) => ip));
  const podsKnown = facts.isKnown(PODS);
  const allocations = new Map<string, Allocation>();
  const problems = [...pool.problems];
  for (const { offset, podRef, ifname } of pool.allocations) {
    const ip = pool.range === null ? null : allocationIp(pool.range, offset);
    if (ip === null) {
      problems.push(`allocation at offset ${offset.slice(0, 64)} is outside the range`);
      continue;
    }
    const parts = splitPodRef(podRef);
    const pod = parts === null ? undefined : facts.get('pod', podRef);
    allocations.set(ip, {
      ip,
      pod: parts === null ? null : podId(parts[0], parts[1]),
      interface: parts === null || ifname === null ? null : interfaceId(parts[0], parts[1], ifname),
      live: podsKnown ? pod !== undefined && !isFinished(pod) : null,
      reserved: reservations === null ? null : reserved.has(ip),
    });
  }
  const nads = facts.ask(nadsOfPool, key).flatMap((nad) => facts.get('nad', nad) ?? []);
  const overlapping = reservations === null ? [] : poolsAt(facts, facts.ask(poolsOverlapping, key));
  const orphans = orphansOf(
    (reservations ?? []).filter((reservation) => !isAllocated(facts, overlapping, reservation)),
  );
  return {
    id: ipPoolId(pool.namespace, pool.name),
    range: pool.range ?? '',
    networks: nads.map((nad) => networkId(nad.namespace, nad.name)).sort(byCodeUnit),
    ...fillOf(pool, nads.map(configOf), [...allocations.keys()]),
    allocations: [...allocations.values()].sort((a, b) => compareKeys(a.ip, b.ip)),
    orphanReservations: orphans.map(({ ip }) => ip),
    orphans,
    problems,
  };
}

/** Reservations without an allocation, one per address: the first by name. */
function orphansOf(reservations: readonly WhereaboutsReservationFact[]): IpPoolRecord['orphans'] {
  const byIp = new Map<string, IpPoolRecord['orphans'][number]>();
  for (const { ip, podRef, createdAt } of [...reservations].sort((a, b) => byCodeUnit(objectKey(a), objectKey(b)))) {
    if (ip === null || byIp.has(ip)) continue;
    const parts = podRef === null ? null : splitPodRef(podRef);
    byIp.set(ip, { ip, pod: parts === null ? null : podId(parts[0], parts[1]), createdAt });
  }
  return [...byIp.values()].sort((a, b) => compareKeys(a.ip, b.ip));
}

/**
 * Number of addresses that its networks may assign, without excludes, and how many of them are allocated: allocations from before a change
 * of the range stay in the pool. Without a network, the range without its first and last address.
 */
function fillOf(
  pool: WhereaboutsPoolFact,
  configs: readonly NetworkConfig[],
  allocated: readonly string[],
): Pick<IpPoolRecord, 'size' | 'used'> {
  const range = rangeOf(pool);
  // whereabouts ignores start, end and excludes for a slice.
  const whole = configs.filter(({ ipam }) => ipam?.nodeSliceSize === null);
  if (range === null || whole.length === 0) return { size: usableSize(range), used: allocated.length };
  const parts = whole.flatMap(({ ipam }) =>
    (ipam?.allocatable ?? []).flatMap((part) => rangeOverlap(part, range) ?? []),
  );
  const size = countAddresses(parts);
  if (size === null || size === usableSize(range)) return { size, used: allocated.length };
  return { size, used: allocated.filter((ip) => parts.some((part) => rangeContains(part, ip))).length };
}

/** How many addresses of a range whereabouts assigns: neither the first nor the last. */
function usableSize(range: Cidr | null): number | null {
  if (range === null) return null;
  const all = range.last - range.first + 1n;
  return all > BigInt(Number.MAX_SAFE_INTEGER) ? null : Math.max(0, Number(all) - 2);
}

/** A pool divided into one slice per node: the slices' own pools count the used addresses. */
function deriveSlicePool(facts: FactReader, key: string): IpPoolRecord | null {
  const slices = facts.get('nodeSlicePool', key);
  if (slices === undefined) return null;
  const range = rangeOf(slices);
  const cutBy = facts.all('nad').filter((nad) => {
    const { ipam } = configOf(nad);
    if (ipam?.nodeSliceSize == null || range === null || !ipam.subnets.includes(range.text)) return false;
    // The object is named after the config's network_name, else after the config's name.
    return ipam.networkName === null || slices.name === ipam.networkName;
  });
  const configs = cutBy.map(configOf);
  const inside = facts.ask(poolPlaces).filter((pool) => {
    const own = rangeOf(pool);
    if (own === null || own.family !== range?.family || own.first < range.first || own.last > range.last) return false;
    return configs.length === 0 || configs.some((config) => feeds(pool, config));
  });
  const networks = cutBy.map((nad) => networkId(nad.namespace, nad.name)).sort(byCodeUnit);
  return {
    id: ipPoolId(slices.namespace, slices.name),
    range: slices.range ?? '',
    networks,
    size: slicedSize(range, sliceLength(slices.sliceSize)),
    used: poolsAt(facts, inside.map(objectKey)).reduce((sum, pool) => sum + pool.allocations.length, 0),
    allocations: [],
    orphanReservations: [],
    orphans: [],
    problems: slices.allocations.length === 0 ? ['no node has a slice of this pool'] : [],
  };
}
