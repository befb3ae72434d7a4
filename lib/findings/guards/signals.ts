/** Events and counters about a record, and what the texts of CNI events mean. */
import { readCniFailure, type CniFailure, type CniFailureKind } from '../../cni/errors';
import type { PodRecord, SignalRecord } from '../../model/records';
import type { RuleContext } from '../rule';
import { hasNetworks } from './pod';
import { isRecent, MINUTE } from './time';

/** Signals of that kind, or of kinds below it: `metric:NAME` also gives `metric:NAME/API/ERROR`. In the order of their ids. */
export function signalsOf(context: RuleContext, subject: string, kind: string): readonly SignalRecord[] {
  return [...(context.replica.indexes.signalsBySubject.get(subject) ?? [])]
    .sort()
    .flatMap((id) => context.replica.records.signals.get(id) ?? [])
    .filter((signal) => signal.kind === kind || signal.kind.startsWith(`${kind}/`));
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
