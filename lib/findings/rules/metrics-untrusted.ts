/** METRICS_UNTRUSTED (vpc-cni §4.3, §10): aws-node's gauges contradict each other, so ifscope counts from EC2 and pods instead. */
import { METRICS, NODES } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { isSettled } from '../guards/node';
import { defineRule } from '../rule/rule';

const GAUGES = {
  awscni_assigned_ip_addresses: 'assignedAddresses',
  awscni_total_ip_addresses: 'totalAddresses',
  awscni_total_ipv4_prefixes: 'totalPrefixes',
  awscni_eni_max: 'eniMax',
  awscni_eni_allocated: 'eniAllocated',
  awscni_ip_max: 'ipMax',
} as const;

function contradictions({ metrics, cni, limits }: NodeRecord): readonly string[] {
  if (metrics === null) return [];
  const { assignedAddresses: assigned, totalAddresses: total } = metrics;
  const found: string[] = [];
  const isGauged = Object.values(GAUGES).some((field) => metrics[field] !== null);
  if (assigned !== null && total !== null && assigned > total)
    found.push(`awscni_assigned_ip_addresses ${assigned} > awscni_total_ip_addresses ${total}`);
  for (const [name, field] of Object.entries(GAUGES)) {
    const value = metrics[field];
    if (value !== null && value < 0) found.push(`${name} ${value} is negative`);
  }
  if (isGauged && cni?.multiNic === true && (limits?.cards ?? 1) > 1)
    found.push('with multi-NIC every card overwrites the same gauges: the last writer wins');
  return found;
}

export default defineRule({
  id: 'metrics-untrusted',
  severity: 'info',
  scope: 'nodes',
  needs: [NODES, METRICS],
  check(node, context) {
    const reasons = contradictions(node);
    if (reasons.length === 0 || !isSettled(node, context)) return null;
    return {
      subjects: [node.id],
      title: 'aws-node’s own totals contradict each other',
      detail: `The plain gauges of aws-node on ${node.name} cannot be right. ifscope's pool figures come from EC2 and the pods, and are not affected.`,
      evidence: reasons.map((reason) => `aws-node metrics: ${reason}`),
      advice: 'Do not alert on these gauges; awscni_assigned_ip_per_eni is correct.',
    };
  },
});
