/** P17 (multus.md §2.4, §6): ipvlan and macvlan cannot share a parent; the second to start on a node fails with “device or resource busy”. */
import { defineRule } from '../rule';

export default defineRule({
  id: 'ipvlan-macvlan-conflict',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(node, context) {
    const { records, indexes } = context.replica;
    const byParent = new Map<string, Map<'ipvlan' | 'macvlan', Set<string>>>();
    for (const id of indexes.attachmentsByNode.get(node.id) ?? []) {
      const attachment = records.attachments.get(id);
      const network = attachment && records.networks.get(attachment.network);
      if (!network || network.mainPlugin === null || network.semantics?.linkInContainer === true) continue;
      const type = network.plugins[network.mainPlugin];
      if (type !== 'ipvlan' && type !== 'macvlan') continue;
      const parent =
        network.parent.kind === 'default-route'
          ? 'the default-route interface'
          : network.parent.kind === 'host-device'
            ? network.parent.value
            : null;
      if (parent === null) continue;
      const types = byParent.get(parent) ?? new Map<'ipvlan' | 'macvlan', Set<string>>();
      types.set(type, (types.get(type) ?? new Set()).add(network.id));
      byParent.set(parent, types);
    }
    return [...byParent]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([parent, types]) => {
        const ipvlan = [...(types.get('ipvlan') ?? [])].sort();
        const macvlan = [...(types.get('macvlan') ?? [])].sort();
        if (ipvlan.length === 0 || macvlan.length === 0) return [];
        return [
          {
            subjects: [node.id, ...ipvlan, ...macvlan],
            title: `ipvlan and macvlan both hang on ${parent}`,
            detail: `On ${node.name} ${ipvlan.join(', ')} (ipvlan) and ${macvlan.join(', ')} (macvlan) use ${parent}. The kernel allows one of the two: the next pod of the other fails with “device or resource busy”.`,
            evidence: [`attachments on the node: ${[...ipvlan, ...macvlan].join(', ')}`],
            advice: 'Use one kind per parent interface.',
          },
        ];
      });
  },
});
