/**
 * How whereabouts pools relate to each other and to reservations (multus §4.2): ranges may contain each other, and a
 * reservation has only an address and a name that begins with its network's name.
 */
import { poolPrefix, reservationNetwork } from '../../cni/ipam/whereabouts-pools';
import type { WhereaboutsPoolFact, WhereaboutsReservationFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { ipToBigInt, familyOf, parseCidr, type Cidr } from '../../model/ip';
import { blockAround } from '../facts/indexes';
import type { FactQuery, FactReader } from '../facts/reader';

/** A pool without its allocations, which change with every pod. */
export type PoolPlace = Pick<WhereaboutsPoolFact, 'namespace' | 'name' | 'range'>;

const placeOf = ({ namespace, name, range }: WhereaboutsPoolFact): PoolPlace => ({ namespace, name, range });

/** A pool by its key, without its allocations; null for an unknown one. */
export const poolPlace: FactQuery<PoolPlace | null> = {
  name: 'poolPlace',
  of: (facts, key) => {
    const pool = facts.get('whereaboutsPool', key);
    return pool === undefined ? null : placeOf(pool);
  },
};

/** Every whereabouts pool, by key. */
export const poolPlaces: FactQuery<readonly PoolPlace[]> = {
  name: 'poolPlaces',
  of: (facts) => facts.all('whereaboutsPool').map(placeOf),
};

type Ranged = Pick<WhereaboutsPoolFact, 'range'>;

const ranges = new WeakMap<Ranged, Cidr | null>();

/** The canonical range, parsed once per object; null if it cannot be parsed. */
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

/** Whether the pool itself has an allocation for the address of a reservation. */
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

const nodeExists: FactQuery<boolean> = {
  name: 'nodeExists',
  of: (facts, name) => facts.get('node', name) !== undefined,
};

/** Whether some pool is divided into slices, one of which is the node's. */
const hasSlice: FactQuery<boolean> = {
  name: 'hasSlice',
  of: (facts, node) =>
    facts.all('nodeSlicePool').some(({ allocations }) => allocations.some((allocation) => allocation.node === node)),
};

/**
 * Whether a reservation may belong to an allocation of the pool, that is, both have one network name. A pool's name begins
 * with the name of a network, of a node (a slice), or both.
 */
function sameRecord(facts: FactReader, pool: PoolPlace, reservation: WhereaboutsReservationFact): boolean {
  if (pool.namespace !== reservation.namespace) return false;
  const network = reservationNetwork(reservation.name);
  const prefix = poolPrefix(pool.name, pool.range);
  if (prefix === null) return true;
  if (network !== '') return prefix === network || prefix.startsWith(`${network}-`);
  return prefix === '' || facts.ask(nodeExists, prefix) || facts.ask(hasSlice, prefix);
}

/** The reservations within a pool's range that may be its own. */
export function reservationsIn(facts: FactReader, pool: PoolPlace): readonly WhereaboutsReservationFact[] {
  const range = rangeOf(pool);
  if (range === null) return [];
  return facts.factsOf('reservationsByBlock', blockAround(range)).filter((reservation) => {
    const value = valueOf(reservation);
    return (
      value !== null &&
      reservation.ip !== null &&
      holds(range, reservation.ip, value) &&
      sameRecord(facts, pool, reservation)
    );
  });
}

/** Keys of the pools that share an address with a pool, including its own. Asked with the pool's key. */
export const poolsOverlapping: FactQuery<readonly string[]> = {
  name: 'poolsOverlapping',
  of: (facts, key) => {
    const pool = facts.ask(poolPlace, key);
    const range = pool === null ? null : rangeOf(pool);
    if (range === null) return [];
    return facts
      .ask(poolPlaces)
      .filter((place) => {
        const other = rangeOf(place);
        return other?.family === range.family && other.first <= range.last && other.last >= range.first;
      })
      .map(objectKey);
  },
};

/** Whether one of the pools has an allocation for the reservation: of overlapping ranges, any will do. */
export function isAllocated(
  facts: FactReader,
  pools: readonly WhereaboutsPoolFact[],
  reservation: WhereaboutsReservationFact,
): boolean {
  const value = valueOf(reservation);
  if (value === null || reservation.ip === null) return false;
  for (const pool of pools) {
    const range = rangeOf(pool);
    if (range === null || !holds(range, reservation.ip, value)) continue;
    if (allocates(pool, range, value) && sameRecord(facts, pool, reservation)) return true;
  }
  return false;
}
