/** What deriving one node needs, gathered once from the facts. */
import { ENIS, PODS } from '../../model/source-ids';
import type { AwsNodeMetricsFact, EniFact, InstanceFact, IpamdEnisFact, NodeFact, PodFact } from '../../model/facts';
import { nodeId } from '../../model/ids';
import type { ComputeType, Link } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import { awsNodeDaemonSet } from '../facts/cluster';
import { instanceOfNode, nodeOfEni } from '../facts/owners';
import { addressesOf } from '../facts/parts';
import type { FactReader } from '../facts/reader';
import { limitsOf, type Limits } from '../limits/instance-types';
import { AddressBook } from './address-book';
import { HostLinks } from './host-links';
import { managedCards, type IpamdKnowledge } from './management';
import { readSettings, type Settings } from './settings';

export interface NodeContext {
  readonly facts: FactReader;
  readonly name: string;
  /** Undefined for a ghost, and while nodes cannot be read. */
  readonly node: NodeFact | undefined;
  readonly instanceId: string | null;
  readonly instance: InstanceFact | undefined;
  readonly instanceType: string | null;
  readonly computeType: ComputeType;
  readonly limits: Limits | null;
  readonly pods: readonly PodFact[];
  /** Record ids, made once: a pod's record and its interfaces hold the same string. */
  readonly id: string;
  readonly podIds: ReadonlyMap<PodFact, string>;
  /** Every ENI of the node, branches and Fargate's included, by card and device. */
  readonly enis: readonly EniFact[];
  /**
   * EC2 lists what is attached to this node's instance. Every instance has its primary ENI, so an answer with none of them
   * does not cover the node (a page, a filter, another region): what it lacks is not known, and not zero.
   */
  readonly isListed: boolean;
  readonly ipamd: IpamdKnowledge;
  readonly settings: Settings | null;
  readonly agent: PodFact | null;
  readonly managedCards: ReadonlySet<number>;
  /** All card indexes, of the type and of the ENIs. */
  readonly cards: readonly number[];
  readonly metrics: AwsNodeMetricsFact | undefined;
  readonly ipamdEnis: IpamdEnisFact | undefined;
  readonly vpc: string | null;
  readonly book: AddressBook;
  readonly links: HostLinks;
  /** EC2 lists ENIs now. */
  readonly ec2Answers: boolean;
  /** Links that many interfaces share, by what they say. */
  readonly shared: Map<string, Link>;
}

function enisOf(
  facts: FactReader,
  name: string,
  instanceId: string | null,
  pods: readonly PodFact[],
  fargateIps: readonly string[] | null,
) {
  const attached = instanceId === null ? [] : facts.factsOf('enisByInstance', instanceId);
  const ips = fargateIps === null ? [] : [...fargateIps, ...pods.flatMap((pod) => [...addressesOf(pod)])];
  const found = new Set([
    ...attached,
    ...attached.flatMap(({ id }) => facts.factsOf('branchesByTrunk', id)),
    ...pods.flatMap(({ podEni }) => podEni?.flatMap(({ eniId }) => facts.get('eni', eniId) ?? []) ?? []),
    ...ips.flatMap((ip) => facts.factsOf('enisByIp', ip)),
  ]);
  const place = (eni: EniFact): number =>
    eni.instanceId === null ? Number.MAX_SAFE_INTEGER : (eni.networkCardIndex ?? 0) * 1000 + (eni.deviceIndex ?? 999);
  return [...found]
    .filter((eni) => nodeOfEni(facts, eni) === name)
    .sort((a, b) => place(a) - place(b) || byCodeUnit(a.id, b.id));
}

/** Whether ipamd runs here, and with what settings; the shipped DaemonSet leaves out Fargate, hybrid, Auto and Windows. */
function ipamdOf(
  facts: FactReader,
  node: NodeFact | undefined,
  agent: PodFact | null,
  limits: Limits | null,
  told: string | null,
): IpamdKnowledge {
  if (agent?.awsNode != null) return readSettings(agent.awsNode, limits, told);
  if (node !== undefined && (node.computeType !== 'ec2' || node.os === 'windows')) return null;
  const daemonSet = facts.ask(awsNodeDaemonSet);
  if (daemonSet !== null) return node === undefined ? 'unknown' : readSettings(daemonSet, limits);
  return facts.isKnown(PODS) ? null : 'unknown';
}

/** Where EC2 shows no ENI at all, ipamd's own list tells on which cards it has some (vpc-cni §4.2). */
function cardsOf(
  settings: Settings,
  cards: readonly number[],
  enis: readonly EniFact[],
  ipamdEnis: IpamdEnisFact | undefined,
): ReadonlySet<number> {
  if (enis.length === 0 && ipamdEnis !== undefined && ipamdEnis.enis.length > 0) {
    return new Set(ipamdEnis.enis.map(({ card }) => card));
  }
  return managedCards(cards.length === 0 ? [0] : cards, enis, settings);
}

export function contextOf(facts: FactReader, name: string): NodeContext {
  const node = facts.get('node', name);
  const instanceId = instanceOfNode(facts, name, node);
  const instance = instanceId === null ? undefined : facts.get('instance', instanceId);
  const instanceType = node?.instanceType ?? instance?.instanceType ?? null;
  const limits = limitsOf(instanceType, instanceType === null ? undefined : facts.get('instanceType', instanceType));
  const byId = [...facts.podsOn(name)].sort(
    ([, a], [, b]) => byCodeUnit(a.namespace, b.namespace) || byCodeUnit(a.name, b.name),
  );
  const pods = byId.map(([, pod]) => pod);
  const computeType = node?.computeType ?? (instanceId === null ? 'other' : 'ec2');
  const enis = enisOf(facts, name, instanceId, pods, computeType === 'fargate' ? (node?.internalIps ?? []) : null);
  const agent = pods.find((pod) => pod.awsNode !== null) ?? null;
  const metrics = facts.get('awsNodeMetrics', name);
  const ipamd = ipamdOf(facts, node, agent, limits, metrics?.version ?? null);
  const settings = ipamd === null || ipamd === 'unknown' ? null : ipamd;
  const cards = [
    ...new Set([
      ...(limits?.cards.map(({ index }) => index) ?? []),
      ...enis
        .filter((eni) => eni.instanceId === instanceId && instanceId !== null)
        .map((eni) => eni.networkCardIndex ?? 0),
    ]),
  ].sort((a, b) => a - b);
  const isListed = facts.isKnown(ENIS) && instanceId !== null && enis.some((eni) => eni.instanceId === instanceId);
  const vpc = instance?.vpc ?? enis.find((eni) => eni.vpc !== null)?.vpc ?? facts.vpc;
  return {
    facts,
    name,
    node,
    instanceId,
    instance,
    instanceType,
    computeType,
    limits,
    pods,
    id: nodeId(name),
    podIds: new Map(byId.map(([id, pod]) => [pod, id])),
    enis,
    isListed,
    ipamd,
    settings,
    agent,
    managedCards: settings === null ? new Set() : cardsOf(settings, cards, enis, facts.get('ipamdEnis', name)),
    cards,
    metrics,
    ipamdEnis: facts.get('ipamdEnis', name),
    vpc,
    book: new AddressBook(enis),
    links: new HostLinks(facts, name, enis, {
      osImage: node?.osImage ?? null,
      instanceType,
      cards: limits?.cards.length ?? null,
    }),
    ec2Answers: facts.isLive(ENIS),
    shared: new Map(),
  };
}

/**
 * EC2 was asked after the pod's addresses and the node's instance were seen, so what it does not list is not there. Asked only
 * where it matters: a node of which something is not settled runs again when EC2 was asked.
 */
export const isSettled = ({ facts, name }: NodeContext, podKey: string): boolean =>
  facts.hasAnsweredSince(ENIS, Math.max(facts.podSeenAt(podKey) ?? 0, facts.nodeSeenAt(name) ?? 0));
