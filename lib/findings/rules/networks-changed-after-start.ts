/**
 * P4 (multus.md §6): what the running pod asks for is not what it was attached to at its start: the annotation changed later. Only where
 * Multus runs and has reported something; a pod that reports nothing is another finding's.
 */
import { nodeOf } from '../guards';
import { defineRule } from '../rule';

export default defineRule({
  id: 'networks-changed-after-start',
  severity: 'info',
  scope: 'pods',
  needs: ['kubernetes/pods'],
  check(pod, context) {
    if (pod.phase !== 'Running' || pod.deleting || pod.hostNetwork || pod.statusAnnotation.state !== 'valid') return [];
    if (pod.networksAnnotation.state === 'invalid' || nodeOf(context, pod.node)?.multus == null) return [];
    const added: string[] = [];
    const gone: string[] = [];
    let reportedAny = false;
    for (const id of context.replica.indexes.interfacesByPod.get(pod.id) ?? []) {
      const face = context.replica.records.interfaces.get(id);
      if (!face || face.network === 'cluster') continue;
      if (face.state === 'requested') added.push(face.network);
      else reportedAny = true;
      if (face.state === 'unrequested') gone.push(face.network);
    }
    // Networks that every pod gets by the daemon's configuration were never asked for (multus.md §1.4): a plus alone is no change.
    if (
      added.length === 0 &&
      !(gone.length > 0 && pod.networksAnnotation.state === 'valid' && pod.requested.length > 0)
    )
      return [];
    if (added.length > 0 && !reportedAny && gone.length === 0) return [];
    return [
      {
        subjects: [pod.id, ...new Set([...added, ...gone])],
        title: 'The networks annotation changed after the start',
        detail: `${pod.namespace}/${pod.name} ${[
          added.length > 0 ? `asks for ${added.join(', ')} without having it` : '',
          gone.length > 0 ? `has ${gone.join(', ')} without asking for it` : '',
        ]
          .filter(Boolean)
          .join(', and ')}. Multus reads the annotation once, when the pod's sandbox is made.`,
        evidence: ['Kubernetes: annotations k8s.v1.cni.cncf.io/networks and network-status name different networks'],
        advice: 'Delete the pod to have the annotation take effect.',
        command: `kubectl -n ${pod.namespace} delete pod ${pod.name}`,
      },
    ];
  },
});
