/** A node with several cards, and all extra interfaces of a pod on one of them: a card's bandwidth is shared by all its ENIs. */
import { defineRule } from '../rule';
import { nodeOf } from '../guards';

export default defineRule({
  id: 'interfaces-share-card',
  severity: 'info',
  scope: 'pods',
  needs: ['kubernetes/pods', 'ec2/network-interfaces'],
  check(pod, context) {
    const node = nodeOf(context, pod.node);
    const cards = context.replica.indexes.cardsByNode.get(pod.node ?? '')?.size ?? 0;
    if (node === null || cards < 2 || pod.deleting || pod.hostNetwork) return [];
    const extra = [...(context.replica.indexes.interfacesByPod.get(pod.id) ?? [])]
      .map((id) => context.replica.records.interfaces.get(id))
      .filter((face) => face !== undefined && !face.default && face.state !== 'requested');
    const enis = new Set(extra.map((face) => face?.eni));
    const [card] = extra.map((face) => face?.card ?? null);
    if (extra.length < 2 || enis.size < 2 || card == null || extra.some((face) => face?.card !== card)) return [];
    return [
      {
        subjects: [pod.id, node.id],
        title: `All ${extra.length} extra interfaces share card ${card}`,
        detail: `${node.name} has ${cards} network cards, and the extra interfaces of ${pod.namespace}/${pod.name} (${extra.map((face) => face?.name ?? '?').join(', ')}) all hang on card ${card}: they share its bandwidth.`,
        evidence: extra.map((face) => `${face?.name ?? '?'}: ${face?.link.evidence ?? ''}`),
        advice: 'Attach the ENIs of these networks to different cards.',
      },
    ];
  },
});
