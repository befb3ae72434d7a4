/** How full a node is: the addresses on its managed ENIs. */
import type { NodeRecord } from '../model/records';
import { layoutEnisUnder } from './partial-set';
import type { ViewSource } from './view-source';

/** A node's addresses as a gauge. */
export interface Gauge {
  readonly assigned: number;
  /** Warm or cooling. */
  readonly available: number;
  /** Slots for addresses on the managed ENIs that are attached. */
  readonly capacity: number;
}

/** The gauge of a node; null when its pools are not known. */
export function gaugeOf(source: ViewSource, node: NodeRecord): Gauge | null {
  let assigned = 0;
  let available = 0;
  let capacity = 0;
  let known = false;
  for (const pool of node.pools) {
    if (pool.total === null || pool.assigned === null) continue;
    known = true;
    assigned += pool.assigned;
    available += pool.total - pool.assigned;
  }
  if (!known) return null;
  for (const eni of layoutEnisUnder(source, 'enisByNode', node.id))
    if (eni.management.state === 'managed') capacity += eni.addressCapacity ?? 0;
  return { assigned, available, capacity: Math.max(capacity, assigned + available) };
}

/** Assigned addresses as a fraction of the capacity, 0 to 1; null when not known. */
export function fullnessOf(source: ViewSource, node: NodeRecord): number | null {
  const gauge = gaugeOf(source, node);
  return gauge === null || gauge.capacity === 0 ? null : gauge.assigned / gauge.capacity;
}
