/** Events and counters about a record, and the meaning of CNI events. */
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
import {
  IP_MANAGER,
  MISPLACED,
  MISTYPED,
  NOT_READY,
  POD_IDENTITY,
  POLICY_FOR,
  POLICY_FOR_NOTHING,
  SRIOV_FAILED,
} from '../../topology/shared/signals';
import { readCniFailure, type CniFailure, type CniFailureKind } from '../../cni/errors';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { NetworkRecord, PodRecord, SignalRecord } from '../../model/records';
import type { Reader } from '../rule/reader';
import type { RuleContext } from '../rule/rule';
import { isSourceLive } from '../rule/trust';
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

/** Whether workloads of the kind can be read. Kinds without a source occur only in captures. */
export const isWorkloadLive = ({ read }: RuleContext, kind: string): boolean => {
  const source = REQUESTERS[kind];
  return source === undefined || isSourceLive(read, source);
};

/** Kinds that may request a network while none of their pods runs. */
const REQUESTERS: Readonly<Record<string, SourceId>> = { ...WORKLOADS, VirtualMachine: VIRTUAL_MACHINES };
/** Kinds that not every cluster serves. */
const OPTIONAL_KINDS = ['Rollout', 'VirtualMachine'];
/** The sources of all kinds whose templates may request a network. */
export const REQUESTER_SOURCES = Object.values(REQUESTERS);

/**
 * Kinds that may request a network and cannot be read now, or not all of them, each with its state: `CronJobs (denied)`. Every cluster serves
 * all of them except Rollouts and VirtualMachines, so any other kind that is absent from a capture was not read.
 */
export function unreadRequesters({ read }: RuleContext): readonly string[] | 'awaited' {
  const states = Object.entries(REQUESTERS).map(([kind, source]) => ({ kind, source, state: read.stateOf(source) }));
  if (states.some(({ state }) => state === 'starting')) return 'awaited';
  return states.flatMap(({ kind, source, state }) =>
    state === 'live' && read.isPartial(source)
      ? [`${kind}s (only some)`]
      : state === undefined || state === 'live' || (state === 'absent' && OPTIONAL_KINDS.includes(kind))
        ? []
        : [`${kind}s (${state})`],
  );
}

function sourceOf({ kind, text }: SignalRecord): string {
  if (kind === POLICY_FOR || kind === POLICY_FOR_NOTHING) return MULTI_NETWORK_POLICIES;
  if (kind === IP_MANAGER || kind === MISTYPED || kind === POD_IDENTITY || kind === NOT_READY) return PODS;
  if (kind === SRIOV_FAILED) return SRIOV_NODE_STATES;
  // Owners of other kinds occur only in captures, together with their pods.
  if (kind === MISPLACED) return WORKLOADS[text.slice(0, text.indexOf(' '))] ?? PODS;
  return kind.startsWith('metric:') ? METRICS : EVENTS;
}

/** Signals of that kind or below it whose source is live: outdated counters and Events are kept, but no longer current. */
const newsOf = ({ read }: RuleContext, signals: readonly SignalRecord[], kind: string): readonly SignalRecord[] =>
  signals
    .filter((signal) => signal.kind === kind || signal.kind.startsWith(`${kind}/`))
    .filter((signal) => isSourceLive(read, sourceOf(signal)));

/**
 * Signals about the record of that kind or below it (`metric:NAME` includes `metric:NAME/API/ERROR`), ordered by id, from
 * live sources only. The calling rule must declare the source.
 */
export const signalsOf = (context: RuleContext, subject: string, kind: string): readonly SignalRecord[] =>
  newsOf(context, context.read.all('signalsBySubject', subject), kind);

/** Same for the pods of a node, ordered by pod. */
export const podSignalsOn = (context: RuleContext, node: string, kind: string): readonly SignalRecord[] =>
  newsOf(context, context.read.podSignals(node), kind);

/** An increase of a counter within this time still describes the present. Milliseconds. */
const MAX_COUNTER_AGE = 10 * MINUTE;

/** EC2 errors that aws-node counted recently and whose code matches the pattern (vpc-cni §4.3). */
export const apiErrors = (context: RuleContext, node: string, pattern: RegExp): readonly SignalRecord[] =>
  signalsOf(context, node, 'metric:awscni_aws_api_error_count').filter(
    ({ kind, lastAt }) => pattern.test(kind) && isRecent(lastAt, MAX_COUNTER_AGE, context),
  );

/** A pod whose network setup failed, and why. */
export interface Refusal {
  readonly pod: PodRecord;
  readonly failure: CniFailure;
  readonly signal: SignalRecord;
}

/** The reason of Events about sandboxes that cannot be created. */
const SANDBOX_FAILED = 'FailedCreatePodSandBox';

/** Whether the pod has no sandbox and waits for one. */
const waits = (pod: PodRecord): boolean => pod.ips.length === 0 && hasNetworks(pod);

/** Why the pod's sandbox cannot be created, according to its latest Event; null if it does not wait for one. */
export function refusalOf(context: RuleContext, pod: PodRecord): Refusal | null {
  if (!waits(pod)) return null;
  const [signal] = signalsOf(context, pod.id, SANDBOX_FAILED);
  return signal === undefined ? null : { pod, failure: readCniFailure(signal.text), signal };
}

/** Pods of the node whose sandbox failed for that reason, ordered by id. Found by their Events, which few pods have. */
export function refusalsOn(context: RuleContext, node: string, kind: CniFailureKind): readonly Refusal[] {
  const refused = new Set(podSignalsOn(context, node, SANDBOX_FAILED).map(({ subject }) => subject));
  return [...refused].flatMap((id) => {
    const pod = context.read.one('pods', id);
    const refusal = pod === null ? null : refusalOf(context, pod);
    return refusal?.failure.kind === kind ? [refusal] : [];
  });
}

/**
 * Pods whose sandbox failed, by the networks that they request, both ordered by id. Found by their Events, which are few,
 * whereas a network may have a hundred thousand interfaces.
 */
function refusedByNetwork(read: Reader): Readonly<Record<string, readonly string[]>> {
  const pods = new Set<string>();
  for (const { kind, subject } of read.every('signals')) if (kind === SANDBOX_FAILED) pods.add(subject);
  const networks: Record<string, string[]> = {};
  for (const pod of [...pods].sort())
    for (const iface of read.each('interfacesByPod', pod)) {
      if (iface.state !== 'requested') continue;
      const of = (networks[iface.network] ??= []);
      if (of.at(-1) !== pod) of.push(pod);
    }
  return networks;
}

/** Whether a message names the network: by its own name, or by that in its config. */
export const isCalled = (
  { name, configName }: Pick<NetworkRecord, 'name' | 'configName'>,
  said: string | null,
): boolean => said !== null && (said === name || said === configName);

/**
 * Pods that cannot start because of the network for one of those reasons: the text names it, or it is the only network that
 * they request. The text names a config, whose name may differ from the network's (multus §1.7).
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
    if (isCalled(network, refusal.failure.network)) return [refusal];
    // Every waiting pod requests the cluster network as well.
    const only = network.id !== CLUSTER_NETWORK && new Set(pod.requested.map((request) => request.network)).size === 1;
    return only && refusal.failure.network !== 'aws-cni' ? [refusal] : [];
  });
}
