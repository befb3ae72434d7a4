/**
 * P2 (multus §1.2, §1.4, §6): Multus cannot parse the annotation, or a network's name is empty or has a slash, or a link name is unusable.
 */
import { EVENTS, PODS } from '../../model/source-ids';
import { interfaceNames } from '../../cni/multus/interface-name';
import { selectionProblem } from '../../cni/multus/networks';
import { idParts, networkId } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import { hasNetworks } from '../guards/pod';
import { refusalOf } from '../guards/signals';
import { nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** Why an interface cannot have the requested name; null without a known reason. */
function nameProblem(pod: PodRecord): string | null {
  // Names that Multus chooses depend on how many networks its daemon adds; requested names do not. The records do not show
  // the name of the first interface if the pod replaces the cluster network.
  const requested = pod.requested.filter((request) => request.interface !== null);
  return interfaceNames(requested, 'lo').find(({ problem }) => problem !== null)?.problem ?? null;
}

function problemOf(pod: PodRecord): string | null {
  if (pod.networksAnnotation.error !== null) return pod.networksAnnotation.error;
  for (const { network } of pod.requested) {
    const [namespace = '', name = ''] = idParts(network);
    const problem = selectionProblem({ namespace, name });
    if (problem !== null) return problem;
  }
  return null;
}

/** The existing network that an item refused in the short form probably means, as advice; null if there is none. */
function meant(pod: PodRecord, problem: string, context: RuleContext): string | null {
  const item = /mismatch @ '([^']+)'$/.exec(problem)?.[1] ?? '';
  const [, namespace = '', name = ''] = /^([a-z0-9-]+)[.:]([a-z0-9-]+)$/.exec(item) ?? [];
  const isThere = (id: string): boolean => context.read.one('networks', id)?.missing === false;
  if (isThere(networkId(namespace, name)))
    return `Most likely the network ${namespace}/${name} is meant: write ${namespace}/${name}, with a slash.`;
  // Kubernetes names may contain dots.
  if (isThere(networkId(pod.namespace, item)))
    return `The network ${pod.namespace}/${item} is there, but Multus takes a name with a dot in JSON alone: write [{"name": "${item}"}].`;
  return null;
}

export default defineRule({
  id: 'networks-annotation-invalid',
  severity: 'error',
  scope: 'pods',
  needs: [PODS],
  uses: [EVENTS],
  check(pod, context) {
    if (!hasNetworks(pod)) return null;
    const unreadable = problemOf(pod);
    const problem = unreadable ?? nameProblem(pod);
    if (problem === null) return null;
    const refusal = refusalOf(context, pod);
    return {
      subjects: [pod.id],
      title:
        unreadable === null
          ? 'Multus cannot give an interface the requested name'
          : 'Multus cannot read the networks annotation',
      detail: `The annotation k8s.v1.cni.cncf.io/networks of ${nameOf(pod.id)} is refused: ${problem}. ${
        pod.phase === 'Running'
          ? 'The pod runs without what it asks for, or the annotation was added later; a restart would fail.'
          : 'The pod cannot start.'
      }`,
      evidence: [
        `annotation: ${problem}`,
        refusal === null ? null : `event FailedCreatePodSandBox: ${refusal.failure.detail}`,
      ],
      advice: meant(pod, problem, context) ?? 'Correct the annotation on the pod template.',
      command: shell`kubectl -n ${pod.namespace} get pod ${pod.name} -o jsonpath='{.metadata.annotations}'`,
    };
  },
});
