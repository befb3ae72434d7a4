/** The what-if of a record set: what it is reckoned from. */
import { byNaturalName } from '../model/order';
import type { PodRecord } from '../model/records';
import type { ViewSource } from '../view/view-source';
import { nodeFigures } from './figures';
import { Reckoning } from './reckon';

/** Pods of DaemonSets with an address of their own, by node: they do not move when their node is lost. */
export function daemonPodsOf(pods: Iterable<PodRecord>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { node, owner, hostNetwork, phase } of pods) {
    if (node === null || owner?.kind !== 'DaemonSet' || hostNetwork || phase === 'Succeeded' || phase === 'Failed')
      continue;
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

/** Nodes that are gone are left out. They take from their subnets in the order of their names. */
export function capacityOf(source: ViewSource, daemonPods: ReadonlyMap<string, number>): Reckoning {
  const nodes = [...source.records.nodes.values()]
    .filter(({ gone }) => !gone)
    .sort((a, b) => byNaturalName(a.name, b.name))
    .map((node) => nodeFigures(source, node, daemonPods.get(node.id) ?? 0));
  const subnets = [...source.records.subnets.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Reckoning(nodes, subnets);
}
