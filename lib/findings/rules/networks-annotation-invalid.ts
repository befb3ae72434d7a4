/**
 * P2 (multus §1.2, §1.4, §6): Multus cannot parse the annotation, or a network's name is empty or has a slash, or a link name is unusable.
 */
import { EVENTS, PODS } from '../../model/source-ids';
import { isAboutInterfaceName } from '../../cni/multus/refusal';
import { networkId } from '../../model/ids';
import { hasNetworks } from '../guards/pod';
import { refusalOf, REQUESTER_SOURCES } from '../guards/signals';
import { nameOf, shell } from '../guards/words';
import {
  editCommand,
  faultyWorkloads,
  isReportedForPod,
  requestRefusalOf,
  subjectsOf,
  workloadName,
} from '../guards/workloads';
import { defineRule, type RuleContext, type RuleFile } from '../rule/rule';

/** The existing network that an item refused in the short form probably means, as advice; null if there is none. */
function meant(podNamespace: string, problem: string, context: RuleContext): string | null {
  const item = /mismatch @ '([^']+)'$/.exec(problem)?.[1] ?? '';
  const [, namespace = '', name = ''] = /^([a-z0-9-]+)[.:]([a-z0-9-]+)$/.exec(item) ?? [];
  const isThere = (id: string): boolean => context.read.one('networks', id)?.missing === false;
  if (isThere(networkId(namespace, name)))
    return `Most likely the network ${namespace}/${name} is meant: write ${namespace}/${name}, with a slash.`;
  // Kubernetes names may contain dots.
  if (isThere(networkId(podNamespace, item)))
    return `The network ${podNamespace}/${item} exists, but Multus accepts a name with a dot only in JSON: write [{"name": "${item}"}].`;
  return null;
}

const titleOf = (problem: string): string =>
  isAboutInterfaceName(problem)
    ? 'Multus cannot give an interface the requested name'
    : 'Multus cannot read the networks annotation';

export const ofPod = defineRule({
  id: 'networks-annotation-invalid',
  severity: 'error',
  scope: 'pods',
  needs: [PODS],
  uses: [EVENTS],
  check(pod, context) {
    if (!hasNetworks(pod)) return null;
    const problem = requestRefusalOf(pod);
    if (problem === null) return null;
    const refusal = refusalOf(context, pod);
    return {
      subjects: [pod.id],
      title: titleOf(problem),
      detail: `The annotation k8s.v1.cni.cncf.io/networks of ${nameOf(pod.id)} is refused: ${problem}. ${
        pod.phase === 'Running'
          ? 'The pod runs without what it asks for, or the annotation was added later; a restart would fail.'
          : 'The pod cannot start.'
      }`,
      evidence: [
        `annotation: ${problem}`,
        refusal === null ? null : `event FailedCreatePodSandBox: ${refusal.failure.detail}`,
      ],
      advice: meant(pod.namespace, problem, context) ?? 'Correct the annotation on the pod template.',
      command: shell`kubectl -n ${pod.namespace} get pod ${pod.name} -o jsonpath='{.metadata.annotations}'`,
    };
  },
});

/** Pod templates that Multus would refuse, unless a live pod has the same finding. */
const ofTemplate = defineRule({
  id: 'networks-annotation-invalid',
  severity: 'warning',
  scope: 'networks',
  needs: [],
  uses: [PODS, ...REQUESTER_SOURCES],
  check: (network, context) =>
    faultyWorkloads(network, context).map((workload) => {
      const { refusal, kind, namespace } = workload;
      if (refusal === null || isReportedForPod(workload, refusal, context)) return null;
      const where = `the pod template of ${workloadName(workload)}`;
      return {
        subjects: subjectsOf(workload, context),
        title: titleOf(refusal),
        detail: `The annotation k8s.v1.cni.cncf.io/networks in ${where} is refused: ${refusal}. None of its pods could start.`,
        evidence: [`annotation in ${where}: ${refusal}`],
        advice:
          meant(namespace, refusal, context) ??
          (kind === 'Job'
            ? 'Recreate the Job with a correct annotation: the pod template of a Job is immutable.'
            : 'Correct the annotation on the pod template.'),
        command: editCommand(workload),
      };
    }),
});

export default [ofPod, ofTemplate] satisfies RuleFile;
