/** P17 (multus §2.4, §6): ipvlan and macvlan cannot share a parent: the second to start on a node fails with “device or resource busy”. */
import { EVENTS, NADS, PODS } from '../../model/source-ids';
import type { AttachmentRecord } from '../../model/records';
import { isEstablished } from '../guards/node';
import { refusalsOn } from '../guards/signals';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

type Kind = 'ipvlan' | 'macvlan';

function kindOf({ plugins, mainPlugin, semantics }: Steady<'networks'>): Kind | null {
  const type = mainPlugin === null ? undefined : plugins[mainPlugin];
  return (type === 'ipvlan' || type === 'macvlan') && semantics?.linkInContainer !== true ? type : null;
}

/** The parent's name on this node. A VLAN link (`ens6.100`) is a different parent from the link below it. */
function parentOf(network: Steady<'networks'>, attachment: AttachmentRecord, context: RuleContext): string | null {
  if (network.parent.kind === 'host-device') return network.parent.value;
  if (network.parent.kind !== 'default-route') return null;
  return context.read.one('hostNics', attachment.hostNic)?.name ?? 'the default-route interface';
}

export default defineRule({
  id: 'ipvlan-macvlan-conflict',
  severity: 'error',
  scope: 'nodes',
  isSteady: true,
  needs: [PODS, NADS],
  uses: [EVENTS],
  check(node, context) {
    const parents = new Map<string, Record<Kind, string[]>>();
    for (const attachment of context.read.all('attachmentsByNode', node.id)) {
      const network = context.read.one('networks', attachment.network);
      const kind = network === null ? null : kindOf(network);
      if (network === null || kind === null) continue;
      const parent = parentOf(network, attachment, context);
      if (parent === null) continue;
      const users = parents.get(parent) ?? { ipvlan: [], macvlan: [] };
      users[kind].push(network.id);
      parents.set(parent, users);
    }
    const shared = [...parents].filter(([, { ipvlan, macvlan }]) => ipvlan.length > 0 && macvlan.length > 0);
    if (shared.length === 0 || !isEstablished(node, context)) return [];
    const busy = refusalsOn(context, node.id, 'parent-busy').slice(0, 1);
    return shared.sort().map(([parent, { ipvlan, macvlan }]) => ({
      subjects: [node.id, ...ipvlan, ...macvlan],
      title: `ipvlan and macvlan both use ${parent}`,
      detail: `On ${node.name} ${listed(ipvlan.map(nameOf))} (ipvlan) and ${listed(macvlan.map(nameOf))} (macvlan) use ${parent}. The kernel allows only one of them: the next pod with the other fails with “device or resource busy”.`,
      evidence: [
        ...[...ipvlan, ...macvlan].map((id) => `Kubernetes: a pod of the node uses ${nameOf(id)}`),
        ...busy.map(({ pod, failure }) => `event FailedCreatePodSandBox of ${nameOf(pod.id)}: ${failure.detail}`),
      ],
      advice: 'Use only one of the two on each parent interface.',
    }));
  },
});
