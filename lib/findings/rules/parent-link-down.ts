/**
 * A link of the host that carries a network's pods is down (multus §4): what Multus attached there reports addresses, and no packet passes.
 * On AL2023, nothing brings up an ENI that is tagged no_manage and attached after boot (amazon-eks-ami #2180).
 */
import type { HostNicRecord } from '../../model/records';
import { NADS, NODES, PODS } from '../../model/source-ids';
import { INVENTORIES, isInventoried } from '../guards/inventory';
import { isEstablished } from '../guards/node';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** The links below a link if all of them are down as well, in words: the base of a VLAN, the ports of a bond. */
function downBelow({ node, over }: HostNicRecord, { read }: RuleContext): string | null {
  if (over.length === 0) return null;
  const below = [...read.each('hostNicsByNode', node)].filter(({ name, up }) => up === false && over.includes(name));
  if (below.length < over.length) return null;
  return `${listed(over)} ${over.length === 1 ? 'is' : 'are'} down`;
}

export default defineRule({
  id: 'parent-link-down',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, PODS, NADS],
  uses: INVENTORIES,
  check(node, context) {
    if (!isEstablished(node, context)) return null;
    const down = context.read.all('attachmentsByNode', node.id).flatMap(({ hostNic, network, eni }) => {
      const nic = context.read.one('hostNics', hostNic);
      if (nic?.up !== false || !isInventoried(nic, context)) return [];
      return [{ nic, network, eni: nic.eni ?? eni, base: downBelow(nic, context) }];
    });
    if (down.length === 0) return null;
    const links = [...new Map(down.map(({ nic }) => [nic.id, nic])).values()];
    const names = listed(links.map(({ name }) => name));
    const networks = [...new Set(down.map(({ network }) => network))].sort();
    const enis = [...new Set(down.flatMap(({ eni }) => eni ?? []))].sort();
    return {
      subjects: [node.id, ...links.map(({ id }) => id), ...networks, ...enis],
      title: `${names} of ${node.name} ${links.length === 1 ? 'is' : 'are'} down`,
      detail: `Pods on ${node.name} have interfaces of ${listed(networks.map(nameOf))} on ${names}, and the link is down: nothing passes there, though network-status reports their addresses.`,
      evidence: down.map(
        ({ nic, network, eni, base }) =>
          `${nic.source}: ${base === null ? '' : `${base}, and with it `}${nic.name}${eni === null ? '' : ` (${eni})`}${base === null ? ' is down' : ''}; ${nameOf(network)} uses it`,
      ),
      advice:
        enis.length === 0
          ? `Bring ${names} up on the node, and have its configuration do so at each boot.`
          : `Bring ${names} up on the node, and have its configuration do so (systemd-networkd, or the user data): the VPC CNI does not touch an ENI tagged no_manage, and on AL2023 nothing else brings it up when it is attached after boot.`,
      command: null,
    };
  },
});
