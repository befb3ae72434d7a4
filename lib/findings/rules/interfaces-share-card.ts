/** The node has several cards, but all extra interfaces of a pod are on one of them: all ENIs of a card share its bandwidth. */
import { ENIS, PODS } from '../../model/source-ids';
import { nodeOf } from '../guards/node';
import { interfacesOf, hasNetworks } from '../guards/pod';
import { nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'interfaces-share-card',
  severity: 'info',
  scope: 'pods',
  needs: [PODS, ENIS],
  check(pod, context) {
    if (!hasNetworks(pod)) return null;
    const extra = interfacesOf(context, pod).filter((iface) => !iface.default && iface.state !== 'requested');
    const card = extra[0]?.card ?? null;
    if (extra.length < 2 || card === null || extra.some((iface) => iface.card !== card)) return null;
    const node = nodeOf(context, pod.node);
    const cards = context.read.all('cardsByNode', pod.node).length;
    if (node === null || cards < 2) return null;
    return {
      subjects: [pod.id, node.id, ...extra.map(({ id }) => id)],
      title: `All ${extra.length} extra interfaces share card ${card}`,
      detail: `${node.name} has ${cards} network cards, and the extra interfaces of ${nameOf(pod.id)} (${extra.map(({ name }) => name ?? '?').join(', ')}) are all on card ${card}: they share its bandwidth.`,
      evidence: extra.map(({ name, link }) => `${name ?? '?'}: ${link.evidence}`),
      advice: 'Attach the ENIs of these networks to different cards.',
    };
  },
});
