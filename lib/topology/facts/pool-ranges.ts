/**
 * Where whereabouts pools lie to each other and to reservations (multus.md §4.2): ranges may lie inside each other, and a
 * reservation only has an address and, as its name's beginning, the name of the network whose record it is.
 */
import { poolPrefix, reservationNetwork } from '../../cni/ipam/whereabouts-pools';
import type { NodeSlicePoolFact, WhereaboutsPoolFact, WhereaboutsReservationFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { ipToBigInt, familyOf, parseCidr, type Cidr } from '../../model/ip';
import type { Facts } from './facts';

type Ranged = WhereaboutsPoolFact | NodeSlicePoolFact;

const ranges = new WeakMap<Ranged, Cidr | null>();

/** The canonical range, read once per fact; null where it cannot be read. */
export function rangeOf(pool: Ranged): Cidr | null {
  let range = ranges.get(pool);
  if (range === undefined) {
    range = pool.range === null ? null : parseCidr(pool.range);
    ranges.set(pool, range);
  }
  return range;
}

const values = new WeakMap<WhereaboutsReservationFact, bigint | null>();

function valueOf(reservation: WhereaboutsReservationFact): bigint | null {
  let value = values.get(reservation);
  if (value === undefined) {
    value = reservation.ip === null ? null : ipToBigInt(reservation.ip);
    values.set(reservation, value);
  }
  return value;
}

const offsets = new WeakMap<WhereaboutsPoolFact, ReadonlySet<string>>();

/** Whether the pool's own record holds the address of a reservation. */
function allocates(pool: WhereaboutsPoolFact, range: Cidr, value: bigint): boolean {
  let set = offsets.get(pool);
  if (set === undefined) {
    set = new Set(pool.allocations.map(({ offset }) => BigInt(offset).toString()));
    offsets.set(pool, set);
  }
  return set.has((value - range.first).toString());
}

const holds = (range: Cidr, ip: string, value: bigint): boolean =>
  familyOf(ip) === range.family && value >= range.first && value <= range.last;

/**
 * Whether a reservation may stand for an allocation of the pool: both of one network name. The beginning of a pool's name is
 * a network's name, a node's (a slice), or both.
 */
function sameRecord(facts: Facts, pool: WhereaboutsPoolFact, reservation: WhereaboutsReservationFact): boolean {
  if (pool.namespace !== reservation.namespace) return false;
  const network = reservationNetwork(reservation.name);
  const prefix = poolPrefix(pool.name, pool.range);
  if (prefix === null) return true;
  if (network !== '') return prefix === network || prefix.startsWith(`${network}-`);
  return prefix === '' || facts.get('node', prefix) !== undefined || isSliceOf(facts, prefix);
}

const isSliceOf = (facts: Facts, node: string): boolean =>
  [...facts.tables.nodeSlicePool.values()].some((slices) => slices.allocations.some((one) => one.node === node));

/** The reservations that lie in a pool's range and may be its own. */
export function reservationsIn(facts: Facts, pool: WhereaboutsPoolFact): readonly WhereaboutsReservationFact[] {
  const range = rangeOf(pool);
  if (range === null) return [];
  return [...facts.tables.whereaboutsReservation.values()].filter((reservation) => {
    const value = valueOf(reservation);
    return (
      value !== null &&
      reservation.ip !== null &&
      holds(range, reservation.ip, value) &&
      sameRecord(facts, pool, reservation)
    );
  });
}

/** Whether some pool has an allocation for the reservation: of overlapping ranges any will do. */
export function isAllocated(facts: Facts, reservation: WhereaboutsReservationFact): boolean {
  const value = valueOf(reservation);
  if (value === null || reservation.ip === null) return false;
  for (const pool of facts.tables.whereaboutsPool.values()) {
    const range = rangeOf(pool);
    if (range === null || !holds(range, reservation.ip, value)) continue;
    if (allocates(pool, range, value) && sameRecord(facts, pool, reservation)) return true;
  }
  return false;
}

/** Keys of the pools, cut ones included, whose records read the address. */
export function poolsHolding(facts: Facts, ip: string | null): readonly string[] {
  const value = ip === null ? null : ipToBigInt(ip);
  if (ip === null || value === null) return [];
  return keysWhere(facts, (range) => holds(range, ip, value));
}

/** Keys of the pools, cut ones included, that share an address with a range. */
export function poolsOverlapping(facts: Facts, range: Cidr | null): readonly string[] {
  if (range === null) return [];
  return keysWhere(
    facts,
    (other) => other.family === range.family && other.first <= range.last && other.last >= range.first,
  );
}

function keysWhere(facts: Facts, test: (range: Cidr) => boolean): readonly string[] {
  const found = (pool: Ranged): readonly string[] => {
    const range = rangeOf(pool);
    return range !== null && test(range) ? [objectKey(pool)] : [];
  };
  return [
    ...[...facts.tables.whereaboutsPool.values()].flatMap(found),
    ...[...facts.tables.nodeSlicePool.values()].flatMap(found),
  ];
}
