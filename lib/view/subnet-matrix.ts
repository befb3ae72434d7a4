/**
 * Subnets by zone. Subnets with the same purpose in several zones have names that differ only in the zone, so a row is
 * a name without its zone.
 */
import { byNaturalName } from '../model/order';
import type { SubnetRecord } from '../model/records';
import { sum } from '../model/sums';

/** The subnets of a row in one zone, summed. */
export interface SubnetCell {
  readonly subnets: readonly string[];
  /** Null if one of them is not known. */
  readonly free: number | null;
  /** How many more pods can get an address; null when not known. */
  readonly fit: number | null;
  /** What limits them; empty if the subnets differ. */
  readonly limit: string;
}

/** Subnets whose names differ only in the zone. */
export interface SubnetRow {
  readonly name: string;
  readonly cells: ReadonlyMap<string, SubnetCell>;
}

/** Subnets by name and zone. */
export interface SubnetMatrix {
  readonly zones: readonly string[];
  readonly rows: readonly SubnetRow[];
  /** By zone. */
  readonly totals: ReadonlyMap<string, SubnetCell>;
}

/** A subnet with its free addresses, the number of further pods that fit, and what limits them. Null: not known. */
export interface SubnetFigures {
  readonly subnet: SubnetRecord;
  readonly free: number | null;
  readonly fit: number | null;
  readonly limit: string;
}

const NOWHERE = 'zone not known';

/** `n6` for `subnet-n6-a` in `eu-west-1a`; the id if the subnet has no name. */
export function nameWithoutZone({ id, tags, zone }: Pick<SubnetRecord, 'id' | 'tags' | 'zone'>): string {
  const name = tags.Name ?? '';
  if (name === '') return id;
  if (zone === null) return name;
  const letter = zone.slice(-1);
  const number = /\d+(?=[a-z]$)/.exec(zone)?.[0] ?? '';
  // The longest part first: a name that ends in `-eu-west-1a` also ends in `a`.
  for (const part of [zone, `${number}${letter}`, letter]) {
    const found = new RegExp(`(^|[-_/.\\s])${part}(?=$|[-_/.\\s])`, 'gi');
    const rest = name.replace(found, '').replace(/^[-_/.\s]+/, '');
    if (rest !== name && rest !== '') return rest;
  }
  return name;
}

const cellOf = (figures: readonly SubnetFigures[]): SubnetCell => ({
  subnets: figures.map(({ subnet }) => subnet.id),
  free: sum(figures.map(({ free }) => free)),
  fit: sum(figures.map(({ fit }) => fit)),
  limit: figures.every(({ limit }) => limit === figures[0]?.limit) ? (figures[0]?.limit ?? '') : '',
});

const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [string, readonly T[]])[] =>
  [...Map.groupBy(items, keyOf)].sort(([a], [b]) => byNaturalName(a, b));

const zoneOf = ({ subnet }: SubnetFigures): string => subnet.zone ?? NOWHERE;

/** Arranges subnets by name and zone. */
export function subnetMatrix(figures: readonly SubnetFigures[]): SubnetMatrix {
  const byZone = grouped(figures, zoneOf);
  return {
    zones: byZone.map(([zone]) => zone),
    totals: new Map(byZone.map(([zone, of]) => [zone, cellOf(of)])),
    rows: grouped(figures, ({ subnet }) => nameWithoutZone(subnet)).map(([name, of]) => ({
      name,
      cells: new Map(grouped(of, zoneOf).map(([zone, one]) => [zone, cellOf(one)])),
    })),
  };
}
