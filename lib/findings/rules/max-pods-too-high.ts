/** MAXPODS_TOO_HIGH (vpc-cni.md §8, §10): the kubelet accepts more pods than the usable ENIs have addresses for. */
import { defineRule } from '../rule';
import { enisOf, hasIpamd, isSettled } from '../guards';

export default defineRule({
  id: 'max-pods-too-high',
  severity: 'warning',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(node, context) {
    const { limits, maxPods, cni } = node;
    const [card] = [...(context.replica.indexes.cardsByNode.get(node.id) ?? [])]
      .map((id) => context.replica.records.networkCards.get(id))
      .filter((record) => record?.index === 0);
    if (!hasIpamd(node) || !isSettled(node, context) || limits === null || maxPods === null || cni === null) return [];
    if (cni.mode === null || cni.mode === 'ipv6' || card?.eniSlots.limit == null || card.eniSlots.unmanaged === null)
      return [];
    // A trunk takes a slot and gives no pod an address; one that is wanted but missing keeps its slot (§1.3).
    const trunk = enisOf(context, node).some((eni) => eni.role === 'trunk' && eni.card === 0)
      ? 1
      : (card.eniSlots.reserved ?? 0);
    const efaOnly = enisOf(context, node).filter((eni) => eni.role === 'efa-only' && eni.card === 0).length;
    const custom = cni.customNetworking === true ? 1 : 0;
    const usable = Math.max(0, card.eniSlots.limit - card.eniSlots.unmanaged - efaOnly - custom - trunk);
    const perEni = (limits.ipv4PerEni - 1) * (cni.mode === 'prefix' ? 16 : 1);
    const ceiling = usable * perEni + node.hostNetworkPods;
    if (maxPods <= ceiling) return [];
    return [
      {
        subjects: [node.id],
        title: `Accepts ${maxPods} pods, has addresses for ${ceiling}`,
        detail: `The kubelet of ${node.name} takes up to ${maxPods} pods, but its usable ENIs carry ${usable * perEni} pod addresses and ${node.hostNetworkPods} pods need none. The pods beyond will wait for an address.`,
        evidence: [
          `node.status.capacity.pods = ${maxPods}`,
          `card 0: ${card.eniSlots.limit} ENIs − ${card.eniSlots.unmanaged} unmanaged − ${efaOnly} efa-only − ${custom} for custom networking − ${trunk} for the trunk = ${usable} usable`,
          `${node.instanceType ?? 'instance type'}: ${limits.ipv4PerEni} IPv4 addresses per ENI (${limits.source === 'ec2' ? 'EC2' : 'bundled table'})`,
        ],
        advice: `Start the kubelet with --max-pods=${ceiling} on nodes of this shape.`,
      },
    ];
  },
});
