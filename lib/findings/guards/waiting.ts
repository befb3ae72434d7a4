/**
 * Why a pod does not start, according to its newest Event; or that it waits without any Event. Events expire after an hour
 * and may not be readable; the pod's own status remains.
 */
import { readCniFailure, readUnschedulable, type CniFailureKind } from '../../cni/errors';
import type { PodRecord, SignalRecord } from '../../model/records';
import { claimTextOf } from './claim-texts';
import { PORT_MAKERS } from './known-texts';
import { isEstablished } from './node';
import { isLive, namesNetworks } from './pod';
import { agentMessage, fargateMessage, karpenterMessage, networkTaintMessage } from './scheduling-texts';
import { signalsOf } from './signals';
import { MINUTE, olderThan } from './time';
import { listed, nameOf } from './words';
import type { RuleContext } from '../rule/rule';
import { timeOf } from '../rule/time';

/** Resources that provide no interface. */
const NO_INTERFACE = /^(?:nvidia\.com|amd\.com|gpu\.intel\.com|habana\.ai|aws\.amazon\.com|hugepages-|smarter-devices)/;

/** Extended resources that the pod requests and that may provide an interface. */
export const interfaceResources = ({ resources }: PodRecord): readonly string[] =>
  Object.keys(resources)
    .filter((resource) => (resources[resource] ?? 0) > 0 && !NO_INTERFACE.test(resource))
    .sort();

/** A reason from an Event, or from the pod's own status.reason and status.message, which outlast Events. */
export interface ReportedReason {
  readonly from: 'event' | 'status';
  /** The reason. */
  readonly kind: string;
  readonly text: string;
}

/** Why a pod waits. */
export interface Waiting {
  /** Null if nothing reports a reason. */
  readonly signal: ReportedReason | null;
  /** What happened, to follow “waits: ”. */
  readonly what: string;
  readonly since: string | null;
}

/**
 * Mounting volumes and pulling a large image take less than this: during the first pull, the kubelet reports no address.
 * Milliseconds.
 */
const MIN_WAIT = 10 * MINUTE;

/** Why the kubelet has not created the sandbox, by the reason of its Event. */
const KUBELET_REASONS: Readonly<Record<string, (node: string) => string>> = {
  FailedCreatePodSandBox: (node) => `its sandbox cannot be created on ${node}`,
  NetworkNotReady: (node) => `the container runtime of ${node} has no network`,
  FailedPrepareDynamicResources: (node) => `its claimed devices cannot be prepared on ${node}`,
  FailedMount: (node) => `its volumes are not mounted on ${node} yet`,
  FailedAttachVolume: (node) => `its volumes are not attached to ${node} yet`,
};

/** The kubelet's message while a port does not exist yet. */
const WAITS_FOR_PORT: ReadonlySet<CniFailureKind> = new Set(['port-not-made', 'kube-ovn-refused']);

/** The kubelet mounts volumes before it creates the sandbox, so no network is involved yet. */
export const isOfVolumes = (reportedReason: ReportedReason | null): boolean =>
  reportedReason !== null && (reportedReason.kind === 'FailedMount' || reportedReason.kind === 'FailedAttachVolume');

const reportedReason = ({ kind, text }: SignalRecord): ReportedReason => ({ from: 'event', kind, text });

/** Why the scheduler cannot place the pod, if the reason is an interface resource, a claim or the nodes' network; else null. */
function unschedulable(pod: PodRecord, { text }: Pick<SignalRecord, 'text'>): string | null {
  const requested = interfaceResources(pod);
  const short = readUnschedulable(text).flatMap(({ subject }) =>
    subject !== null && requested.includes(subject) ? [subject] : [],
  );
  if (short.length > 0) return `no node that it may run on has ${listed(short)} left`;
  if (agentMessage(pod) !== null) return 'it is not scheduled';
  if (karpenterMessage(text, requested) !== null) return 'Karpenter has made no node for it';
  if (fargateMessage(text) !== null) return 'Fargate has made no node for it';
  if (networkTaintMessage(text) !== null) return 'the network of the nodes that it may run on is not ready';
  return claimTextOf(text) !== null || /\bclaims?\b|resourceclaim/i.test(text)
    ? 'its resource claims cannot be allocated'
    : null;
}

const newest = (signals: readonly SignalRecord[]): SignalRecord | undefined =>
  [...signals].sort((a, b) => (timeOf(b.lastAt) ?? 0) - (timeOf(a.lastAt) ?? 0))[0];

function byEvent(pod: PodRecord, context: RuleContext): Waiting | null {
  if (pod.node === null) {
    // The scheduler's message is only that it waits for the claim.
    const [claimEvent] = pod.claims.some(({ state }) => state === 'pending' || state === 'missing')
      ? signalsOf(context, pod.id, 'FailedResourceClaimCreation')
      : [];
    if (claimEvent !== undefined)
      return {
        signal: reportedReason(claimEvent),
        what: 'its resource claim cannot be created',
        since: claimEvent.firstAt,
      };
    const [signal] = signalsOf(context, pod.id, 'FailedScheduling');
    const what = signal === undefined ? null : unschedulable(pod, signal);
    return signal === undefined || what === null
      ? null
      : { signal: reportedReason(signal), what, since: signal.firstAt };
  }
  // A new node has no network until its aws-node runs.
  const node = context.read.one('nodes', pod.node);
  const isNew = node !== null && !isEstablished(node, context);
  const kinds = Object.keys(KUBELET_REASONS).filter((kind) => kind !== 'NetworkNotReady' || !isNew);
  const signal = newest(kinds.flatMap((kind) => signalsOf(context, pod.id, kind)));
  // The kubelet only waits for the port; the component that creates it reports why there is none.
  const maker = newest(Object.keys(PORT_MAKERS).flatMap((kind) => signalsOf(context, pod.id, kind)));
  if (maker !== undefined && (signal === undefined || WAITS_FOR_PORT.has(readCniFailure(signal.text).kind)))
    return {
      signal: reportedReason(maker),
      what: `its port on ${nameOf(pod.node)} is not made`,
      since: signal?.firstAt ?? maker.firstAt,
    };
  const what = signal === undefined ? undefined : KUBELET_REASONS[signal.kind]?.(nameOf(pod.node));
  return signal === undefined || what === undefined
    ? null
    : { signal: reportedReason(signal), what, since: signal.firstAt };
}

/** Since when the pod has waited: since its kubelet accepted it, else since its creation. */
export const waitsSince = ({ startedAt, createdAt }: PodRecord): string | null => startedAt ?? createdAt;

/** Whether the scheduler's message names nothing that provides an interface: CPU, taints, a selector. */
export const isOfNodes = (pod: PodRecord, reportedReason: ReportedReason | null): boolean =>
  reportedReason?.kind === 'FailedScheduling' && unschedulable(pod, reportedReason) === null;

/** A pod that has waited for minutes for something that ifscope can see. A pod without interface resources may lack CPU. */
function withoutReason(pod: PodRecord, context: RuleContext): Waiting | null {
  if (pod.hostNetwork || !olderThan(waitsSince(pod), MIN_WAIT, context)) return null;
  const since = waitsSince(pod);
  if (pod.node !== null) return { signal: null, what: `it has no address on ${nameOf(pod.node)} yet`, since };
  const open = pod.claims
    .filter(({ state }) => state === 'pending' || state === 'missing')
    .map(({ name }) => `claim ${name}`);
  const requested = [...interfaceResources(pod), ...open];
  if (requested.length === 0) return null;
  const [signal] = signalsOf(context, pod.id, 'FailedScheduling');
  return {
    signal: signal === undefined ? null : reportedReason(signal),
    what: `it is not scheduled, and asks for ${listed(requested)}`,
    since,
  };
}

/** Null if the pod does not wait, or has not waited for long. */
export function waitingOf(pod: PodRecord, context: RuleContext): Waiting | null {
  if (pod.phase !== 'Pending' || pod.ips.length > 0 || !isLive(pod)) return null;
  return byEvent(pod, context) ?? withoutReason(pod, context);
}

/** The allocated device is missing, or on another NUMA node; `OutOfRESOURCE`: the node has too little of the resource. */
const REFUSALS = ['UnexpectedAdmissionError', 'TopologyAffinityError'];
const outOf = (reason: string): string | null => /^OutOf(.+\/.+)$/.exec(reason)?.[1] ?? null;

/**
 * The kubelet rejected the pod because an allocated device is missing, so the pod never runs. Null otherwise, and if no
 * interface is affected.
 */
export function rejectedByKubelet(pod: PodRecord, context: RuleContext): Waiting | null {
  if (pod.phase !== 'Failed' || pod.deleting || pod.node === null) return null;
  const resources = interfaceResources(pod);
  if (resources.length === 0 && !namesNetworks(pod)) return null;
  const what = `the kubelet of ${nameOf(pod.node)} rejected it`;
  const event = newest(REFUSALS.flatMap((kind) => signalsOf(context, pod.id, kind)));
  if (event !== undefined) return { signal: reportedReason(event), what, since: event.firstAt };
  const { failure } = pod;
  if (failure === null) return null;
  const short = outOf(failure.reason);
  if (!REFUSALS.includes(failure.reason) && (short === null || !resources.includes(short))) return null;
  return { signal: { from: 'status', kind: failure.reason, text: failure.message }, what, since: waitsSince(pod) };
}
