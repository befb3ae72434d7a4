/**
 * What deriving a node and its pods needs, gathered from the facts once for all of them. It reads no more of the pods than the few
 * that say something about the node, so that it stands when another pod comes or goes.
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

/** The same for whoever reads it. */
interface Shared {
  readonly name: string;
  /** Undefined for a ghost, and while nodes cannot be read. */
  readonly node: NodeFact | undefined;
  readonly instanceId: string | null;
  /** The address by which alone the instance was found; null where the node names it. */
  readonly instanceBy: string | null;
  readonly instance: InstanceFact | undefined;
  readonly instanceType: string | null;
  readonly computeType: ComputeType;
  readonly limits: Limits | null;
  /** Record id, made once: all records on the node hold the same string. */
  readonly id: string;
  /** Every ENI of the node, branches and Fargate's included, by card and device. */
  readonly enis: readonly EniShape[];
  /**
   * EC2 lists what is attached to this node's instance. Every instance has its primary ENI, so an answer with none of them
   * does not cover the node (a page, a filter, another region): what it lacks is not known, and not zero.
   */
  readonly isListed: boolean;
  readonly ipamd: IpamdKnowledge;
  readonly settings: Settings | null;
  readonly agent: PodFact | null;
  /** Multus' own pod on this node. */
  readonly multus: PodFact | null;
  readonly managedCards: ReadonlySet<number>;
  /** All card indexes, of the type and of the ENIs. */
  readonly cards: readonly number[];
  readonly ipamdEnis: IpamdEnisFact | undefined;
  readonly vpc: string | null;
  readonly book: AddressBook;
  readonly links: HostLinks;
  readonly devices: NodeDevices;
  /** EC2 answers, if late. */
  readonly ec2Answers: boolean;
  /** Links that many interfaces share, by content. */
  readonly shared: Map<string, Link>;
}

/** All that the derivation of a node shares. */
export interface NodeContext extends Shared {
  /** The reader of the unit that runs. */
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

/** Whether ipamd runs here, and with what settings; the shipped DaemonSet leaves out Fargate, hybrid, Auto and Windows. */
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
  // A node without its pod is one that the DaemonSet does not select.
  if (node !== undefined && facts.isKnown(PODS) && facts.ask(isAwsNodeSelective)) return null;
  const daemonSet = facts.ask(awsNodeDaemonSet);
  if (daemonSet !== null) return node === undefined ? 'unknown' : readSettings(daemonSet, limits);
  return facts.isKnown(PODS) ? null : 'unknown';
}

/** Where EC2 shows no ENI at all, ipamd's own list tells on which cards it has some (vpc-cni §4.2). */
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
 * The aws-node pod that runs on the node. A rollout leaves the old one there until it has ended, and evicted ones stay listed: what runs
 * counts before what waits, and the younger one of two.
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
 * EC2's answer has the ENIs of the instance. Every instance has a primary one, or one with the node's own address (SageMaker HyperPod): an
 * answer without it was filtered, and says nothing of what it leaves out.
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
  // The label stays that of the type with which the node registered; an instance may be stopped and given another type.
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
  const isListed = facts.isKnown(ENIS) && instanceId !== null && isCovered(enis, instanceId, node);
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
 * EC2 was asked after the pod's addresses and the node's instance were seen, so what it does not list is not there. Asked only
 * where it matters: a node of which something is not settled runs again when EC2 was asked.
 */
export const isSettled = ({ facts, name }: NodeContext, podKey: string): boolean =>
  facts.hasAnsweredSince(ENIS, Math.max(facts.podSeenAt(podKey) ?? 0, facts.nodeSeenAt(name) ?? 0));
