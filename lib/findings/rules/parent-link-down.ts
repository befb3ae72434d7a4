/**
 * A link of the host that carries a network's pods is down (multus §4): what Multus attached there reports addresses, and no packet passes.
 * On AL2023, nothing brings up an ENI that is tagged no_manage and attached after boot (amazon-eks-ami #2180).
 */
import type { HostNicRecord } from '../../model/records';
import type { SourceId } from '../../model/source-id';
import { NADS, NODE_NETWORK_STATES, NODES, PODS, RESOURCE_SLICES, SRIOV_NODE_STATES } from '../../model/source-ids';
import { isEstablished } from '../guards/node';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import { isSourceLive } from '../rule/trust';

/** Inventories that say whether a link is up, and their sources. */
const INVENTORIES: Readonly<Record<string, SourceId>> = {
  NodeNetworkState: NODE_NETWORK_STATES,
  SriovNetworkNodeState: SRIOV_NODE_STATES,
  ResourceSlice: RESOURCE_SLICES,
};

function isInventoried(source: string, { read }: RuleContext): boolean {
  const id = INVENTORIES[source];
  return id !== undefined && isSourceLive(read, id);
}

/** The link below a VLAN (`bond0` for `bond0.100`) if it is down as well; otherwise null. */
function downBelow({ node, name }: HostNicRecord, { read }: RuleContext): string | null {
  const at = name.lastIndexOf('.');
  if (at < 1) return null;
  for (const nic of read.each('hostNicsByNode', node))
    if (nic.up === false && nic.name === name.slice(0, at)) return nic.name;
  return null;
}

export default defineRule({
  id: 'parent-link-down',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, PODS, NADS],
  uses: Object.values(INVENTORIES),
  check(node, context) {
    if (!isEstablished(node, context)) return null;
    const down = context.read.all('attachmentsByNode', node.id).flatMap(({ hostNic, network, eni }) => {
      const nic = context.read.one('hostNics', hostNic);
      if (nic?.up !== false || !isInventoried(nic.source, context)) return [];
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
          `${nic.source}: ${base === null ? '' : `${base} is down, and with it `}${nic.name}${eni === null ? '' : ` (${eni})`}${base === null ? ' is down' : ''}; ${nameOf(network)} uses it`,
      ),
      advice:
        enis.length === 0
          ? `Bring ${names} up on the node, and have its configuration do so at each boot.`
          : `Bring ${names} up on the node, and have its configuration do so (systemd-networkd, or the user data): the VPC CNI does not touch an ENI tagged no_manage, and on AL2023 nothing else brings it up when it is attached after boot.`,
      command: null,
    };
  },
});
