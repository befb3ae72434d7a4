/** The pod has a key that Multus ignores, because it looks up exact keys, and that was probably meant for Multus (multus §1.1). */
import { PODS } from '../../model/source-ids';
import { MISTYPED } from '../../topology/shared/signals';
import { isLive } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

const ON_TEMPLATE: ReadonlySet<string> = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']);

export default defineRule({
  id: 'networks-annotation-key',
  severity: 'warning',
  scope: 'pods',
  needs: [PODS],
  check(pod, context) {
    if (!isLive(pod) || pod.hostNetwork) return [];
    return signalsOf(context, pod.id, MISTYPED).map(({ text }) => {
      const found = text.split(', ').map((one) => /^(label|annotation) (\S+) for (\S+)$/.exec(one) ?? []);
      const [[, place = 'annotation', key = text, meant = ''] = []] = found;
      const isLabel = place === 'label' && key === meant;
      const where = pod.owner !== null && ON_TEMPLATE.has(pod.owner.kind) ? ' in the pod template of its workload' : '';
      return {
        subjects: [pod.id],
        title: isLabel ? 'The networks are named in a label' : 'Multus does not read this key',
        detail: isLabel
          ? `${nameOf(pod.id)} has ${key} as a label. Multus reads the annotation of that name, so the pod gets none of these networks.`
          : `${nameOf(pod.id)} has the ${place} ${key}. Multus looks up the exact key and ignores others, so the pod gets none of these networks; most likely the annotation ${meant} was meant.`,
        evidence: [`Kubernetes: ${text}`, `Kubernetes: the pod has no annotation ${meant}`],
        advice: `Write it as the annotation ${meant}${where}, and create the pod again.`,
        command: shell`kubectl -n ${pod.namespace} get pod ${pod.name} -o jsonpath='{.metadata}'`,
      };
    });
  },
});
