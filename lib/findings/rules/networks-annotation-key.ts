/**
 * The pod has a key that Multus or the VPC CNI ignores, because both look up exact keys, and that was probably meant for one of them
 * (multus §1.1, vpc-cni §3).
 */
import { NETWORKS_KEY } from '../../cni/multus/networks';
import { NODES, PODS } from '../../model/source-ids';
import { MISTYPED } from '../../topology/shared/signals';
import { isRead, readingOf } from '../guards/annotation';
import { isLive } from '../guards/pod';
import { REQUESTER_SOURCES, signalsOf } from '../guards/signals';
import { nameOf, shell } from '../guards/words';
import { editCommand, faultyWorkloads, isReportedBySignal, subjectsOf, workloadName } from '../guards/workloads';
import { defineRule, type RuleFile, type Sighting } from '../rule/rule';

const ON_TEMPLATE: ReadonlySet<string> = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']);

const WORDS = /^(label|annotation|key) (\S+) for (\S+)$/;

/** The finding on a key inside the networks annotation that has no effect. `where`: for example “shop/web has”. */
function unreadKey(key: string, meant: string, subjects: readonly string[], where: string): Sighting {
  return {
    subjects,
    severity: meant === '-' ? 'info' : 'warning',
    title: `Multus does not read the key "${key}"`,
    detail: `${where} the key "${key}" in the annotation ${NETWORKS_KEY}. Multus ignores it without a message, so it has no effect${meant === '-' ? '' : `; most likely "${meant}" was meant`}.`,
    evidence: [`Kubernetes: the annotation has the key "${key}"`],
    advice:
      meant === '-'
        ? 'Remove it, or set what it asks for in the network’s config (addresses in "ipam").'
        : `Write "${meant}" instead, and recreate the pods.`,
  };
}

const ofPod = defineRule({
  id: 'networks-annotation-key',
  severity: 'warning',
  scope: 'pods',
  needs: [PODS],
  uses: [NODES],
  check(pod, context) {
    if (!isLive(pod) || pod.hostNetwork) return [];
    return signalsOf(context, pod.id, MISTYPED).flatMap(({ text }) => {
      const found = text
        .split(', ')
        .map((one) => WORDS.exec(one) ?? [])
        .filter(([, , , meant = '']) => isRead(meant, pod, context));
      if (found.length === 0) return [];
      const [within] = found.filter(([, place]) => place === 'key');
      const [first] = found.filter(([, place]) => place !== 'key');
      if (within !== undefined && first === undefined)
        return unreadKey(within[2] ?? '', within[3] ?? '', [pod.id], `${nameOf(pod.id)} has`);
      const [, place = 'annotation', key = text, meant = ''] = first ?? [];
      const isLabel = place === 'label' && key === meant;
      const { reader, without } = readingOf(meant);
      const where = pod.owner !== null && ON_TEMPLATE.has(pod.owner.kind) ? ' in the pod template of its workload' : '';
      return {
        subjects: [pod.id],
        title: isLabel ? `${reader} reads no labels` : `${reader} does not read this key`,
        detail: isLabel
          ? `${nameOf(pod.id)} has ${key} as a label. ${reader} reads the annotation of that name, so the pod gets ${without}.`
          : `${nameOf(pod.id)} has the ${place} ${key}. ${reader} looks up the exact key and ignores others, so the pod gets ${without}; most likely the annotation ${meant} was meant.`,
        evidence: [`Kubernetes: ${text}`, `Kubernetes: the pod has no annotation ${meant}`],
        advice: `Write it as the annotation ${meant}${where}, and create the pod again.`,
        command: shell`kubectl -n ${pod.namespace} get pod ${pod.name} -o jsonpath='{.metadata}'`,
      };
    });
  },
});

/** Pod templates of workloads, unless a live pod has the same finding. */
const ofTemplate = defineRule({
  id: 'networks-annotation-key',
  severity: 'warning',
  scope: 'networks',
  needs: [],
  uses: [PODS, NODES, ...REQUESTER_SOURCES],
  check: (network, context) =>
    faultyWorkloads(network, context).map((workload) => {
      const [text] = workload.mistyped.filter((one) => !isReportedBySignal(workload, one, context));
      const [, place = 'annotation', key = '', meant = ''] = WORDS.exec(text ?? '') ?? [];
      if (text === undefined || !isRead(meant, { node: null }, context)) return null;
      if (place === 'key')
        return unreadKey(
          key,
          meant,
          subjectsOf(workload, context),
          `The pod template of ${workloadName(workload)} has`,
        );
      const isLabel = place === 'label' && key === meant;
      const { reader, without } = readingOf(meant);
      const where = `the pod template of ${workloadName(workload)}`;
      return {
        subjects: subjectsOf(workload, context),
        title: isLabel ? `${reader} reads no labels` : `${reader} does not read this key`,
        detail: isLabel
          ? `In ${where}, ${key} is a label. ${reader} reads the annotation of that name, so its pods get ${without}.`
          : `The ${place} in ${where} is ${key}. ${reader} looks up the exact key and ignores others, so its pods get ${without}; most likely the annotation ${meant} was meant.`,
        evidence: [`Kubernetes: ${text}`, `Kubernetes: the pod template has no annotation ${meant}`],
        advice: `Write it as the annotation ${meant} in the pod template.`,
        command: editCommand(workload),
      };
    }),
});

export default [ofPod, ofTemplate] satisfies RuleFile;
