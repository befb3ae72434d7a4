/** P3 (multus §1.1, §6): the annotation is on the workload, where it has no effect, instead of on its pod template. */
import { PODS } from '../../model/source-ids';
import { isLive } from '../guards/pod';
import { MISPLACED } from '../../topology/shared/signals';
import { signalsOf, WORKLOAD_SOURCES } from '../guards/signals';
import { nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'networks-annotation-on-workload',
  severity: 'warning',
  scope: 'pods',
  needs: [PODS],
  heeds: WORKLOAD_SOURCES,
  check(pod, context) {
    if (!isLive(pod)) return [];
    return signalsOf(context, pod.id, MISPLACED).map(({ text }) => {
      const [, kind, namespace, name] = /^(\w+) ([^\s/]+)\/(\S+) /.exec(text) ?? [];
      return {
        subjects: [pod.id],
        title: 'The networks annotation is on the workload',
        detail: `${text}. Multus reads the pod's own annotations, so ${nameOf(pod.id)} gets none of these networks.`,
        evidence: [`Kubernetes: ${text}`, 'Kubernetes: the pod template has no such annotation'],
        advice: 'Move it to spec.template.metadata.annotations.',
        command:
          kind === undefined || namespace === undefined || name === undefined
            ? null
            : shell`kubectl -n ${namespace} edit ${kind.toLowerCase()} ${name}`,
      };
    });
  },
});
