/**
 * A pod that does not start, according to its newest event, where no other rule knows the cause: every failed or pending pod gets a
 * finding. Quotes the event and names the causes that the records rule out.
 */
import { readCniFailure, readUnschedulable } from '../../cni/errors';
import type { NodeRecord, PodRecord, SignalRecord } from '../../model/records';
import { EVENTS, NADS, NODES, PODS, type SourceId } from '../../model/source-ids';
import { poolOf } from '../guards/node';
import { isLive } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { isAged, olderThan, MINUTE } from '../guards/time';
import { awsNodeLog, count, listed, nameOf, shell } from '../guards/words';
import { timeOf } from '../rule/time';
import { isLive as isSourceLive } from '../rule/trust';
import { defineRule, type Rule, type RuleContext, type Sighting } from '../rule/rule';
import claimNotReady from './claim-not-ready';
import deviceExhausted from './device-exhausted';
import ipamPoolFull from './ipam-pool-full';
import multiNicNoEffect from './multi-nic-no-effect';
import multusDown from './multus-down';
import networkConfigInvalid from './network-config-invalid';
import networkMissing from './network-missing';
import networksAnnotationInvalid from './networks-annotation-invalid';
import parentInterfaceMissing from './parent-interface-missing';
import pluginBinaryMissing from './plugin-binary-missing';
import podEniStuck from './pod-eni-stuck';
import podIpFailed from './pod-ip-failed';
import vpcCniAsSecondary from './vpc-cni-as-secondary';

/** Rules that know more about a waiting pod, by the table they check. */
const OF_POD: readonly Rule<'pods'>[] = [
  claimNotReady,
  deviceExhausted,
  multiNicNoEffect,
  networkMissing,
  networksAnnotationInvalid,
  parentInterfaceMissing,
  podEniStuck,
  podIpFailed,
];
const OF_NODE: readonly Rule<'nodes'>[] = [multusDown, pluginBinaryMissing];
const OF_NETWORK: readonly Rule<'networks'>[] = [ipamPoolFull, networkConfigInvalid, vpcCniAsSecondary];

/** The kubelet retries within seconds; a failure that lasts this long is not transient. Milliseconds. */
const PASSING = MINUTE;

/** Resources that provide no interface. */
const NO_INTERFACE = /^(?:nvidia\.com|amd\.com|gpu\.intel\.com|habana\.ai|aws\.amazon\.com|hugepages-|smarter-devices)/;

/** Why the scheduler cannot place the pod, if an interface resource or a claim is the reason; else null. */
function unschedulable(pod: PodRecord, { text }: SignalRecord): string | null {
  const short = readUnschedulable(text)
    .flatMap(({ subject }) => subject ?? [])
    .filter((resource) => (pod.resources[resource] ?? 0) > 0 && !NO_INTERFACE.test(resource));
  if (short.length > 0) return `no node that it may run on has ${listed(short)} left`;
  return /\bclaims?\b|resourceclaim/i.test(text) ? 'its resource claims cannot be allocated' : null;
}

/** What offers the resource that is short, where that is known. */
const hintFor = ({ text }: SignalRecord): string | null =>
  readUnschedulable(text).some(({ subject }) => subject === 'vpc.amazonaws.com/PrivateIPv4Address')
    ? 'Windows nodes offer one for each address. If none does, turn on Windows IPAM: enable-windows-ipam: "true" in the ConfigMap amazon-vpc-cni of kube-system, and AmazonEKSVPCResourceController on the cluster role.'
    : null;

interface Refused {
  readonly signal: SignalRecord;
  /** What happened, to follow “cannot start”. */
  readonly what: string;
}

/** The newest event that blocks the pod; null when there is none. */
function refusedBy(pod: PodRecord, context: RuleContext): Refused | null {
  if (pod.phase !== 'Pending' || pod.ips.length > 0 || !isLive(pod)) return null;
  const kind = pod.node === null ? 'FailedScheduling' : 'FailedCreatePodSandBox';
  const [signal] = signalsOf(context, pod.id, kind);
  if (signal === undefined) return null;
  if (pod.node !== null) return { signal, what: `its sandbox cannot be created on ${nameOf(pod.node)}` };
  const what = unschedulable(pod, signal);
  return what === null ? null : { signal, what };
}

const sourcesOf = ({ needs, heeds = [] }: Pick<Rule, 'needs' | 'heeds'>): readonly SourceId[] => [...needs, ...heeds];

/** Whether the rule may report now and has a finding. */
const speaks = (needs: readonly SourceId[], check: () => readonly Sighting[], context: RuleContext): boolean =>
  needs.every((source) => isSourceLive(context.read, source)) && check().length > 0;

/** Whether another rule knows the cause. */
function isKnown(pod: PodRecord, node: NodeRecord | null, context: RuleContext): boolean {
  if (OF_POD.some((rule) => speaks(rule.needs, () => rule.check(pod, context), context))) return true;
  if (node !== null) {
    const about = (rule: Rule<'nodes'>): readonly Sighting[] =>
      rule.check(node, context).filter(({ subjects }) => subjects.includes(pod.id));
    if (OF_NODE.some((rule) => speaks(rule.needs, () => about(rule), context))) return true;
  }
  return pod.requested.some(({ network: id }) => {
    const network = context.read.whole('networks', id);
    if (network === null) return false;
    const about = (rule: Rule<'networks'>): readonly Sighting[] =>
      rule.check(network, context).filter(({ subjects }) => subjects.includes(pod.id));
    return OF_NETWORK.some((rule) => speaks(rule.needs, () => about(rule), context));
  });
}

/** Causes that the records rule out, one sentence each. */
function excluded(pod: PodRecord, node: NodeRecord | null, context: RuleContext): readonly string[] {
  const words: string[] = [];
  const free = node === null ? null : (poolOf(node)?.available ?? null);
  if (node !== null && free !== null && free > 0)
    words.push(`It is not the addresses: card 0 of ${node.name} has ${count(free, 'address', 'addresses')} available.`);
  if (node?.ipamd?.ready === true) words.push('aws-node is Ready on the node.');
  if (node?.multus?.ready === true) words.push('Multus is Ready on the node.');
  const networks = pod.requested.map(({ network }) => context.read.one('networks', network));
  if (networks.length > 0 && networks.every((one) => one !== null && !one.missing && one.faults.length === 0))
    words.push('The networks that it asks for exist, and their configs show no fault.');
  return words;
}

/** The known part of a text whose cause ifscope cannot find: a link of the pod, created by another network. */
function explained(pod: PodRecord, { text }: SignalRecord, context: RuleContext): string | null {
  const failure = readCniFailure(text);
  const missing = ['container-link-missing', 'parent-missing', 'host-device-missing'].includes(failure.kind);
  const inPod = missing
    ? pod.requested
        .map(({ network }) => context.read.one('networks', network))
        .find((network) => network?.parent.kind === 'container-link')
    : undefined;
  if (inPod == null) return null;
  return `${nameOf(inPod.id)} joins links that are inside the pod (${inPod.parent.value ?? 'another interface of it'}), which networks before it in the annotation create. A device bound to vfio-pci (DPDK) has no kernel link there.`;
}

/** Why the finding says no more than the event. */
const unexplained = ({ kind, text }: SignalRecord): string =>
  kind === 'FailedCreatePodSandBox' && readCniFailure(text).kind !== 'unknown'
    ? 'The sources that would show the cause cannot be read at the moment.'
    : 'ifscope does not know this message; the event is all it has.';

export default defineRule({
  id: 'pod-start-failed',
  severity: 'error',
  scope: 'pods',
  needs: [NODES, PODS, EVENTS],
  heeds: [NADS, ...[...OF_POD, ...OF_NODE, ...OF_NETWORK].flatMap(sourcesOf)],
  check(pod, context) {
    const refused = refusedBy(pod, context);
    if (refused === null) return [];
    const { signal, what } = refused;
    if (!olderThan(pod.createdAt, MINUTE, context) || !isAged(signal.firstAt, PASSING, context)) return [];
    const node = context.read.whole('nodes', pod.node);
    if (isKnown(pod, node, context)) return [];
    const known = explained(pod, signal, context);
    const message = signal.text.length > 1_000 ? `${signal.text.slice(0, 1_000)}…` : signal.text;
    return [
      {
        subjects: [
          pod.id,
          ...(pod.node === null ? [] : [pod.node]),
          ...new Set(pod.requested.map(({ network }) => network)),
        ],
        title: pod.node === null ? 'Cannot be scheduled' : 'Cannot start: its sandbox cannot be created',
        detail: `${nameOf(pod.id)} waits: ${what}. ${known ?? unexplained(signal)}`,
        evidence: [`event ${signal.kind}: ${message}`, ...excluded(pod, node, context)],
        advice:
          pod.node === null
            ? (hintFor(signal) ?? 'Read the event: it counts the nodes by reason.')
            : known === null
              ? 'Read the event from its end: the last part comes from the innermost plugin.'
              : 'Name links that earlier networks of the annotation create, in their order, on devices with a kernel driver.',
        command:
          node?.ipamd != null && /aws-cni|aws-node/.test(signal.text)
            ? awsNodeLog(node.name)
            : shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
        since: timeOf(signal.firstAt) === null ? null : signal.firstAt,
      },
    ];
  },
});
