/** Which nodes take pod addresses from a subnet. */
import type { NodeRecord } from '../../model/records';
import type { RuleContext } from '../rule';
import { givesAddresses } from './eni';
import { nodeOf } from './node';

/** Nodes with an ENI in it whose addresses ipamd hands out, and those whose ENIConfig names it; by id. */
export function podNodesOf(subnet: string, context: RuleContext): readonly NodeRecord[] {
  const nodes = new Map<string, NodeRecord>();
  for (const id of context.replica.indexes.enisBySubnet.get(subnet) ?? []) {
    const eni = context.replica.records.enis.get(id);
    const node = eni === undefined ? null : nodeOf(context, eni.node);
    if (eni !== undefined && node !== null && givesAddresses(eni, node)) nodes.set(node.id, node);
  }
  for (const node of context.replica.records.nodes.values())
    if (node.eniConfig?.subnet === subnet) nodes.set(node.id, node);
  return [...nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
