/** Events and counters about a record, and what the texts of CNI events mean. */
import type { SourceId } from '../../model/source-id';
import {
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  EVENTS,
  JOBS,
  METRICS,
  MULTI_NETWORK_POLICIES,
  PODS,
  ROLLOUTS,
  SRIOV_NODE_STATES,
  STATEFUL_SETS,
  VIRTUAL_MACHINES,
} from '../../model/source-ids';
import { IP_MANAGER, MISPLACED, MISTYPED, POLICY_FOR, SRIOV_FAILED } from '../../topology/shared/signals';
import { readCniFailure, type CniFailure, type CniFailureKind } from '../../cni/errors';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { NetworkRecord, PodRecord, SignalRecord } from '../../model/records';
import type { Reader } from '../rule/reader';
import type { RuleContext } from '../rule/rule';
import { isLive } from '../rule/trust';
import { hasNetworks } from './pod';
import { isRecent, MINUTE } from './time';

const WORKLOADS: Readonly<Record<string, SourceId>> = {
  Deployment: DEPLOYMENTS,
  StatefulSet: STATEFUL_SETS,
  DaemonSet: DAEMON_SETS,
  Job: JOBS,
  CronJob: CRON_JOBS,
  Rollout: ROLLOUTS,
};
/** The sources of all kinds of workloads. */
export const WORKLOAD_SOURCES = Object.values(WORKLOADS);

/** Kinds that may request a network while none of their pods runs. */
const ASKERS: Readonly<Record<string, SourceId>> = { ...WORKLOADS, VirtualMachine: VIRTUAL_MACHINES };
/** Kinds that not every cluster serves. */
const OF_OTHERS = ['Rollout', 'VirtualMachine'];
/** The sources of all kinds whose templates may ask for a network. */
export const ASKER_SOURCES = Object.values(ASKERS);

/**
 * Kinds that may request a network and cannot be read now, each with its state: `CronJobs (denied)`. Every cluster serves all but those of
 * others, Rollouts and VirtualMachines, so any other that is absent from a capture was not read.
 */
export function unreadAskers({ read }: RuleContext): readonly string[] | 'awaited' {
  const states = Object.entries(ASKERS).map(([kind, source]) => ({ kind, state: read.stateOf(source) }));
  if (states.some(({ state }) => state === 'starting')) return 'awaited';
  return states.flatMap(({ kind, state }) =>
    state === undefined || state === 'live' || (state === 'absent' && OF_OTHERS.includes(kind))
      ? []
      : [`${kind}s (${state})`],
  );
}

function sourceOf({ kind, text }: SignalRecord): string {
  if (kind === POLICY_FOR) return MULTI_NETWORK_POLICIES;
  if (kind === IP_MANAGER || kind === MISTYPED) return PODS;
  if (kind === SRIOV_FAILED) return SRIOV_NODE_STATES;
  // Owners of other kinds come from captures alone, with their pods.
  if (kind === MISPLACED) return WORKLOADS[text.slice(0, text.indexOf(' '))] ?? PODS;
  return kind.startsWith('metric:') ? METRICS : EVENTS;
}

/** Signals of that kind or below it whose source is live: outdated counters and Events are kept but are no longer news. */
const newsOf = ({ read }: RuleContext, signals: readonly SignalRecord[], kind: string): readonly SignalRecord[] =>
  signals
    .filter((signal) => signal.kind === kind || signal.kind.startsWith(`${kind}/`))
    .filter((signal) => isLive(read, sourceOf(signal)));

/**
 * Signals about the record of that kind or below it (`metric:NAME` includes `metric:NAME/API/ERROR`), ordered by id, from live sources
 * only. A rule that calls this must heed the source.
 */
export const signalsOf = (context: RuleContext, subject: string, kind: string): readonly SignalRecord[] =>
  newsOf(context, context.read.all('signalsBySubject', subject), kind);

/** The same for the pods of a node, ordered by pod. */
export const podSignalsOn = (context: RuleContext, node: string, kind: string): readonly SignalRecord[] =>
  newsOf(context, context.read.podSignals(node), kind);

/** A counter that rose within this time still describes the present. Milliseconds. */
const RECENT = 10 * MINUTE;

/** EC2 errors that aws-node counted recently and whose code matches the pattern (vpc-cni §4.3). */
export const apiErrors = (
  context: RuleContext,
  node: string,
  pattern: RegExp,
  within = RECENT,
): readonly SignalRecord[] =>
  signalsOf(context, node, 'metric:awscni_aws_api_error_count').filter(
    ({ kind, lastAt }) => pattern.test(kind) && isRecent(lastAt, within, context),
  );

/** A pod whose network could not be set up, and why. */
export interface Refusal {
  readonly pod: PodRecord;
  readonly failure: CniFailure;
  readonly signal: SignalRecord;
}

/** The reason of Events that say why a sandbox cannot be created. */
const REFUSED = 'FailedCreatePodSandBox';

/** Has no sandbox, and waits for one. */
const waits = (pod: PodRecord): boolean => pod.ips.length === 0 && hasNetworks(pod);

/** Why the pod's sandbox cannot be created, according to its latest Event; null when it waits for none. */
export function refusalOf(context: RuleContext, pod: PodRecord): Refusal | null {
  if (!waits(pod)) return null;
  const [signal] = signalsOf(context, pod.id, REFUSED);
  return signal === undefined ? null : { pod, failure: readCniFailure(signal.text), signal };
}

/** Pods of the node whose sandbox was refused for that reason, ordered by id. Found by their Events, which few pods have. */
export function refusalsOn(context: RuleContext, node: string, kind: CniFailureKind): readonly Refusal[] {
  const refused = new Set(podSignalsOn(context, node, REFUSED).map(({ subject }) => subject));
  return [...refused].flatMap((id) => {
    const pod = context.read.one('pods', id);
    const refusal = pod === null ? null : refusalOf(context, pod);
    return refusal?.failure.kind === kind ? [refusal] : [];
  });
}

/**
 * Pods whose sandbox was refused, by the networks that they wait for, both ordered by id. Found by their Events, which are few: a network
 * may have a hundred thousand interfaces.
 */
function refusedByNetwork(read: Reader): Readonly<Record<string, readonly string[]>> {
  const pods = new Set<string>();
  for (const { kind, subject } of read.every('signals')) if (kind === REFUSED) pods.add(subject);
  const networks: Record<string, string[]> = {};
  for (const pod of [...pods].sort())
    for (const face of read.each('interfacesByPod', pod)) {
      if (face.state !== 'requested') continue;
      const of = (networks[face.network] ??= []);
      if (of.at(-1) !== pod) of.push(pod);
    }
  return networks;
}

/**
 * Pods that the network keeps from starting for one of those reasons: the text names it, or it is the only network that they request. The
 * text names a config, which may be called differently from its network (multus §1.7).
 */
export function refusalsFor(
  context: RuleContext,
  network: NetworkRecord,
  kinds: ReadonlySet<CniFailureKind>,
): readonly Refusal[] {
  const refused = context.read.shared('pods refused a sandbox, by network', refusedByNetwork);
  return (refused[network.id] ?? []).flatMap((id) => {
    const pod = context.read.one('pods', id);
    const refusal = pod === null ? null : refusalOf(context, pod);
    if (pod === null || refusal === null || !kinds.has(refusal.failure.kind)) return [];
    if (refusal.failure.network === network.name) return [refusal];
    // Every pod that waits asks for the cluster's network as well.
    const only = network.id !== CLUSTER_NETWORK && new Set(pod.requested.map((request) => request.network)).size === 1;
    return only && refusal.failure.network !== 'aws-cni' ? [refusal] : [];
  });
}
