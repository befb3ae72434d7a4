/**
 * The inputs for deriving a node and its pods, computed once for all of them. It reads only the pods that describe the node
 * (its agents), so that it does not change when another pod comes or goes.
 */
import { ENIS, PODS } from '../../model/source-ids';
import type { InstanceFact, IpamdEnisFact, NodeFact, PodFact } from '../../model/facts';
import { nodeId } from '../../model/ids';
import type { ComputeType, Link } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import { awsNodeDaemonSet, isAwsNodeSelective, metricsVersion } from '../facts/cluster';
import { instanceOfNode, nodeOfEni } from '../facts/owners';
import { addressesOf, isFinished, type EniShape } from '../facts/parts';
import { byName, type FactQuery, type FactReader } from '../facts/reader';
import { limitsOf, type Limits } from '../limits/instance-types';
import { AddressBook } from './address-book';
import { NodeDevices } from './devices';
import { HostLinks } from './host-links';
import { isPrimaryEni, managedCards, type IpamdKnowledge } from './management';
import { readSettings, type Settings } from './settings';

/** The part that is the same for every reader. */
interface Shared {
  readonly name: string;
  /** Undefined for a node that does not exist, and while nodes cannot be read. */
  readonly node: NodeFact | undefined;
  readonly instanceId: string | null;
  /** The address that identified the instance; null if the node names its instance. */
  readonly instanceBy: string | null;
  readonly instance: InstanceFact | undefined;
  readonly instanceType: string | null;
  readonly computeType: ComputeType;
  readonly limits: Limits | null;
  /** Record id, created once: all records on the node share the string. */
  readonly id: string;
  /** Every ENI of the node by card and device, including branch ENIs and those of Fargate pods. */
  readonly enis: readonly EniShape[];
  /**
   * Whether EC2 lists what is attached to this node's instance. Every instance has a primary ENI, so a response without it
   * does not cover the node (a page, a filter, another region): what it lacks is unknown, not zero.
   */
  readonly isListed: boolean;
  readonly ipamd: IpamdKnowledge;
  readonly settings: Settings | null;
  readonly agent: PodFact | null;
  /** Multus' own pod on this node. */
  readonly multus: PodFact | null;
  readonly managedCards: ReadonlySet<number>;
  /** All card indexes of the instance type and of the ENIs. */
  readonly cards: readonly number[];
  readonly ipamdEnis: IpamdEnisFact | undefined;
  readonly vpc: string | null;
  readonly book: AddressBook;
  readonly links: HostLinks;
  readonly devices: NodeDevices;
  /** Whether EC2 answers, possibly late. */
  readonly ec2Answers: boolean;
  /** Links shared by many interfaces, by content. */
  readonly shared: Map<string, Link>;
}

/** Inputs for all derivations on a node. */
export interface NodeContext extends Shared {
  /** The reader of the running unit. */
  readonly facts: FactReader;
}

function enisOf(facts: FactReader, name: string, instanceId: string | null, fargateIps: readonly string[] | null) {
  const attached = instanceId === null ? [] : facts.factsOf('enisByInstance', instanceId);
  const ips = fargateIps === null ? [] : [...fargateIps, ...facts.factsOf('podsByNode', name).flatMap(addressesOf)];
  const found = new Set([
    ...attached,
    ...attached.flatMap(({ id }) => facts.factsOf('branchesByTrunk', id)),
    ...facts
      .factsOf('branchPodsByNode', name)
      .flatMap(({ podEni }) => podEni?.flatMap(({ eniId }) => facts.eniShape(eniId) ?? []) ?? []),
    ...ips.flatMap((ip) => facts.factsOf('enisByIp', ip)),
  ]);
  const place = (eni: EniShape): number =>
    eni.instanceId === null ? Number.MAX_SAFE_INTEGER : (eni.networkCardIndex ?? 0) * 1000 + (eni.deviceIndex ?? 999);
  return [...found]
    .filter((eni) => nodeOfEni(facts, eni) === name)
    .sort((a, b) => place(a) - place(b) || byCodeUnit(a.id, b.id));
}

/**
 * Whether ipamd runs on the node, and with which settings; the shipped DaemonSet excludes Fargate, hybrid, Auto Mode and
 * Windows nodes.
 */
function ipamdOf(
  facts: FactReader,
  node: NodeFact | undefined,
  computeType: ComputeType,
  agent: PodFact | null,
  limits: Limits | null,
  metricsVersion: string | null,
): IpamdKnowledge {
  if (agent?.awsNode != null) return readSettings(agent.awsNode, limits, metricsVersion);
  if (node !== undefined && (computeType !== 'ec2' || node.os === 'windows')) return null;
  // A node without an aws-node pod is not selected by the DaemonSet.
  if (node !== undefined && facts.isKnown(PODS) && facts.ask(isAwsNodeSelective)) return null;
  const daemonSet = facts.ask(awsNodeDaemonSet);
  if (daemonSet !== null) return node === undefined ? 'unknown' : readSettings(daemonSet, limits);
  return facts.isKnown(PODS) ? null : 'unknown';
}

/** If EC2 shows no ENI at all, ipamd's list shows which cards have one (vpc-cni §4.2). */
function cardsOf(
  settings: Settings,
  cards: readonly number[],
  enis: readonly EniShape[],
  ipamdEnis: IpamdEnisFact | undefined,
): ReadonlySet<number> {
  if (enis.length === 0 && ipamdEnis !== undefined && ipamdEnis.enis.length > 0) {
    return new Set(ipamdEnis.enis.map(({ card }) => card));
  }
  return managedCards(cards.length === 0 ? [0] : cards, enis, settings);
}

/**
 * The aws-node pod of the node. A rollout leaves the old pod until it has ended, and evicted pods stay listed: a running
 * pod takes precedence over a pending one, and the younger of two over the older.
 */
function agentOf(facts: FactReader, name: string): PodFact | null {
  const rank = (pod: PodFact): number => (isFinished(pod) ? 2 : pod.phase === 'Running' ? 0 : 1);
  const age = ({ createdAt }: PodFact): number => (createdAt === null ? 0 : -Date.parse(createdAt));
  const agents = [...facts.factsOf('agentsByNode', name)];
  return (
    agents.sort(
      (a, b) => rank(a) - rank(b) || Number(a.deleting) - Number(b.deleting) || age(a) - age(b) || byName(a, b),
    )[0] ?? null
  );
}

/** One object for all nodes of a type. */
const limitsOfType: FactQuery<Limits | null> = {
  name: 'limitsOfType',
  of: (facts, type) => limitsOf(type, facts.get('instanceType', type)),
};

const shared: FactQuery<Shared> = { name: 'nodeContext', isTransient: true, of: sharedOf };

/** The context of a node by its name; computed once for all units that read it. */
export const contextOf = (facts: FactReader, name: string): NodeContext => ({ ...facts.ask(shared, name), facts });

/**
 * Whether EC2's response includes the ENIs of the instance. Every instance has a primary ENI, or one with the node's own
 * address (SageMaker HyperPod): a response without it was filtered, and implies nothing about what it leaves out.
 */
function isCovered(enis: readonly EniShape[], instanceId: string, node: NodeFact | undefined): boolean {
  const own = enis.filter((eni) => eni.instanceId === instanceId);
  const ips = node?.internalIps ?? [];
  if (ips.length === 0) return own.length > 0;
  return own.some((eni) => isPrimaryEni(eni) || (eni.primaryIp !== null && ips.includes(eni.primaryIp)));
}

function sharedOf(facts: FactReader, name: string): Shared {
  const node = facts.get('node', name);
  const { id: instanceId, by: instanceBy } = instanceOfNode(facts, name, node);
  const instance = instanceId === null ? undefined : facts.get('instance', instanceId);
  // The label keeps the type with which the node registered; a stopped instance may be changed to another type.
  const instanceType = instance?.instanceType ?? node?.instanceType ?? null;
  const limits = instanceType === null ? null : facts.ask(limitsOfType, instanceType);
  const computeType =
    instanceBy === null && node !== undefined ? node.computeType : instanceId === null ? 'other' : 'ec2';
  const enis = enisOf(facts, name, instanceId, computeType === 'fargate' ? (node?.internalIps ?? []) : null);
  const agent = agentOf(facts, name);
  const multus = facts
    .factsOf('multusByNode', name)
    .filter((pod) => !isFinished(pod))
    .sort(byName)[0];
  const ipamd = ipamdOf(facts, node, computeType, agent, limits, facts.ask(metricsVersion, name));
  const settings = ipamd === null || ipamd === 'unknown' ? null : ipamd;
  const cards = [
    ...new Set([
      ...(limits?.cards.map(({ index }) => index) ?? []),
      ...enis
        .filter((eni) => eni.instanceId === instanceId && instanceId !== null)
        .map((eni) => eni.networkCardIndex ?? 0),
    ]),
  ].sort((a, b) => a - b);
  const isListed = facts.areNodeEnisKnown() && instanceId !== null && isCovered(enis, instanceId, node);
  const vpc = instance?.vpc ?? enis.find((eni) => eni.vpc !== null)?.vpc ?? facts.vpc;
  const devices = new NodeDevices(facts, name, enis);
  const host = { osImage: node?.osImage ?? null, instanceType, cards: limits?.cards.length ?? null };
  return {
    name,
    node,
    instanceId,
    instanceBy,
    instance,
    instanceType,
    computeType,
    limits,
    id: nodeId(name),
    enis,
    isListed,
    ipamd,
    settings,
    agent,
    multus: multus ?? null,
    managedCards: settings === null ? new Set() : cardsOf(settings, cards, enis, facts.get('ipamdEnis', name)),
    cards,
    ipamdEnis: facts.get('ipamdEnis', name),
    vpc,
    book: new AddressBook(enis),
    devices,
    links: new HostLinks(facts, name, enis, host, devices),
    ec2Answers: facts.answers(ENIS),
    shared: new Map(),
  };
}

/**
 * Whether the node's pods are known. A Ready Linux node on EC2 has pods of its own (its CNI, kube-proxy): a list without
 * any was one of other nodes.
 */
export const arePodsKnown = ({ facts, node, computeType, name }: NodeContext): boolean =>
  facts.isKnown(PODS) &&
  (computeType !== 'ec2' || node?.os !== 'linux' || node.ready !== true || facts.has('podsByNode', name));

/**
 * Whether EC2 was read after the pod's addresses and the node's instance were seen, so that what it does not list does not
 * exist. Call it only where that matters: the unit runs again once EC2 has been read.
 */
export const isSettled = ({ facts, name }: NodeContext, podKey: string): boolean =>
  facts.hasAnsweredSince(ENIS, Math.max(facts.podSeenAt(podKey) ?? 0, facts.nodeSeenAt(name) ?? 0));
