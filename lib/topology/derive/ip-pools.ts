/** The pools in which whereabouts keeps its record (multus.md §4.2), with what pods and reservations say of each allocation. */
import { allocationIp } from '../../cni/ipam/whereabouts-pools';
import type { NetworkConfig } from '../../cni/config';
import type { WhereaboutsPoolFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { interfaceId, ipPoolId, networkId, podId } from '../../model/ids';
import { cidrContains, parseCidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { IpPoolRecord } from '../../model/records';
import { PODS, RESERVATIONS } from '../facts/source-ids';
import type { Facts } from '../facts/facts';
import { isFinished } from '../facts/finished';
import { feeds } from '../facts/pool-match';
import { configOf } from '../facts/nad-config';
import { compareKeys } from '../keyed';

export function poolsOf(facts: Facts, config: NetworkConfig): readonly WhereaboutsPoolFact[] {
  if (config.ipam?.type !== 'whereabouts') return [];
  return [...facts.tables.whereaboutsPool.values()].filter((pool) => feeds(pool, config));
}

const splitPodRef = (podRef: string): readonly [namespace: string, name: string] | null => {
  const slash = podRef.indexOf('/');
  return slash <= 0 || slash === podRef.length - 1 ? null : [podRef.slice(0, slash), podRef.slice(slash + 1)];
};

type Allocation = IpPoolRecord['allocations'][number];

export function deriveIpPool(facts: Facts, key: string): IpPoolRecord | null {
  const pool = facts.get('whereaboutsPool', key);
  if (pool === undefined) return deriveSlicePool(facts, key);
  const range = pool.range === null ? null : parseCidr(pool.range);
  const reservations = facts.isKnown(RESERVATIONS) ? reservedIn(facts, range) : null;
  const podsKnown = facts.isKnown(PODS);
  const allocations = new Map<string, Allocation>();
  const problems = [...pool.problems];
  for (const { offset, podRef, ifname } of pool.allocations) {
    const ip = pool.range === null ? null : allocationIp(pool.range, offset);
    if (ip === null) {
      problems.push(`allocation at offset ${offset.slice(0, 64)} is outside of the range`);
      continue;
    }
    const parts = splitPodRef(podRef);
    const pod = parts === null ? undefined : facts.get('pod', podRef);
    allocations.set(ip, {
      ip,
      pod: parts === null ? null : podId(parts[0], parts[1]),
      interface: parts === null || ifname === null ? null : interfaceId(parts[0], parts[1], ifname),
      live: podsKnown ? pod !== undefined && !isFinished(pod) : null,
      reserved: reservations === null ? null : reservations.has(ip),
    });
  }
  const networks = [...facts.tables.nad.values()]
    .filter((nad) => feeds(pool, configOf(nad)))
    .map((nad) => networkId(nad.namespace, nad.name))
    .sort(byCodeUnit);
  return {
    id: ipPoolId(pool.namespace, pool.name),
    range: pool.range ?? '',
    networks,
    size: sizeOf(facts, pool, networks.length > 0),
    used: allocations.size,
    allocations: [...allocations.values()].sort((a, b) => compareKeys(a.ip, b.ip)),
    orphanReservations: [...(reservations ?? [])].filter((ip) => !allocations.has(ip)).sort(compareKeys),
    problems,
  };
}

/** What the networks on it may hand out, excludes taken off; without a network the range without its two ends. */
function sizeOf(facts: Facts, pool: WhereaboutsPoolFact, hasNetworks: boolean): number | null {
  const sizes = hasNetworks
    ? [...facts.tables.nad.values()]
        .map(configOf)
        .filter((config) => feeds(pool, config) && config.ipam?.nodeSliceSize === null)
        .flatMap((config) => config.ipam?.size ?? [])
    : [];
  if (sizes.length > 0) return Math.max(...sizes);
  return rangeSize(pool.range);
}

function rangeSize(text: string | null): number | null {
  const range = text === null ? null : parseCidr(text);
  if (range === null) return null;
  const all = range.last - range.first + 1n;
  return all > BigInt(Number.MAX_SAFE_INTEGER) ? null : Math.max(0, Number(all) - 2);
}

function reservedIn(facts: Facts, range: ReturnType<typeof parseCidr>): ReadonlySet<string> {
  const reserved = new Set<string>();
  if (range === null) return reserved;
  for (const { ip } of facts.tables.whereaboutsReservation.values()) {
    if (ip !== null && cidrContains(range, ip)) reserved.add(ip);
  }
  return reserved;
}

/** A pool that is cut into one slice per node: what is used is in the slices' own pools. */
function deriveSlicePool(facts: Facts, key: string): IpPoolRecord | null {
  const slices = facts.get('nodeSlicePool', key);
  const range = slices?.range == null ? null : parseCidr(slices.range);
  if (slices === undefined) return null;
  const inside = [...facts.tables.whereaboutsPool.values()].filter((pool) => {
    const own = pool.range === null ? null : parseCidr(pool.range);
    return own !== null && own.family === range?.family && own.first >= range.first && own.last <= range.last;
  });
  const networks = [...facts.tables.nad.values()]
    .filter((nad) => {
      const { ipam } = configOf(nad);
      return ipam?.nodeSliceSize != null && range !== null && ipam.subnets.includes(range.text);
    })
    .map((nad) => networkId(nad.namespace, nad.name))
    .sort(byCodeUnit);
  return {
    id: ipPoolId(slices.namespace, slices.name),
    range: slices.range ?? '',
    networks,
    size: rangeSize(slices.range),
    used: inside.reduce((sum, pool) => sum + pool.allocations.length, 0),
    allocations: [],
    orphanReservations: [],
    problems: slices.allocations.length === 0 ? ['no node has a slice of it'] : [],
  };
}

export const poolKeys = (facts: Facts): ReadonlySet<string> =>
  new Set([
    ...[...facts.tables.whereaboutsPool.values()].map(objectKey),
    ...[...facts.tables.nodeSlicePool.values()].map(objectKey),
  ]);
