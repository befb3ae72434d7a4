/** P3 (multus.md §1.1, §6): the annotation sits on the workload, where it has no effect, and not on its pod template. */
import { signalsOf } from '../guards';
import { defineRule } from '../rule';

/** The kind of signal that the topology derives from a workload's metadata. */
export const MISPLACED = 'annotation-on-workload';

export default defineRule({
  id: 'networks-annotation-on-workload',
  severity: 'warning',
  scope: 'pods',
  needs: ['kubernetes/pods'],
  check(pod, context) {
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed' || pod.deleting) return [];
    return signalsOf(context, pod.id, MISPLACED).map((signal) => ({
      subjects: [pod.id],
      title: 'The networks annotation sits on the workload',
      detail: `${signal.text}. Multus reads the pod's own annotations, so ${pod.namespace}/${pod.name} gets none of these networks.`,
      evidence: [`Kubernetes: ${signal.text}`, 'Kubernetes: the pod template has no such annotation'],
      advice: 'Move it to spec.template.metadata.annotations.',
      command:
        pod.owner === null
          ? null
          : `kubectl -n ${pod.namespace} edit ${pod.owner.kind.toLowerCase()} ${pod.owner.name}`,
    }));
  },
});
