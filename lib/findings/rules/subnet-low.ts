/** SUBNET_LOW (vpc-cni.md §10): the subnet cannot give what the nodes on it need to be not low; in prefix mode, less than one /28. */
import { defineRule } from '../rule';
import { hasIpamd } from '../guards';
import type { NodeRecord } from '../../model/records';
import type { RuleContext } from '../rule';

/** Below this many free addresses a subnet is worth a word, whatever its nodes need. */
const FLOOR = 4;

/** Nodes whose managed ENIs take addresses from this subnet. */
function nodesOn(subnet: string, context: RuleContext): readonly NodeRecord[] {
  const nodes = new Map<string, NodeRecord>();
  for (const id of context.replica.indexes.enisBySubnet.get(subnet) ?? []) {
    const eni = context.replica.records.enis.get(id);
    const node = eni?.node == null ? undefined : context.replica.records.nodes.get(eni.node);
    if (eni?.management.state === 'managed' && node && hasIpamd(node) && node.cni?.mode !== 'ipv6')
      nodes.set(node.id, node);
  }
  return [...nodes.values()];
}

/** Addresses that a node's card 0 needs to be not low; in prefix mode whole /28 blocks. */
function need(node: NodeRecord): number {
  let sum = 0;
  for (const pool of node.pools) {
    if (pool.low !== true || node.unschedulable) continue;
    const growing =
      pool.next?.action === 'add-addresses' ||
      pool.next?.action === 'add-prefixes' ||
      pool.next?.action === 'attach-eni';
    if (!growing && pool.next?.blockedBy == null) continue;
    const units = Math.max(pool.short ?? 0, 1);
    sum += node.cni?.mode === 'prefix' && pool.card === 0 ? units * 16 : units;
  }
  return sum;
}

export default defineRule({
  id: 'subnet-low',
  severity: 'warning',
  scope: 'subnets',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces', 'ec2/subnets'],
  check(subnet, context) {
    const free = subnet.availableAddresses;
    if (free === null) return [];
    const nodes = nodesOn(subnet.id, context);
    if (nodes.length === 0) return [];
    const needed = nodes.reduce((sum, node) => sum + need(node), 0);
    const prefix = nodes.some((node) => node.cni?.mode === 'prefix');
    const floor = prefix ? 16 : FLOOR;
    if (free >= needed && free >= floor) return [];
    const hungry = nodes.filter((node) => need(node) > 0);
    return [
      {
        subjects: [subnet.id, ...hungry.slice(0, 10).map((node) => node.id)],
        severity: free === 0 && hungry.length > 0 ? 'error' : 'warning',
        title: `${free} addresses left, ${Math.max(needed, floor)} needed next`,
        detail: `${nodes.length} nodes take pod addresses from ${subnet.id} (${subnet.cidr ?? 'range not known'}); ${
          hungry.length > 0
            ? `${hungry.length} of them need ${needed} more to reach their targets`
            : 'none needs more at this moment'
        }, and the subnet has ${free}. After a refusal ipamd waits two minutes before it asks again.`,
        evidence: [
          `EC2 DescribeSubnets: AvailableIpAddressCount ${free}`,
          prefix
            ? 'nodes on it run in prefix mode: each step takes 16 aligned addresses'
            : `targets of its nodes: ${needed} addresses short in all`,
        ],
        advice: 'Add a subnet tagged kubernetes.io/role/cni=1 in this zone, or lower the warm targets.',
        command: `aws ec2 create-tags --resources <NEW-SUBNET> --tags Key=kubernetes.io/role/cni,Value=1`,
      },
    ];
  },
});
