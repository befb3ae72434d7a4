/** Which nodes take pod addresses from a subnet. */
import type { NodeRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import { givesAddresses } from './eni';

/** Nodes with an ENI in the subnet from which ipamd assigns addresses, and nodes whose ENIConfig names it; ordered by id. */
export function podNodesOf(subnet: string, context: RuleContext): readonly NodeRecord[] {
  const nodes = new Map<string, NodeRecord>();
  for (const eni of context.read.each('enisBySubnet', subnet)) {
    const node = context.read.whole('nodes', eni.node);
    if (node !== null && givesAddresses(eni, node)) nodes.set(node.id, node);
  }
  for (const node of context.read.each('nodesByEniConfigSubnet', subnet)) nodes.set(node.id, node);
  return [...nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
