/** Counts for the legend of a colour mode: how much of the picture has which colour. */
import { ADDRESS_STATES, type AddressState } from '../model/vocabulary';
import type { EniRecord, NodeRecord } from '../model/records';
import { fullnessOf } from './fullness';
import { fullnessClass, type FullnessClass } from './fullness-class';
import { findTroubles } from './troubles';
import type { ViewSource } from './view-source';

/** The worst of a node's own findings; `shared`: only findings that many nodes have. */
export type FindingClass = 'error' | 'warning' | 'info' | 'shared' | 'none';

/** The nodes with a tile that match the filter. `left`: the matching nodes; null: all. */
function* tiles(source: ViewSource, left: ReadonlySet<string> | null): Iterable<NodeRecord> {
  for (const node of source.records.nodes.values())
    if (!node.gone && node.computeType !== 'fargate' && left?.has(node.id) !== false) yield node;
}

/** Number of addresses by state. */
export type StateCounts = Readonly<Record<AddressState, number>>;

/** Number of addresses of ENIs by state. */
export function countStates({ enis }: { readonly enis: ReadonlyMap<string, EniRecord> }): StateCounts {
  const counts = Object.fromEntries(ADDRESS_STATES.map((state) => [state, 0])) as Record<AddressState, number>;
  for (const { addresses } of enis.values()) for (const { state } of addresses) counts[state]++;
  return counts;
}

/** The sums of counts of different ENIs. */
export const sumStates = (parts: readonly StateCounts[]): StateCounts =>
  Object.fromEntries(
    ADDRESS_STATES.map((state) => [state, parts.reduce((sum, counts) => sum + counts[state], 0)]),
  ) as Record<AddressState, number>;

/** Number of nodes by fullness class. */
export type FullnessCounts = Readonly<Record<FullnessClass | 'unknown', number>>;

/** Number of nodes by fullness. */
export function countFullness(source: ViewSource, left: ReadonlySet<string> | null = null): FullnessCounts {
  const counts = { low: 0, middle: 0, high: 0, full: 0, unknown: 0 };
  for (const node of tiles(source, left)) {
    const share = fullnessOf(source, node);
    counts[share === null ? 'unknown' : fullnessClass(share)]++;
  }
  return counts;
}

/** Number of nodes by the worst of their own findings. */
export type FindingCounts = Readonly<Record<FindingClass, number>>;

/** Number of nodes by the worst of their own findings. */
export function countByFinding(source: ViewSource, left: ReadonlySet<string> | null = null): FindingCounts {
  const counts = { error: 0, warning: 0, info: 0, shared: 0, none: 0 };
  const { byNode } = findTroubles(source);
  for (const { id } of tiles(source, left)) {
    const trouble = byNode.get(id);
    counts[trouble === undefined ? 'none' : (trouble.apart ?? 'shared')]++;
  }
  return counts;
}
