/** Events and counters about a record, and what the texts of CNI events mean. */
import {
  DAEMON_SETS,
  DEPLOYMENTS,
  EVENTS,
  METRICS,
  MULTI_NETWORK_POLICIES,
  PODS,
  STATEFUL_SETS,
  type SourceId,
} from '../../model/source-ids';
import { IP_MANAGER, MISPLACED, POLICY_FOR } from '../../topology/shared/signals';
import { readCniFailure, type CniFailure, type CniFailureKind } from '../../cni/errors';
import type { NetworkRecord, PodRecord, SignalRecord } from '../../model/records';
import type { RuleContext } from '../rule';
import { isTrusted } from '../trust';
import { hasNetworks } from './pod';
import { isRecent, MINUTE } from './time';

const WORKLOADS: Readonly<Record<string, SourceId>> = {
  Deployment: DEPLOYMENTS,
  StatefulSet: STATEFUL_SETS,
  DaemonSet: DAEMON_SETS,
};
export const WORKLOAD_SOURCES = Object.values(WORKLOADS);

function sourceOf({ kind, text }: SignalRecord): string {
  if (kind === POLICY_FOR) return MULTI_NETWORK_POLICIES;
  if (kind === IP_MANAGER) return PODS;
  if (kind === MISPLACED) return WORKLOADS[text.slice(0, text.indexOf(' '))] ?? '';
  return kind.startsWith('metric:') ? METRICS : EVENTS;
}

/**
 * Signals of that kind, or of kinds below it: `metric:NAME` also gives `metric:NAME/API/ERROR`. In the order of their ids. None of a
 * source that is not live: its counters and events are kept, and are no longer news. A rule that asks heeds the source.
 */
export function signalsOf(context: RuleContext, subject: string, kind: string): readonly SignalRecord[] {
  const { sources } = context.replica.records;
  return [...(context.replica.indexes.signalsBySubject.get(subject) ?? [])]
    .sort()
    .flatMap((id) => context.replica.records.signals.get(id) ?? [])
    .filter((signal) => signal.kind === kind || signal.kind.startsWith(`${kind}/`))
    .filter((signal) => isTrusted(sources.get(sourceOf(signal))));
}

/** Counters that rose this long ago still speak of now. */
const RECENT = 10 * MINUTE;

/** EC2 errors that aws-node counted of late, whose code the pattern matches (vpc-cni.md §4.3). */
export const apiErrors = (
  context: RuleContext,
  node: string,
  pattern: RegExp,
  within = RECENT,
): readonly SignalRecord[] =>
  signalsOf(context, node, 'metric:awscni_aws_api_error_count').filter(
    ({ kind, lastAt }) => pattern.test(kind) && isRecent(lastAt, within, context),
  );

export interface Refusal {
  readonly pod: PodRecord;
  readonly failure: CniFailure;
  readonly signal: SignalRecord;
}

/** Why the pod's sandbox cannot be made, as its latest event says; null when it does not wait for one. */
export function refusalOf(context: RuleContext, pod: PodRecord): Refusal | null {
  if (pod.ips.length > 0 || !hasNetworks(pod)) return null;
  const [signal] = signalsOf(context, pod.id, 'FailedCreatePodSandBox');
  return signal === undefined ? null : { pod, failure: readCniFailure(signal.text), signal };
}

/** Pods of the node that wait for a sandbox, refused for that reason; by id. */
export function refusalsOn(context: RuleContext, node: string, kind: CniFailureKind): readonly Refusal[] {
  return [...(context.replica.indexes.podsByNode.get(node) ?? [])].sort().flatMap((id) => {
    const pod = context.replica.records.pods.get(id);
    const refusal = pod === undefined ? null : refusalOf(context, pod);
    return refusal?.failure.kind === kind ? [refusal] : [];
  });
}

/**
 * Pods that the network keeps from starting, refused for one of those reasons: by its name in the text, or because it is the only one that
 * they ask for. The text has the name of a config, which need not be the network's (multus.md §1.7).
 */
export function refusalsFor(
  context: RuleContext,
  network: NetworkRecord,
  kinds: ReadonlySet<CniFailureKind>,
): readonly Refusal[] {
  const { indexes, records } = context.replica;
  const pods = new Set<string>();
  for (const id of indexes.interfacesByNetwork.get(network.id) ?? []) {
    const face = records.interfaces.get(id);
    if (face?.state === 'requested') pods.add(face.pod);
  }
  return [...pods].sort().flatMap((id) => {
    const pod = records.pods.get(id);
    const refusal = pod === undefined ? null : refusalOf(context, pod);
    if (pod === undefined || refusal === null || !kinds.has(refusal.failure.kind)) return [];
    if (refusal.failure.network === network.name) return [refusal];
    const only = new Set(pod.requested.map((request) => request.network)).size === 1;
    return only && refusal.failure.network !== 'aws-cni' ? [refusal] : [];
  });
}
