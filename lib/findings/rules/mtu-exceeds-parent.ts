/**
 * A network's `mtu` is larger than that of its parent on a node. The plugins macvlan and vlan refuse this for every pod;
 * the kernel creates the ipvlan interface, and its parent drops the large packets.
 */
import { EVENTS, NADS, PODS } from '../../model/source-ids';
import { INVENTORIES, isInventoried } from '../guards/inventory';
import { refusalsFor } from '../guards/signals';
import { counted, listed, nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

const REFUSING: ReadonlySet<string> = new Set(['macvlan', 'vlan']);
const DROPPING: ReadonlySet<string> = new Set(['ipvlan']);

export default defineRule({
  id: 'mtu-exceeds-parent',
  severity: 'error',
  scope: 'networks',
  needs: [NADS, PODS],
  uses: [...INVENTORIES, EVENTS],
  check(network, context) {
    const { id, mtu, mainPlugin, semantics, parent } = network;
    const type = mainPlugin === null ? undefined : network.plugins[mainPlugin];
    if (mtu === null || type === undefined || !(REFUSING.has(type) || DROPPING.has(type))) return null;
    if (semantics?.linkInContainer === true || !['host-device', 'default-route'].includes(parent.kind)) return null;
    const found = context.read.all('attachmentsByNetwork', id).flatMap(({ hostNic, node }) => {
      const nic = context.read.one('hostNics', hostNic);
      if (nic === null || nic.mtu === null || nic.mtu >= mtu || !isInventoried(nic, context)) return [];
      return [{ nic, node, limit: nic.mtu }];
    });
    const [first] = found;
    // `network-config-invalid` reports pods that the plugin has refused.
    if (first === undefined || refusalsFor(context, network, new Set(['invalid-mtu'])).length > 0) return null;
    const nodes = [...new Set(found.map(({ node }) => node))];
    const lowest = Math.min(...found.map(({ limit }) => limit));
    const names = listed([...new Set(found.map(({ nic }) => nic.name))]);
    const where = nodes.length === 1 ? nameOf(first.node) : counted(nodes.length, 'node');
    const refuses = REFUSING.has(type);
    return {
      subjects: [id, ...found.slice(0, 10).flatMap(({ nic, node }) => [nic.id, node])],
      severity: refuses ? 'error' : 'warning',
      title: `Its MTU ${mtu} exceeds that of ${names} on ${where}`,
      detail: `${nameOf(id)} sets MTU ${mtu}, and ${names} on ${where} has ${lowest}. ${
        refuses
          ? `The plugin ${type} refuses an MTU above the parent’s, so the next pod of the network there does not start.`
          : 'Interfaces of pods accept this MTU, and packets larger than the parent’s are dropped: small requests pass, and large transfers stop.'
      }`,
      evidence: [
        `spec.config of ${nameOf(id)}: MTU ${mtu}`,
        ...found
          .slice(0, 10)
          .map(({ nic, node, limit }) => `${nic.source}: ${nic.name} of ${nameOf(node)} has MTU ${limit}`),
      ],
      advice: `Set "mtu" to ${lowest} or remove it, which takes the parent’s. Or raise the MTU of ${names} on the nodes, if the network between them carries ${mtu} bytes.`,
      command: shell`kubectl -n ${network.namespace ?? ''} edit network-attachment-definitions ${network.name}`,
    };
  },
});
