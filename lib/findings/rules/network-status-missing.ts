/**
 * P5 (multus.md §6): the pod runs, asked for networks, and reports none. Pods that started before Multus was there legitimately report
 * none, and say so.
 */
import { nodeOf, timeOf } from '../guards';
import { defineRule } from '../rule';

export default defineRule({
  id: 'network-status-missing',
  severity: 'warning',
  scope: 'pods',
  needs: ['kubernetes/pods'],
  check(pod, context) {
    if (pod.phase !== 'Running' || pod.deleting || pod.hostNetwork || pod.requested.length === 0) return [];
    const faces = [...(context.replica.indexes.interfacesByPod.get(pod.id) ?? [])].map((id) =>
      context.replica.records.interfaces.get(id),
    );
    if (faces.some((face) => face !== undefined && face.network !== 'cluster' && face.state !== 'requested')) return [];
    const node = nodeOf(context, pod.node);
    const multusStart = timeOf(node?.multus?.startedAt ?? null);
    const podStart = timeOf(pod.startedAt);
    const before = multusStart !== null && podStart !== null && podStart < multusStart;
    const absent = pod.statusAnnotation.state === 'absent';
    const others = [...(context.replica.indexes.podsByNode.get(pod.node ?? '') ?? [])].filter((id) => {
      const other = context.replica.records.pods.get(id);
      return (
        other !== undefined && id !== pod.id && other.phase === 'Running' && other.statusAnnotation.state === 'valid'
      );
    });
    const cause =
      node?.multus == null
        ? 'Multus is not seen on this node'
        : before
          ? 'the pod started before Multus was there'
          : others.length === 0
            ? 'no pod of this node reports any: Multus may not be first in the CNI folder'
            : 'other pods of this node report theirs: a chained config without cniVersion leaves no entry';
    return [
      {
        subjects: [pod.id, ...(node ? [node.id] : [])],
        title: 'Runs without reporting the networks it asked for',
        detail: `${pod.namespace}/${pod.name} asks for ${pod.requested.length} network${pod.requested.length === 1 ? '' : 's'}, and its network-status ${absent ? 'is absent' : 'names none'}: ${cause}.`,
        evidence: [
          `Kubernetes: annotation network-status ${pod.statusAnnotation.state}`,
          `${others.length} other running pods of the node have one`,
        ],
        advice: before
          ? 'Delete the pod, so that it starts with Multus.'
          : 'Look at the CNI configuration folder and at Multus on the node.',
        command: `kubectl -n ${pod.namespace} delete pod ${pod.name}`,
        since: pod.startedAt,
      },
    ];
  },
});
