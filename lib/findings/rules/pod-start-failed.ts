/**
 * A pod does not start, according to its newest Event or because it has waited for minutes, and no other rule finds the
 * cause: every pod that waits for an interface gets a finding. Quotes the Event and lists the causes that the records rule
 * out.
 */
import { agentVersion } from '../../model/agent-version';
import { readCniFailure, readUnschedulable } from '../../cni/errors';
import { isDeviceClass } from '../../model/ids';
import { POD_ENI } from '../../model/pod-eni';
import type { NodeRecord, PodRecord } from '../../model/records';
import type { SourceId } from '../../model/source-id';
import { EVENTS, NADS, NODES, PODS, RESOURCE_SLICES } from '../../model/source-ids';
import { versionBefore } from '../../model/version';
import { poolOf } from '../guards/node';
import { isAged, olderThan, MINUTE } from '../guards/time';
import { awsNodeLog, counted, listed, nameOf, shell } from '../guards/words';
import {
  interfaceResources,
  isOfNodes,
  isOfVolumes,
  rejectedByKubelet,
  waitingOf,
  type ReportedReason,
  type Waiting,
} from '../guards/waiting';
import { claimTextOf, missingClaimOf } from '../guards/claim-texts';
import { conditionLines, sandboxLine } from '../guards/condition';
import { knownOf, portMakerText, type TextExplanation } from '../guards/known-texts';
import { machineSighting } from '../guards/machine';
import { linksInPod } from '../guards/pod-links';
import { agentMessage, fargateMessageWith, karpenterMessage, networkTaintMessage } from '../guards/scheduling-texts';
import { withoutNetwork } from '../guards/without-network';
import { timeOf } from '../rule/time';
import { isSourceLive } from '../rule/trust';
import { defineRule, type Rule, type RuleContext, type Sighting } from '../rule/rule';
import { areAllAllocated, areAllTainted, claimLines, classesOf, idleClaims } from '../guards/pending-claims';
import claimNotReady from './claim-not-ready';
import deviceExhausted from './device-exhausted';
import ipamPoolFull from './ipam-pool-full';
import multiNicNoEffect from './multi-nic-no-effect';
import multusDown from './multus-down';
import networkConfigInvalid from './network-config-invalid';
import { ofPod as networkMissing } from './network-missing';
import { ofPod as networksAnnotationInvalid } from './networks-annotation-invalid';
import parentInterfaceMissing from './parent-interface-missing';
import pluginBinaryMissing from './plugin-binary-missing';
import podEniStuck from './pod-eni-stuck';
import podIpFailed from './pod-ip-failed';
import vpcCniAsSecondary from './vpc-cni-as-secondary';

/** Rules that may explain why a pod waits, by the table that they check. */
const POD_RULES: readonly Rule<'pods'>[] = [
  claimNotReady,
  deviceExhausted,
  multiNicNoEffect,
  networkMissing,
  networksAnnotationInvalid,
  parentInterfaceMissing,
  podEniStuck,
  podIpFailed,
];
const NODE_RULES: readonly Rule<'nodes'>[] = [multusDown, pluginBinaryMissing];
const NETWORK_RULES: readonly Rule<'networks'>[] = [ipamPoolFull, networkConfigInvalid, vpcCniAsSecondary];

/** Whether the scheduler could not allocate the pod's claims. */
const isOfClaims = (pod: PodRecord, signal: ReportedReason | null): boolean =>
  signal?.kind === 'FailedScheduling' &&
  pod.node === null &&
  (pod.claims.some(({ state }) => state !== 'allocated') || signal.text.includes('cannot allocate all claims')) &&
  !isOfNodes(pod, signal);

/** The kubelet retries within seconds; a failure that lasts this long is not transient. Milliseconds. */
const MIN_DURATION = MINUTE;

const sourcesOf = ({ needs, uses = [] }: Pick<Rule, 'needs' | 'uses'>): readonly SourceId[] => [...needs, ...uses];

/** What to do if no node offers the resource, and if all of it is in use. */
const OFFERED: Readonly<Record<string, readonly [none: string, used: string]>> = {
  'vpc.amazonaws.com/PrivateIPv4Address': [
    'Windows nodes offer one for each address. Turn on Windows IPAM: enable-windows-ipam: "true" in the ConfigMap amazon-vpc-cni of kube-system, and AmazonEKSVPCResourceController on the cluster role.',
    'A Windows node offers one for each address of its one ENI: add Windows nodes, use a larger instance type, or give out prefixes there (enable-windows-prefix-delegation).',
  ],
  'vpc.amazonaws.com/efa': [
    'The EFA device plugin (aws-efa-k8s-device-plugin) offers them. Check that it runs on the nodes meant for this pod: its affinity lists instance types; and that these have EFA interfaces, which are attached at launch only.',
    'Every EFA interface is in use: add nodes that have them.',
  ],
};

const offeredIn = (resource: string, context: RuleContext): number =>
  [...context.read.every('nodes')].reduce((sum, { allocatable }) => sum + (allocatable[resource] ?? 0), 0);

/** What to do about the first resource that is short; null if the Event names none that the pod requests. */
function hintFor(pod: PodRecord, { text }: ReportedReason, context: RuleContext): string | null {
  const requested = interfaceResources(pod);
  const short = readUnschedulable(text).find(({ subject }) => subject !== null && requested.includes(subject))?.subject;
  if (short == null) return null;
  const [none, used] = OFFERED[short] ?? [
    `No node offers ${short}: check that its device plugin runs on the nodes meant for this pod, and that its config matches their devices.`,
    null,
  ];
  return offeredIn(short, context) === 0 ? none : used;
}

/** A label that aws-node set on nodes with a trunk before v1.15, which uses the CNINode instead (amazon-vpc-cni-k8s #2688). */
const TRUNK_LABEL = 'vpc.amazonaws.com/has-trunk-attached';

/** Selector or affinity excludes nodes, and the cause may be a selector that was correct for an older VPC CNI. */
function mayNeedTrunkLabel(pod: PodRecord, { text }: ReportedReason, context: RuleContext): boolean {
  if (!interfaceResources(pod).includes(POD_ENI) || !text.includes("didn't match Pod's node affinity/selector"))
    return false;
  const withTrunks = [...context.read.every('nodes')].filter(({ cni }) => cni?.podEni === true);
  return (
    withTrunks.length > 0 &&
    withTrunks.every((node) => !(TRUNK_LABEL in node.labels) && !versionBefore(agentVersion(node), [1, 15, 0]))
  );
}

/** Whether the rule is active and has a finding. */
const isReported = (needs: readonly SourceId[], check: () => readonly Sighting[], context: RuleContext): boolean =>
  needs.every((source) => isSourceLive(context.read, source)) && check().length > 0;

/** Whether another rule finds the cause. `text`: that of the Event, which may name the network that failed. */
function isKnown(pod: PodRecord, node: NodeRecord | null, text: string, context: RuleContext): boolean {
  if (POD_RULES.some((rule) => isReported(rule.needs, () => rule.check(pod, context), context))) return true;
  if (node !== null) {
    const about = (rule: Rule<'nodes'>): readonly Sighting[] =>
      rule.check(node, context).filter(({ subjects }) => subjects.includes(pod.id));
    if (NODE_RULES.some((rule) => isReported(rule.needs, () => about(rule), context))) return true;
  }
  return pod.requested.some(({ network: id }) => {
    const network = context.read.whole('networks', id);
    if (network === null) return false;
    const isNamed = [network.name, network.configName].some((name) => name !== null && text.includes(`"${name}"`));
    // Some findings list only the first few of many pods. A finding without pods is about the network and need not be the
    // cause.
    const about = (rule: Rule<'networks'>): readonly Sighting[] =>
      rule
        .check(network, context)
        .filter(
          ({ subjects }) => subjects.includes(pod.id) || (isNamed && subjects.some((id) => id.startsWith('pod:'))),
        );
    return NETWORK_RULES.some((rule) => isReported(rule.needs, () => about(rule), context));
  });
}

/** Causes that the records rule out, one sentence each. */
function excluded(pod: PodRecord, node: NodeRecord | null, context: RuleContext): readonly string[] {
  const words: string[] = [];
  const free = node === null ? null : (poolOf(node)?.available ?? null);
  if (node !== null && free !== null && free > 0)
    words.push(
      `Addresses are not the cause: card 0 of ${node.name} has ${counted(free, 'address', 'addresses')} available.`,
    );
  if (node?.ipamd?.ready === true) words.push('aws-node is Ready on the node.');
  if (node?.multus?.ready === true) words.push('Multus is Ready on the node.');
  const networks = pod.requested.map(({ network }) => context.read.one('networks', network));
  if (networks.length > 0 && networks.every((one) => one !== null && !one.missing && one.faults.length === 0))
    words.push('The networks that it asks for exist, and their configs show no fault.');
  return words;
}

/** The requested MACs that no interface can have: the lowest bit of the first octet marks a group of receivers. */
function withMac(known: TextExplanation, { requested }: PodRecord): TextExplanation {
  const bad = requested.flatMap(({ mac }) => {
    const first = Number.parseInt(mac?.slice(0, 2) ?? '', 16);
    if (mac === null || Number.isNaN(first)) return [];
    return first % 2 === 1 ? [`${mac} is a multicast address`] : /^[0:.-]+$/.test(mac) ? [`${mac} is no address`] : [];
  });
  return bad.length === 0 ? known : { ...known, why: `${known.why} Its annotation asks for one: ${listed(bad)}.` };
}

/** What prevents an interface on the link that carries its network. */
function busy(pod: PodRecord, named: string | null, { read }: RuleContext): TextExplanation {
  const networks = pod.requested.flatMap(({ network }) => read.one('networks', network) ?? []);
  const network =
    networks.find(({ name, configName }) => named !== null && [name, configName].includes(named)) ?? networks[0];
  const link = network?.parent.value;
  if (network?.mode === 'passthru')
    return {
      why: `A macvlan interface in mode passthru takes ${link ?? 'its link'} for itself, and another pod or the node uses it already.`,
      advice: 'Keep such pods on different nodes, or use mode bridge, in which pods share the link.',
    };
  return {
    why: `${link ?? 'The link that the network hangs on'} is in use in a way that excludes this: ipvlan and macvlan exclude each other on one link, and a link that is in a bridge or a bond takes neither.`,
    advice:
      'Put ipvlan and macvlan on different links, or make both of one kind. Where the link is in a bridge or a bond, name that bridge or bond in its place.',
  };
}

/** The kubelet's topology manager refuses what is not on one NUMA node, as its policy demands. */
function otherNumaNode(pod: PodRecord): TextExplanation {
  const resources = interfaceResources(pod);
  return {
    why: `The topology manager of the kubelet (policy restricted or single-numa-node) finds no NUMA node that has what the pod asks for: CPUs, memory and ${resources.length === 0 ? 'its devices' : listed(resources)}. One NUMA node has the free CPUs, another one the free devices.`,
    advice:
      'A failed pod does not start again: its controller makes another. Ask for fewer exclusive CPUs, free some on the NUMA node of the card, offer functions of a card on each NUMA node, or let the device plugin leave the NUMA node out (excludeTopology; the SR-IOV operator has it in the SriovNetworkNodePolicy).',
  };
}

/** The known part of a text whose cause ifscope cannot find: a link of the pod, created by another network. */
function explained(
  pod: PodRecord,
  node: NodeRecord | null,
  signal: ReportedReason,
  context: RuleContext,
): TextExplanation | null {
  const { kind, text } = signal;
  if (kind === 'FailedScheduling')
    return (
      agentMessage(pod) ??
      karpenterMessage(text, interfaceResources(pod)) ??
      networkTaintMessage(text) ??
      fargateMessageWith(text, [
        ...new Set((pod.securityGroupPolicies ?? []).flatMap(({ securityGroups }) => securityGroups)),
      ]) ??
      (isOfNodes(pod, signal) ? null : (missingClaimOf(pod) ?? claimTextOf(text)))
    );
  if (kind === 'TopologyAffinityError') return otherNumaNode(pod);
  if (kind === 'FailedPrepareDynamicResources' || kind === 'FailedResourceClaimCreation') return claimTextOf(text);
  const port = portMakerText(kind, text);
  if (port !== null) return port;
  if (kind === 'NetworkNotReady') return node === null ? null : withoutNetwork(node);
  // The messages of volumes resemble those of plugins.
  if (isOfVolumes(signal)) return null;
  const failure = readCniFailure(text);
  const known = knownOf(failure);
  if (known !== null) return failure.kind === 'mac-invalid' ? withMac(known, pod) : known;
  if (failure.kind === 'parent-busy') return busy(pod, failure.network, context);
  const missing = ['container-link-missing', 'parent-missing', 'host-device-missing'].includes(failure.kind);
  return missing ? linksInPod(pod, context) : null;
}

/** Why the finding has no more than the Event's text. */
function unexplained({ kind, text }: ReportedReason, { read }: RuleContext): string {
  if (kind !== 'FailedCreatePodSandBox' || readCniFailure(text).kind === 'unknown')
    return 'ifscope does not know this message; the event is all it has.';
  return [NODES, PODS, NADS].every((source) => isSourceLive(read, source))
    ? 'No record shows the cause.'
    : 'The sources that would show the cause cannot be read at the moment.';
}

function whyOf(signal: ReportedReason, pod: PodRecord, context: RuleContext): string {
  if (isOfVolumes(signal)) return 'No network has been asked for anything yet.';
  if (isOfNodes(pod, signal))
    return 'The scheduler counts the nodes by reason, and none of the reasons is an interface.';
  if (isOfClaims(pod, signal))
    return `No node that it may run on has a free device that its claims accept.${areAllTainted(context) ? ' Every device that network drivers publish is tainted, and only a claim that tolerates the taint can be allocated one.' : areAllAllocated(context) ? ' Every device that network drivers publish is allocated.' : ''}`;
  return pod.phase === 'Failed' ? 'A device that was allocated to it is missing.' : unexplained(signal, context);
}

/** Scheduler and kubelet may write thousands of characters. */
const shortened = (text: string): string => (text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text);

/** The first network of the pod whose config Multus or a plugin refuses, and why; null without one. */
function faultyNetwork(pod: PodRecord, context: RuleContext): readonly [network: string, fault: string] | null {
  for (const { network: id } of pod.requested) {
    const fault = context.read.one('networks', id)?.faults.find(({ severity }) => severity === 'error');
    if (fault !== undefined) return [nameOf(id), fault.text];
  }
  return null;
}

/** The explanation without an Event. */
const withoutEvent = (pod: PodRecord, context: RuleContext): string => {
  const events = isSourceLive(context.read, EVENTS)
    ? 'No Event says why: a cluster keeps Events for an hour.'
    : 'Events cannot be read, so why is not known.';
  if (pod.node === null) return events;
  const faulty = faultyNetwork(pod, context);
  if (pod.sandbox?.ready === true)
    return `${events} The network of its sandbox is set up, so it waits for a later step: an image, an init container, or the kubelet.`;
  if (faulty !== null) return `${events} It requests ${faulty[0]}, whose config cannot work: ${faulty[1]}.`;
  // Kubelets that report a reason (since Kubernetes 1.36) report the sandbox before they pull an image; earlier ones only after the first pull.
  if (pod.sandbox !== null && pod.sandbox.message !== '')
    return `${events} Its sandbox is not ready (${pod.sandbox.message}): it waits for volumes, devices or the network, and no image pull has started yet.`;
  return `${events} A long image pull, its volumes, the kubelet or the network may be the cause.`;
};

/** What nodes offer of the resources that the pod requests. */
const offers = (pod: PodRecord, context: RuleContext): readonly string[] =>
  interfaceResources(pod).map((resource) => {
    const byClass = [...context.read.every('networks')].find(
      (network) => isDeviceClass(network.id) && network.resourceName === resource,
    );
    if (byClass !== undefined)
      return `Kubernetes: ${resource} stands for DeviceClass ${byClass.name}: its devices come by claim`;
    const counts = [...context.read.every('nodes')].flatMap(({ allocatable }) => allocatable[resource] ?? []);
    const all = counts.reduce((a, b) => a + b, 0);
    return all === 0
      ? `Kubernetes: no node allocates ${resource}`
      : `Kubernetes: ${counted(counts.filter((n) => n > 0).length, 'node allocates', 'nodes allocate')} ${all} ${resource} in all`;
  });

const title = ({ node, phase }: PodRecord, { signal }: Waiting): string => {
  if (phase === 'Failed') return 'Rejected by the kubelet';
  if (isOfVolumes(signal)) return 'Waits for its volumes';
  if (node === null) return 'Cannot be scheduled';
  if (signal === null) return 'Has no address yet';
  return signal.kind === 'FailedPrepareDynamicResources'
    ? 'Cannot start: its claimed devices cannot be prepared'
    : 'Cannot start: its sandbox cannot be created';
};

function advice(pod: PodRecord, { signal }: Waiting, known: TextExplanation | null, context: RuleContext): string {
  if (known !== null) return known.advice;
  if (pod.phase === 'Failed')
    return 'Check the device plugin on the node: it offered a device that it no longer has. A failed pod does not start again.';
  if (isOfVolumes(signal)) return 'Fix its volumes first: the kubelet sets up the network after them.';
  if (isOfClaims(pod, signal) && areAllTainted(context))
    return 'Find out why the devices are tainted: a driver sets a taint in its ResourceSlice, an administrator by a DeviceTaintRule (kubectl get devicetaintrules). Once they are well again, take the taint away; a claim that can do with such a device tolerates the taint (tolerations in its request).';
  const idle = isOfClaims(pod, signal) ? idleClaims(context) : [];
  if (isOfClaims(pod, signal) && areAllAllocated(context))
    return idle.length > 0
      ? `Every device is allocated, and no known pod uses ${listed(idle)}. Delete claims that are no longer needed (kubectl delete resourceclaim) to free their devices.`
      : 'Every device is allocated: delete a pod that uses one, or add nodes with such devices.';
  if (isOfClaims(pod, signal))
    return `Check that the driver of ${classesOf(pod).length === 0 ? 'its device class' : `device class ${listed(classesOf(pod))}`} runs on the nodes meant for this pod and publishes devices (kubectl get resourceslices), and that the selectors of class and claim match one that is free.`;
  const faulty = signal === null ? faultyNetwork(pod, context) : null;
  if (faulty !== null && pod.node !== null)
    return `First correct the config of ${faulty[0]}: no pod that requests it can start.`;
  if (signal === null)
    return pod.node === null
      ? 'Check that some node offers what it asks for, and has it free.'
      : 'Read the log of the kubelet on the node.';
  if (pod.node === null && mayNeedTrunkLabel(pod, signal, context))
    return `If it selects nodes by ${TRUNK_LABEL}, remove that: since v1.15.0 the VPC CNI does not set this label. ${POD_ENI}, which the pod requests, is offered by nodes with a trunk only.`;
  return pod.node === null
    ? (hintFor(pod, signal, context) ?? 'Read the event: it counts the nodes by reason.')
    : 'Read the event from its end: the last part comes from the innermost plugin.';
}

function sighting(pod: PodRecord, node: NodeRecord | null, waiting: Waiting, context: RuleContext): Sighting {
  const { signal, what, since } = waiting;
  const known = signal === null ? missingClaimOf(pod) : explained(pod, node, signal, context);
  const ofVolumes = isOfVolumes(signal);
  const why = known?.why ?? (signal === null ? withoutEvent(pod, context) : whyOf(signal, pod, context));
  return {
    subjects: [pod.id, pod.node, ...new Set(pod.requested.map(({ network }) => network))],
    // The network need not be the cause.
    severity: signal === null || ofVolumes || isOfNodes(pod, signal) ? 'warning' : 'error',
    title: title(pod, waiting),
    detail: `${nameOf(pod.id)} ${pod.phase === 'Failed' ? 'failed' : 'waits'}: ${what}. ${why}`,
    evidence: [
      signal === null
        ? `Kubernetes: phase ${pod.phase}, no podIPs, since ${since ?? 'an unknown time'}`
        : `${signal.from === 'event' ? 'event' : 'Kubernetes: status.reason'} ${signal.kind}: ${shortened(signal.text)}`,
      signal === null ? sandboxLine(pod) : null,
      ...(pod.node === null || pod.phase === 'Failed' ? offers(pod, context) : []),
      ...(isOfClaims(pod, signal) ? claimLines(pod, context) : []),
      ...(ofVolumes || pod.phase === 'Failed'
        ? []
        : [...(node === null ? [] : conditionLines(node)), ...excluded(pod, node, context)]),
    ],
    advice: advice(pod, waiting, known, context),
    command:
      node?.ipamd != null && signal !== null && /aws-cni|aws-node/.test(signal.text)
        ? awsNodeLog(node.name)
        : shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
    since: timeOf(since) === null ? null : since,
  };
}

export default defineRule({
  id: 'pod-start-failed',
  severity: 'error',
  scope: 'pods',
  needs: [NODES, PODS],
  uses: [EVENTS, NADS, RESOURCE_SLICES, ...[...POD_RULES, ...NODE_RULES, ...NETWORK_RULES].flatMap(sourcesOf)],
  check(pod, context) {
    const waiting = waitingOf(pod, context) ?? rejectedByKubelet(pod, context);
    if (waiting === null) return machineSighting(pod, context) ?? [];
    if (!olderThan(pod.createdAt, MINUTE, context) || !isAged(waiting.since, MIN_DURATION, context)) return [];
    const node = context.read.whole('nodes', pod.node);
    return isKnown(pod, node, waiting.signal?.text ?? '', context) ? [] : [sighting(pod, node, waiting, context)];
  },
});
