/** METRICS_UNTRUSTED (vpc-cni.md §4.3, §10): aws-node's plain gauges contradict themselves; ifscope counts by EC2 and pods instead. */
import { defineRule } from '../rule';

export default defineRule({
  id: 'metrics-untrusted',
  severity: 'info',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'aws-node/metrics'],
  check(node) {
    const { metrics } = node;
    if (metrics === null || node.gone) return [];
    const { assignedAddresses: assigned, totalAddresses: total, totalPrefixes: prefixes, eniMax, ipMax } = metrics;
    const reasons: string[] = [];
    if (assigned !== null && total !== null && assigned > total)
      reasons.push(`awscni_assigned_ip_addresses ${assigned} > awscni_total_ip_addresses ${total}`);
    const gauges = {
      awscni_assigned_ip_addresses: assigned,
      awscni_total_ip_addresses: total,
      awscni_total_ipv4_prefixes: prefixes,
      awscni_eni_max: eniMax,
      awscni_ip_max: ipMax,
    };
    for (const [name, value] of Object.entries(gauges))
      if (value !== null && value < 0) reasons.push(`${name} ${value} is negative`);
    if (node.cni?.multiNic === true && (node.limits?.cards ?? 1) > 1)
      reasons.push('with multi-NIC every card overwrites the same gauges: the last writer wins');
    if (reasons.length === 0) return [];
    return [
      {
        subjects: [node.id],
        title: 'aws-node’s own totals are not to be trusted',
        detail: `The plain gauges of aws-node on ${node.name} contradict themselves. ifscope's pool figures come from EC2 and the pods, and are not touched by that.`,
        evidence: reasons.map((reason) => `aws-node metrics: ${reason}`),
        advice: 'Do not alarm on these gauges; awscni_assigned_ip_per_eni is right.',
      },
    ];
  },
});
