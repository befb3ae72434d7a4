/** Totals over the tiles of all nodes, for the far level's legend. */
import { gaugeOf } from './fullness';
import { findTroubles } from './troubles';
import type { ViewSource } from './view-source';

export interface TileCounts {
  /** Totals of the nodes whose addresses are known. */
  readonly addresses: { readonly assigned: number; readonly available: number; readonly free: number };
  /** Number of nodes by condition; `full`: every address that the node's ENIs can hold is assigned. */
  readonly nodes: {
    readonly errors: number;
    readonly warnings: number;
    readonly notReady: number;
    readonly full: number;
    readonly unknown: number;
  };
}

/**
 * `left`: the nodes that match the filter; null: all. Fargate and deleted nodes have no tiles. O(nodes + ENIs +
 * findings).
 */
export function countTiles(source: ViewSource, left: ReadonlySet<string> | null = null): TileCounts {
  const { byNode } = findTroubles(source);
  const addresses = { assigned: 0, available: 0, free: 0 };
  const nodes = { errors: 0, warnings: 0, notReady: 0, full: 0, unknown: 0 };
  for (const node of source.records.nodes.values()) {
    if (node.gone || node.computeType === 'fargate' || left?.has(node.id) === false) continue;
    const apart = byNode.get(node.id)?.apart;
    if (apart === 'error') nodes.errors++;
    if (apart === 'warning') nodes.warnings++;
    if (node.ready === false) nodes.notReady++;
    const gauge = gaugeOf(source, node);
    if (gauge === null || gauge.capacity === 0) {
      nodes.unknown++;
      continue;
    }
    addresses.assigned += gauge.assigned;
    addresses.available += gauge.available;
    addresses.free += gauge.capacity - gauge.assigned - gauge.available;
    if (gauge.assigned >= gauge.capacity) nodes.full++;
  }
  return { addresses, nodes };
}
