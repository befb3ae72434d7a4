/** NODE_IP_FULL (vpc-cni.md §10): nothing free in the pool, no slot free on any attached ENI, no ENI slot free. */
import { defineRule } from '../rule';
import { count, hasIpamd, isSettled, poolOf } from '../guards';

export default defineRule({
  id: 'node-addresses-full',
  severity: 'warning',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(node, context) {
    const pool = poolOf(node);
    if (!hasIpamd(node) || !isSettled(node, context) || pool === null || pool.available !== 0) return [];
    if (
      pool.next?.action === 'add-addresses' ||
      pool.next?.action === 'add-prefixes' ||
      pool.next?.action === 'attach-eni'
    )
      return [];
    if (node.eniSlots.free !== 0 || node.headroom.limitedBy !== 'slots' || node.headroom.pods !== 0) return [];
    const room = node.maxPods !== null && node.podCount < node.maxPods;
    return [
      {
        subjects: [node.id],
        title: 'No address left for another pod',
        detail: `All ${count(pool.total ?? 0, 'address', 'addresses')} of the VPC CNI on ${node.name} are held by pods, every attached ENI is full and no further ENI can attach.${
          room ? ' The scheduler may still place pods here; they will wait for an address.' : ''
        }`,
        evidence: [
          `EC2: ${pool.total ?? '?'} addresses on managed ENIs, ${pool.assigned ?? '?'} held by live pods`,
          `ENIs: ${node.eniSlots.used ?? '?'} of ${node.eniSlots.limit ?? '?'} attached, ${node.eniSlots.unmanaged ?? 0} of them unmanaged`,
          `node: max pods ${node.maxPods ?? 'not known'}, ${node.podCount} pods`,
        ],
        advice: 'Move pods to other nodes, use a larger instance type, or turn on prefix mode for new nodes.',
        command: `kubectl cordon ${node.name}`,
      },
    ];
  },
});
