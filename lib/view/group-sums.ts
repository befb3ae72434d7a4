/** The summary of a folded group of nodes. */
import type { Severity } from '../model/records';
import { gaugeOf } from './fullness';
import { groupNodes, type Arrangement } from './node-groups';
import { findTroubles } from './troubles';
import type { ViewSource } from './view-source';

/** The totals of a group of nodes. */
export interface GroupSum {
  readonly key: string;
  readonly label: string;
  readonly nodes: number;
  /** Number of nodes that match the filter; null without a filter. */
  readonly left: number | null;
  /**
   * The worst finding that is not shared by many nodes, and how many nodes have one of that severity; null without any.
   */
  readonly worst: { readonly severity: Severity; readonly nodes: number } | null;
  /** Free slots for addresses on attached ENIs, and warm or cooling addresses; null when not known for any node. */
  readonly addresses: { readonly free: number; readonly available: number } | null;
}

/** The totals of these groups, in picture order. `left`: the nodes that match the filter; null: all. */
export function sumGroups(
  source: ViewSource,
  arrangement: Arrangement,
  keys: ReadonlySet<string>,
  left: ReadonlySet<string> | null = null,
): readonly GroupSum[] {
  const { byNode } = findTroubles(source);
  return groupNodes(source, arrangement).flatMap(({ key, label, nodes }): readonly GroupSum[] => {
    if (!keys.has(key)) return [];
    const found: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
    let addresses: { free: number; available: number } | null = null;
    for (const node of nodes) {
      const apart = byNode.get(node.id)?.apart ?? null;
      if (apart !== null) found[apart]++;
      const gauge = gaugeOf(source, node);
      if (gauge === null) continue;
      addresses ??= { free: 0, available: 0 };
      addresses.available += gauge.available;
      addresses.free += gauge.capacity - gauge.assigned - gauge.available;
    }
    const severity = (['error', 'warning', 'info'] as const).find((one) => found[one] > 0);
    return [
      {
        key,
        label,
        nodes: nodes.length,
        left: left === null ? null : nodes.filter(({ id }) => left.has(id)).length,
        worst: severity === undefined ? null : { severity, nodes: found[severity] },
        addresses,
      },
    ];
  });
}
