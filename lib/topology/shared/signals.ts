/**
 * Inputs of rules that no other record has: Events by reason, counters that increased, misplaced annotations, networks
 * covered by a policy, address managers. Few pods have any of them, so pod records carry no field for them.
 */
import { NADS, NODES, PODS } from '../../model/source-ids';
import type { EventFact, PodFact } from '../../model/facts';
import { idParts, kindOfId, signalId } from '../../model/ids';
import { byCodeUnit } from '../../model/order';
import type { SignalRecord, Timestamp } from '../../model/records';
import { isFinished, networksOf } from '../facts/parts';
import { policyPlugins } from '../facts/cluster';
import { configOfNad } from '../facts/nad-config';
import { namespaceFacts } from '../facts/namespace';
import type { FactQuery, FactReader } from '../facts/reader';
import { owns } from '../facts/subjects';
import { selects } from './selector';

/** The signal of each pod of a workload with misplaced annotations (multus §6 P3): `KIND namespace/name carries KEY: VALUE, …`. */
export const MISPLACED = 'annotation-on-workload';

/** The signal that lists a pod's keys that Multus and the VPC CNI ignore and that were probably meant for them (multus §1.1): `KEY for MEANT`. */
export const MISTYPED = 'annotation-key';

/** The signal that lists which of a pod's networks MultiNetworkPolicies cover, as `namespace/name, …` (multus §1.1, §4.1). */
export const POLICY_FOR = 'policy-for';
/** MultiNetworkPolicies that select a pod and cover no network at all, each as `NAME names …`. */
export const POLICY_FOR_NOTHING = 'policy-for-nothing';
/** The signal of a pod with a container that assigns its addresses to ENIs (aws-ip-manager, multus §3.2). */
export const IP_MANAGER = 'ip-manager';

/** The signal of a node whose pods need the EKS Pod Identity Agent, which is not Ready there or does not run (vpc-cni §9). */
export const POD_IDENTITY = 'pod-identity';

/**
 * The Event with which KubeVirt reports that it cannot set up a virtual machine; only those about its network are kept.
 */
export const MACHINE_FAILED = 'SyncFailed';

/** The kubelet's Event about a failed probe. Only probes without an answer are kept. */
export const PROBE_FAILED = 'Unhealthy';

/** Whether the pod has a branch ENI, and the probe may still fail: an application that starts slowly fails its first probes. */
const isProbeOfBranch = ({ podEni, ready }: PodFact, message: string): boolean =>
  podEni !== null && (ready !== true || message.startsWith('Liveness'));

/** The signal of a pod with further networks that is running and not Ready. */
export const NOT_READY = 'not-ready';

/** The SR-IOV operator could not configure the node's links as its policies require. */
export const SRIOV_FAILED = 'sriov-failed';

const MAX_TEXT = 256;

const earlier = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null ? b : b === null ? a : Date.parse(a) <= Date.parse(b) ? a : b;
const later = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null ? b : b === null ? a : Date.parse(a) > Date.parse(b) ? a : b;

const isNodeThere = (facts: FactReader, name: string): boolean =>
  facts.get('node', name) !== undefined || facts.get('cniNode', name) !== undefined || !facts.isKnown(NODES);

/** Signals of the Events about a record, one for each reason. None once the record is known not to exist. */
export function eventSignals(facts: FactReader, subject: string): readonly SignalRecord[] {
  const [first = '', second = ''] = idParts(subject);
  const kind = kindOfId(subject);
  const pod = kind === 'pod' ? facts.get('pod', `${first}/${second}`) : undefined;
  if (kind === 'pod' && pod === undefined && facts.isKnown(PODS)) return [];
  if (kind === 'node' && !isNodeThere(facts, first)) return [];
  // Events of a previous pod with the same name do not count.
  const ownEvents = [...facts.factsOf('eventsBySubject', subject)].filter(
    ({ involved, reason, message }) =>
      pod === undefined ||
      ((involved.uid === '' || involved.uid === pod.uid) && (reason !== PROBE_FAILED || isProbeOfBranch(pod, message))),
  );
  return byReason(subject, ownEvents);
}

/** One signal for each reason of the events. */
function byReason(subject: string, all: readonly EventFact[]): readonly SignalRecord[] {
  return [...Map.groupBy(all, ({ reason }) => reason)].map(([kind, events]) => {
    const newest = events.reduce((a, b) => {
      const at = (event: EventFact): number => (event.lastAt === null ? 0 : Date.parse(event.lastAt));
      return at(b) > at(a) || (at(b) === at(a) && b.name > a.name) ? b : a;
    });
    return {
      id: signalId(subject, kind),
      subject,
      kind,
      count: events.reduce((sum, { count }) => sum + count, 0),
      firstAt: events.reduce<Timestamp | null>((at, { firstAt }) => earlier(at, firstAt), null),
      lastAt: events.reduce<Timestamp | null>((at, { lastAt }) => later(at, lastAt), null),
      text: newest.message,
    };
  });
}

const lastingSignal = (subject: string, kind: string, text: string): SignalRecord => ({
  id: signalId(subject, kind),
  subject,
  kind,
  count: 1,
  firstAt: null,
  lastAt: null,
  text,
});

/** Signals of aws-node's counters that increased, and of the SR-IOV operator. `subject`: the node's record id. */
export const nodeSignals = (facts: FactReader, subject: string, node: string): readonly SignalRecord[] => [
  ...facts
    .factsOf('sriovStatesByNode', node)
    .flatMap(({ failure }) => (failure === null ? [] : [lastingSignal(subject, SRIOV_FAILED, failure)]))
    .slice(0, 1),
  ...identitySignals(facts, subject, node),
  ...facts.risesOn(node).map((rise) => ({
    id: signalId(subject, `metric:${rise.name}`),
    subject,
    kind: `metric:${rise.name}`,
    count: rise.count,
    firstAt: rise.firstAt,
    lastAt: rise.lastAt,
    text: `${rise.name} rose from ${rise.from} to ${rise.to}`,
  })),
];

const IDENTITY_AGENT = 'eks-pod-identity-agent';

/** The agent has this label, or its DaemonSet this name; on hybrid nodes, `eks-pod-identity-agent-hybrid`. */
const isIdentityAgent = ({ labels, owner }: PodFact): boolean =>
  labels['app.kubernetes.io/name'] === IDENTITY_AGENT ||
  (owner?.kind === 'DaemonSet' && owner.name.startsWith(IDENTITY_AGENT));

/**
 * `AGENT: pods` of a node whose pods lack the agent, where AGENT is the name of its pod that is not Ready, or `none`. Null while no pod of
 * kube-system is known on the node: then the agent may only be missing from the answers. A query, so that a node is derived again only if
 * this changes, not with each of its pods.
 */
const identityLack: FactQuery<string | null> = {
  name: 'identityLack',
  of: (facts, node) => {
    const pods = facts.factsOf('podsByNode', node).filter((pod) => !isFinished(pod));
    const needing = pods.filter((pod) => pod.podIdentity);
    const agents = pods.filter(isIdentityAgent);
    if (needing.length === 0 || agents.some(({ ready }) => ready === true)) return null;
    if (!pods.some(({ namespace }) => namespace === 'kube-system')) return null;
    const names = needing.map(({ namespace, name }) => `${namespace}/${name}`).sort(byCodeUnit);
    return `${agents[0]?.name ?? 'none'}: ${names.join(', ')}`;
  },
};

function identitySignals(facts: FactReader, subject: string, node: string): readonly SignalRecord[] {
  const lack = facts.ask(identityLack, node);
  return lack === null ? [] : [lastingSignal(subject, POD_IDENTITY, lack)];
}

/** Events of the virtual machine that runs in the pod. */
const machineEvents = (facts: FactReader, { namespace, owner }: PodFact): readonly EventFact[] =>
  owner?.kind === 'VirtualMachineInstance' ? [...facts.factsOf('eventsByMachine', `${namespace}/${owner.name}`)] : [];

/** A key that has no effect, and what was probably meant. */
export const mistypedWords = ({ key, isLabel, meant }: PodFact['mistyped'][number]): string =>
  `${isLabel ? 'label' : meant.includes('/') ? 'annotation' : 'key'} ${key} for ${meant}`;

/** Signals from the pod, its workload and the policies of its namespace. `subject`: the pod's record id. */
export function podSignals(facts: FactReader, subject: string, pod: PodFact): readonly SignalRecord[] {
  const found: SignalRecord[] = isFinished(pod) ? [] : [...byReason(subject, machineEvents(facts, pod))];
  const workload = isFinished(pod)
    ? undefined
    : facts.ask(namespaceFacts, pod.namespace).misplaced.find((owner) => owns(owner, pod));
  if (workload !== undefined) {
    const annotations = workload.misplaced.map(({ key, value }) => `${key}: ${value.slice(0, MAX_TEXT)}`);
    const text = `${workload.kind} ${workload.namespace}/${workload.name} carries ${annotations.join(', ')}`;
    found.push(lastingSignal(subject, MISPLACED, text));
  }
  if (pod.mistyped.length > 0 && !isFinished(pod)) {
    found.push(lastingSignal(subject, MISTYPED, pod.mistyped.map(mistypedWords).join(', ').slice(0, MAX_TEXT)));
  }
  const covered = coveredNetworks(facts, pod);
  if (covered.length > 0) found.push(lastingSignal(subject, POLICY_FOR, covered.join(', ')));
  const idle = idlePolicies(facts, pod);
  if (idle.length > 0) found.push(lastingSignal(subject, POLICY_FOR_NOTHING, idle.join('; ').slice(0, MAX_TEXT)));
  if (pod.phase === 'Running' && pod.ready === false && pod.requested.length > 0)
    found.push(lastingSignal(subject, NOT_READY, 'it is running, and its condition Ready is not True'));
  if (pod.ipManager && !isFinished(pod))
    found.push(lastingSignal(subject, IP_MANAGER, 'a container of the pod assigns its addresses to ENIs'));
  return found;
}

const NONE: readonly string[] = [];

/** OVN-Kubernetes enforces the policies of its own networks. */
const OVN = 'ovn-k8s-cni-overlay';

/** The enforcer checks only the first plugin of a network's config, and skips types that it is not configured for. */
function passedOver(facts: FactReader, networks: readonly string[]): string | null {
  const enforced = facts.ask(policyPlugins, '');
  if (enforced === null) return null;
  const types = networks.map((network) => configOfNad(facts, network)?.plugins[0] ?? null);
  if (types.some((type) => type === null || type === OVN || enforced.includes(type))) return null;
  return `names ${networks.join(', ')} of type ${[...new Set(types)].join(', ')}, and the enforcer handles only ${enforced.join(', ')} (--network-plugins)`;
}

/** Policies that select the pod and whose annotation names no existing network that the enforcer handles: they are not enforced anywhere. */
function idlePolicies(facts: FactReader, pod: PodFact): readonly string[] {
  const { multiNetworkPolicies } = facts.ask(namespaceFacts, pod.namespace);
  if (multiNetworkPolicies.length === 0 || pod.requested.length === 0) return NONE;
  const isKnown = facts.isLive(NADS);
  return multiNetworkPolicies
    .filter(({ podSelector }) => selects(podSelector, pod.labels))
    .flatMap(({ name, policyFor }) => {
      if (policyFor === null || policyFor.length === 0) return [`${name} names no network`];
      const missing = isKnown && policyFor.every((network) => facts.get('nad', network) === undefined);
      if (missing) return [`${name} names ${policyFor.join(', ')}, which does not exist`];
      const over = passedOver(facts, policyFor);
      return over === null ? [] : [`${name} ${over}`];
    })
    .sort(byCodeUnit);
}

/** The networks of the pod that MultiNetworkPolicies cover. */
function coveredNetworks(facts: FactReader, pod: PodFact): readonly string[] {
  const { multiNetworkPolicies } = facts.ask(namespaceFacts, pod.namespace);
  if (multiNetworkPolicies.length === 0) return NONE;
  const own = networksOf(pod);
  const covered = multiNetworkPolicies
    .filter(({ podSelector }) => selects(podSelector, pod.labels))
    .flatMap(({ policyFor }) => policyFor?.filter((network) => own.has(network)) ?? []);
  return [...new Set(covered)].sort(byCodeUnit);
}
