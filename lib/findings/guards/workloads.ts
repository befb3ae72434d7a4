/** Workloads whose next pods will not get the intended interfaces, unless a live pod already shows the fault. */
import { requestRefusal } from '../../cni/multus/refusal';
import { CLUSTER_NETWORK, idParts } from '../../model/ids';
import type { NetworkRecord, PodRecord } from '../../model/records';
import { MISPLACED, MISTYPED } from '../../topology/shared/signals';
import type { Reader } from '../rule/reader';
import type { RuleContext } from '../rule/rule';
import { hasNetworks } from './pod';
import { isWorkloadLive } from './signals';
import { shell } from './words';

/** A workload with a fault in the networks that its pods request. */
export type FaultyWorkload = NetworkRecord['faultyWorkloads'][number];

/** Why Multus refuses the pod's request; null if no problem is known. */
export const requestRefusalOf = ({ networksAnnotation, requested }: PodRecord): string | null =>
  requestRefusal(
    networksAnnotation.error,
    requested.map((request) => {
      const [namespace = '', name = ''] = idParts(request.network);
      return { namespace, name, index: request.index, interface: request.interface };
    }),
  );

/** The faulty workloads of kinds that can be read. Only the cluster network's record has any. */
export const faultyWorkloads = (
  network: Pick<NetworkRecord, 'faultyWorkloads'>,
  context: RuleContext,
): readonly FaultyWorkload[] => network.faultyWorkloads.filter(({ kind }) => isWorkloadLive(context, kind));

/** `NAMESPACE problem` of each live pod with a refused request. */
function refusedRequests(read: Reader): readonly string[] {
  const found = new Set<string>();
  for (const pod of read.every('pods')) {
    if (!hasNetworks(pod)) continue;
    const refusal = requestRefusalOf(pod);
    if (refusal !== null) found.add(`${pod.namespace} ${refusal}`);
  }
  return [...found].sort();
}

/** `NAMESPACE text` of each signal about a pod annotation that has no effect. */
function unreadAnnotations(read: Reader): readonly string[] {
  const found = new Set<string>();
  for (const { kind, subject, text } of read.every('signals'))
    if (kind === MISPLACED || kind === MISTYPED) found.add(`${idParts(subject)[0] ?? ''} ${text}`);
  return [...found].sort();
}

/** Whether a live pod of the namespace is refused for the same reason and has a finding of its own. */
export const isReportedForPod = ({ namespace }: FaultyWorkload, problem: string, { read }: RuleContext): boolean =>
  read.shared('refused requests of pods', refusedRequests).includes(`${namespace} ${problem}`);

/** Whether a pod of the namespace has a signal that contains the text. */
export const isReportedBySignal = ({ namespace }: FaultyWorkload, text: string, { read }: RuleContext): boolean =>
  read
    .shared('pod annotations without effect', unreadAnnotations)
    .some((told) => told.startsWith(`${namespace} `) && told.includes(text));

/** Subjects of the finding: the existing networks that the template names, else the cluster network. */
export function subjectsOf({ networks }: FaultyWorkload, { read }: RuleContext): readonly string[] {
  const there = networks.filter((id) => read.one('networks', id)?.missing === false);
  return there.length > 0 ? there : [CLUSTER_NETWORK];
}

/** For example `Deployment shop/web`. */
export const workloadName = ({ kind, namespace, name }: FaultyWorkload): string => `${kind} ${namespace}/${name}`;

/** A command that opens the workload in an editor; null for a Job, whose template cannot be changed. */
export const editCommand = ({ kind, namespace, name }: FaultyWorkload): string | null =>
  kind === 'Job' ? null : shell`kubectl -n ${namespace} edit ${kind.toLowerCase()} ${name}`;
