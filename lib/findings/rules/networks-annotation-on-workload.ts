/**
 * P3 (multus §1.1, §6; vpc-cni §3): an annotation that chooses a pod's interfaces is on the workload, where it has no effect, instead of
 * on its pod template.
 */
import { NETWORKS_KEY } from '../../cni/multus/networks';
import { NODES, PODS } from '../../model/source-ids';
import { isRead, readingOf } from '../guards/annotation';
import { isLive } from '../guards/pod';
import { MISPLACED } from '../../topology/shared/signals';
import { REQUESTER_SOURCES, signalsOf, WORKLOAD_SOURCES } from '../guards/signals';
import { nameOf, shell } from '../guards/words';
import { editCommand, faultyWorkloads, isReportedBySignal, subjectsOf, workloadName } from '../guards/workloads';
import { defineRule, type RuleFile } from '../rule/rule';

const TEMPLATE = 'spec.template.metadata.annotations';

interface Remedy {
  readonly advice: string;
  /** A Job's template cannot be changed. */
  readonly canEdit: boolean;
}

const MOVE_ANNOTATION: Remedy = { advice: `Move it to ${TEMPLATE}.`, canEdit: true };

const REMEDIES: Readonly<Record<string, Remedy>> = {
  Job: {
    advice: `Create the Job again with the annotation in ${TEMPLATE}: the pod template of a Job cannot be changed.`,
    canEdit: false,
  },
  CronJob: { advice: `Move it to spec.jobTemplate.${TEMPLATE}; the next Job has it.`, canEdit: true },
};

const titleOf = (key: string): string =>
  `The ${key === NETWORKS_KEY ? 'networks annotation' : `annotation ${key.slice(key.indexOf('/') + 1)}`} is on the workload`;

const ofPod = defineRule({
  id: 'networks-annotation-on-workload',
  severity: 'warning',
  scope: 'pods',
  needs: [PODS],
  uses: [...WORKLOAD_SOURCES, NODES],
  check(pod, context) {
    if (!isLive(pod)) return [];
    return signalsOf(context, pod.id, MISPLACED).flatMap(({ text }) => {
      const [, kind = '', namespace, name, key = NETWORKS_KEY] =
        /^(\w+) ([^\s/]+)\/(\S+) (?:carries (\S+): )?/.exec(text) ?? [];
      if (!isRead(key, pod, context)) return [];
      const { reader, without } = readingOf(key);
      const { advice, canEdit } = REMEDIES[kind] ?? MOVE_ANNOTATION;
      return {
        subjects: [pod.id],
        title: titleOf(key),
        detail: `${text}. ${reader} reads the pod's own annotations, so ${nameOf(pod.id)} gets ${without}.`,
        evidence: [`Kubernetes: ${text}`, 'Kubernetes: the pod template has no such annotation'],
        advice,
        command:
          !canEdit || namespace === undefined || name === undefined
            ? null
            : shell`kubectl -n ${namespace} edit ${kind.toLowerCase()} ${name}`,
      };
    });
  },
});

/** Workloads without a live pod that has the same finding: scaled to zero, not yet due, or posted without their pods. */
const ofWorkload = defineRule({
  id: 'networks-annotation-on-workload',
  severity: 'warning',
  scope: 'networks',
  needs: [],
  uses: [PODS, NODES, ...REQUESTER_SOURCES],
  check: (network, context) =>
    faultyWorkloads(network, context).map((workload) => {
      const [first] = workload.misplaced;
      const name = workloadName(workload);
      if (first === undefined || isReportedBySignal(workload, `${name} carries `, context)) return null;
      const key = first.slice(0, first.indexOf(': '));
      if (!isRead(key, { node: null }, context)) return null;
      const { reader, without } = readingOf(key);
      return {
        subjects: subjectsOf(workload, context),
        title: titleOf(key),
        detail: `${name} carries ${workload.misplaced.join(', ')}. ${reader} reads the pod's own annotations, so its pods get ${without}.`,
        evidence: [`Kubernetes: ${name} carries ${first}`, 'Kubernetes: the pod template has no such annotation'],
        advice: (REMEDIES[workload.kind] ?? MOVE_ANNOTATION).advice,
        command: editCommand(workload),
      };
    }),
});

export default [ofPod, ofWorkload] satisfies RuleFile;
