/** The inputs of a what-if on a record set. */
import { byNaturalName } from '../model/order';
import type { EniRecord, PodRecord } from '../model/records';
import type { ViewSource } from '../view/view-source';
import { eniCounts, nodeFigures, type EniCounts } from './figures';
import { CapacityModel } from './capacity-model';
import { inSteps, whole } from './steps';

/** The inputs from the large tables (ENIs, pods) of a whole record set, or of a part of one. */
export interface CapacityParts {
  readonly enis: readonly EniCounts[];
  /** For each pod of a DaemonSet with an address of its own, its node: such pods do not move when their node is lost. */
  readonly daemonNodes: readonly string[];
}

interface Counted {
  readonly enis: ReadonlyMap<string, EniRecord>;
  readonly pods: ReadonlyMap<string, PodRecord>;
}

/** The inputs from the ENIs and pods of a record set or of a part of one. */
export const partsOf = ({ enis, pods }: Counted): CapacityParts => ({
  enis: [...enis.values()].flatMap((eni) => eniCounts(eni) ?? []),
  daemonNodes: [...pods.values()].flatMap(({ node, owner, hostNetwork, phase }) =>
    owner?.kind === 'DaemonSet' && !hostNetwork && phase !== 'Succeeded' && phase !== 'Failed' ? (node ?? []) : [],
  ),
});

/** Deleted nodes are left out. Nodes take addresses from their subnets in the order of their names. */
export const capacityOf = (source: ViewSource, parts: readonly CapacityParts[]): CapacityModel =>
  whole(capacitySteps(source, parts));

/** The same, in steps. */
export function* capacitySteps(
  source: ViewSource,
  parts: readonly CapacityParts[],
): Generator<undefined, CapacityModel> {
  const enis = Map.groupBy(
    parts.flatMap((part) => part.enis),
    ({ node }) => node,
  );
  const daemons = new Map<string, number>();
  for (const part of parts) for (const node of part.daemonNodes) daemons.set(node, (daemons.get(node) ?? 0) + 1);
  yield;
  const there = [...source.records.nodes.values()]
    .filter(({ gone }) => !gone)
    .sort((a, b) => byNaturalName(a.name, b.name));
  const nodes = yield* inSteps(there, (node) =>
    nodeFigures(source, node, enis.get(node.id) ?? [], daemons.get(node.id) ?? 0),
  );
  const subnets = [...source.records.subnets.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return yield* CapacityModel.steps(nodes, subnets);
}
