/**
 * P12 (multus §2.1, §6): a pod waits for a network's device (usually an SR-IOV VF). Either the scheduler finds no node with one, or the
 * pod names the network without requesting its resource, so Multus has no device to pass on.
 */
import { EVENTS, NADS, NODES, PODS, SRIOV_NODE_STATES } from '../../model/source-ids';
import { readUnschedulable } from '../../cni/errors';
import type { PodRecord } from '../../model/records';
import { versionBefore } from '../../model/version';
import { claimName, deviceName, devicesOf, SRIOV_DRIVER } from '../guards/claim';
import { nodeOf } from '../guards/node';
import { hasNetworks, isLive } from '../guards/pod';
import { refusalOf, signalsOf, type Refusal } from '../guards/signals';
import { MINUTE, olderThan } from '../guards/time';
import { counted, listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import { SRIOV_FAILED } from '../../topology/shared/signals';
import { isSourceComplete } from '../rule/trust';

/**
 * Networks whose devices come from that resource: the pod's own, else any. Scans all networks only if the scheduler has
 * reported the resource.
 */
function networksOf(resource: string, pod: PodRecord, context: RuleContext): readonly string[] {
  const own = pod.requested
    .map(({ network }) => network)
    .filter((id) => context.read.one('networks', id)?.resourceName === resource);
  if (own.length > 0) return [...new Set(own)];
  return [...context.read.every('networks')]
    .filter(({ resourceName }) => resourceName === resource)
    .map(({ id }) => id)
    .sort();
}

/** The total that nodes allocate, in words. */
function offered(resource: string, context: RuleContext): string {
  const counts = [...context.read.every('nodes')].flatMap(({ allocatable }) => allocatable[resource] ?? []);
  const some = counts.filter((n) => n > 0);
  if (some.length === 0) return `Kubernetes: no node allocates ${resource}`;
  return `Kubernetes: ${counted(some.length, 'node allocates', 'nodes allocate')} ${some.reduce((a, b) => a + b, 0)} ${resource} in all`;
}

/** Pods are counted on at most this many nodes: on more, the resource is common, and one node is not conclusive. */
const MAX_NODES = 50;

/**
 * Nodes whose live pods hold more of the resource than the node allocates: the device plugin has miscounted, usually after
 * a restart, when it finds only devices that are not in use (sriov-network-device-plugin #565).
 */
function miscounted(resource: string, context: RuleContext): readonly string[] {
  const nodes = [...context.read.every('nodes')].filter(({ allocatable }) => allocatable[resource] !== undefined);
  if (nodes.length > MAX_NODES) return [];
  return nodes
    .flatMap(({ id, name, allocatable }) => {
      const held = context.read
        .all('podsByNode', id)
        .filter(isLive)
        .reduce((sum, { resources }) => sum + (resources[resource] ?? 0), 0);
      const offers = allocatable[resource] ?? 0;
      return held > offers ? [`pods on ${name} hold ${held} ${resource}, and it allocates ${offers}`] : [];
    })
    .sort();
}

/** VFs that exist although no node offers the resource: the device plugin does not advertise them. */
function unadvertised(resource: string, context: RuleContext): readonly string[] {
  if (!isSourceComplete(context.read, SRIOV_NODE_STATES) || !isSourceComplete(context.read, NODES)) return [];
  for (const { allocatable } of context.read.every('nodes')) if ((allocatable[resource] ?? 0) > 0) return [];
  const links = [...context.read.every('hostNics')]
    .filter(({ vfs }) => (vfs?.total ?? 0) > 0)
    .map(({ id, vfs }) => `${nameOf(id)} has ${counted(vfs?.total ?? 0, 'VF')}`)
    .sort();
  return links.length === 0
    ? ['SriovNetworkNodeState: no link has a VF']
    : [`SriovNetworkNodeState: ${listed(links)}; the VFs exist, and nothing advertises them as ${resource}`];
}

const behindSlash = (resource: string): string => resource.slice(resource.indexOf('/') + 1);

/** A resource that nodes offer with the same name and another prefix, if no node offers this one. */
function nearResource(resource: string, { read }: RuleContext): string | null {
  if (!isSourceComplete(read, NODES)) return null;
  const there = new Set<string>();
  for (const { allocatable } of read.every('nodes')) {
    if (allocatable[resource] !== undefined) return null;
    for (const [name, count] of Object.entries(allocatable)) if (count > 0) there.add(name);
  }
  return [...there].sort().find((one) => behindSlash(one) === behindSlash(resource)) ?? null;
}

/** The SR-IOV operator's reports about nodes whose links it could not configure. */
function operatorState(context: RuleContext): readonly string[] {
  const nodes = [...context.read.every('nodes')];
  if (nodes.length > MAX_NODES) return [];
  return nodes
    .flatMap(({ id, name }) =>
      signalsOf(context, id, SRIOV_FAILED).map(({ text }) => `SriovNetworkNodeState of ${name}: ${text}`),
    )
    .sort();
}

/**
 * Resources that mark nodes with a bridge (bridge-marker, the marker of ovs-cni): no device is short, but the bridge does
 * not exist there.
 */
const BRIDGE = /^(bridge|ovs-cni)\.network\.kubevirt\.io\/(.+)$/;

function bridgeAdvice(resource: string, { read }: RuleContext): string | null {
  const [, marker, name] = BRIDGE.exec(resource) ?? [];
  const isOffered = [...read.every('nodes')].some(({ allocatable }) => (allocatable[resource] ?? 0) > 0);
  if (marker === undefined || name === undefined || isOffered) return null;
  return `Create the ${marker === 'bridge' ? 'bridge' : 'Open vSwitch bridge'} ${name} on the nodes meant for this pod (a NodeNetworkConfigurationPolicy of nmstate): the marker on the node (${marker === 'bridge' ? 'bridge-marker' : 'ovs-cni'}) then offers the resource. If the bridge is there, check that the marker runs.`;
}

const OPERATOR_AT_WORK =
  'Wait until the SR-IOV operator has finished. While it drains a node, a pod that may not be evicted (a PodDisruptionBudget, no owner) holds it up; the log of sriov-network-config-daemon on the node names it. A new set of virtual functions may need a reboot.';

function refusedByScheduler(pod: PodRecord, context: RuleContext): readonly Sighting[] {
  if (pod.node !== null) return [];
  const [event] = signalsOf(context, pod.id, 'FailedScheduling');
  const short = event === undefined ? [] : readUnschedulable(event.text).flatMap(({ subject }) => subject ?? []);
  return short
    .filter((resource) => (pod.resources[resource] ?? 0) > 0)
    .flatMap((resource) => {
      const networks = networksOf(resource, pod, context);
      // Other resources such as GPUs run out too, but belong to no network. For a new pod, an autoscaler may be adding a
      // node.
      if (networks.length === 0 || !olderThan(pod.createdAt, MINUTE, context)) return [];
      const wrong = miscounted(resource, context);
      const failed = operatorState(context);
      const underWay = failed.length > 0 && failed.every((text) => text.includes(': InProgress'));
      const near = nearResource(resource, context);
      return [
        {
          subjects: [pod.id, ...networks.slice(0, 10)],
          title: near === null ? `No ${resource} left` : `No node offers ${resource}`,
          detail: `${nameOf(pod.id)} asks for ${pod.resources[resource] ?? 1} ${resource}, and ${
            near === null
              ? 'no node that it may run on has that many left'
              : `no node offers it: what they offer is ${near}`
          }.${
            wrong.length === 0 ? '' : ` A device plugin counts fewer devices than pods hold: ${listed(wrong)}.`
          }${failed.length === 0 ? '' : ` The SR-IOV operator ${underWay ? 'has not finished setting up links' : 'could not set up its links'}: ${listed(failed, 2)}.`}`,
          evidence: [
            `event FailedScheduling: ${event?.text ?? ''}`,
            offered(resource, context),
            ...wrong.map((line) => `Kubernetes: ${line}`),
            ...unadvertised(resource, context),
            ...failed,
          ],
          advice:
            near !== null
              ? `Use one name: ${near} in the containers and in the annotation k8s.v1.cni.cncf.io/resourceName of the network, or ${resource} in the configuration of the device plugin.`
              : wrong.length === 0
                ? (bridgeAdvice(resource, context) ??
                  (underWay ? OPERATOR_AT_WORK : null) ??
                  'Free devices, add nodes that have them, or check the device plugin and its policy if none is offered.')
                : 'Read the log of the device plugin on that node: it offers only the devices that it finds on the host, and those in use are inside pods. They come back when their pods end; drain the node if they are still not counted then.',
          command: shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
          since: pod.createdAt,
        },
      ];
    });
}

/** Multus takes a network's device from a claim since multus-cni #1492, which is in no release up to this one. */
const WITHOUT_CLAIMS = [4, 3, 1] as const;

/** The finding for a pod that has a device of the SR-IOV driver by a claim, instead of one by its resource. */
function byClaim(
  pod: PodRecord,
  resource: string,
  context: RuleContext,
): Pick<Sighting, 'title' | 'detail' | 'advice'> | null {
  const claimed = devicesOf(pod).find(({ device }) => device.driver === SRIOV_DRIVER);
  if (claimed === undefined) return null;
  const version = nodeOf(context, pod.node)?.multus?.version ?? null;
  const isOld = versionBefore(version, WITHOUT_CLAIMS);
  return {
    title: 'Multus does not pass on its claimed device',
    detail: `${nameOf(pod.id)} has ${deviceName(claimed.device)} by ${claimName(pod, claimed.claim)}, and no container of it requests ${resource}; Multus${
      isOld ? ` ${version ?? ''} takes devices from device plugins alone` : ' has not taken the device from the claim'
    }.`,
    advice: isOld
      ? 'Use a Multus that takes devices from claims (multus-cni #1492, later than v4.3.0), or let the SR-IOV driver attach the network itself (its mode STANDALONE).'
      : `Check that the device has the attribute k8s.cni.cncf.io/resourceName with the value ${resource}, by which Multus finds it.`,
  };
}

function neverAsked(pod: PodRecord, context: RuleContext): readonly (Sighting | null)[] {
  if (pod.node === null || pod.ips.length > 0) return [];
  const refusal = refusalOf(context, pod);
  const refused = refusal?.failure.kind === 'no-device' ? refusal : null;
  const requested = pod.requested.map(({ network }) => network);
  return [...new Set(requested)].map((id): Sighting | null => {
    const network = context.read.one('networks', id);
    const resource = network?.resourceName ?? null;
    if (resource === null) return null;
    const has = pod.resources[resource] ?? 0;
    if (has > 0) return tooFew(pod, { id, resource, has, refused }, context);
    const claimed = byClaim(pod, resource, context);
    if (claimed !== null && refused === null) return null;
    // The plugin needs the device: the pod will fail whether or not an Event already reports it.
    const certain = network?.parent.kind === 'resource' && olderThan(pod.startedAt ?? pod.createdAt, MINUTE, context);
    if (refused === null && !certain) return null;
    return {
      subjects: [pod.id, id],
      title: claimed?.title ?? `Does not ask for ${resource}`,
      detail:
        claimed?.detail ??
        `${nameOf(pod.id)} names ${nameOf(id)}, whose devices come from ${resource}; no container of it requests that, so Multus has no device to pass on.`,
      evidence: [
        `Kubernetes: no container requests ${resource}`,
        refused === null ? null : `event FailedCreatePodSandBox: ${refused.failure.detail}`,
      ],
      advice:
        claimed?.advice ??
        `Add requests and limits of ${resource} to a container, or run the network resources injector.`,
      since: refused?.signal.firstAt ?? null,
    };
  });
}

interface Short {
  readonly id: string;
  readonly resource: string;
  readonly has: number;
  readonly refused: Refusal | null;
}

/** The pod requests fewer devices than its networks need: one each, however often a network is listed. */
function tooFew(pod: PodRecord, { id, resource, has, refused }: Short, context: RuleContext): Sighting | null {
  const users = pod.requested.filter(({ network }) => context.read.one('networks', network)?.resourceName === resource);
  if (refused === null || has >= users.length || users[0]?.network !== id) return null;
  return {
    subjects: [pod.id, ...new Set(users.map(({ network }) => network))].slice(0, 11),
    title: `Asks for too few ${resource}`,
    detail: `${nameOf(pod.id)} asks for ${has} ${resource}, and for ${counted(users.length, 'attachment')} to networks whose devices come from it: each takes one.`,
    evidence: [
      `Kubernetes: the containers request ${has} ${resource}`,
      `event FailedCreatePodSandBox: ${refused.failure.detail}`,
    ],
    advice: `Request ${users.length} ${resource}, one for each attachment.`,
    since: refused.signal.firstAt,
  };
}

export default defineRule({
  id: 'device-exhausted',
  severity: 'error',
  scope: 'pods',
  needs: [PODS, NADS],
  uses: [EVENTS, NODES, SRIOV_NODE_STATES],
  check: (pod, context) =>
    hasNetworks(pod) && pod.phase === 'Pending'
      ? [...refusedByScheduler(pod, context), ...neverAsked(pod, context)]
      : [],
});
