/** What deriving one node needs, gathered once from the facts. */
import type { AwsNodeMetricsFact, EniFact, InstanceFact, IpamdEnisFact, NodeFact, PodFact } from '../../model/facts';
import { nodeId } from '../../model/ids';
import type { ComputeType, Link } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import { ENIS, PODS } from '../facts/source-ids';
import { addressesOf, type Facts } from '../facts/facts';
import { limitsOf, type Limits } from '../limits/instance-types';
import { AddressBook } from './address-book';
import { HostLinks } from './host-links';
import { managedCards, type IpamdKnowledge } from './management';
import { readSettings, type Settings } from './settings';

export interface NodeContext {
  readonly facts: Facts;
  readonly name: string;
  /** Undefined for a ghost, and while nodes cannot be read. */
  readonly node: NodeFact | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
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
  /** When EC2 last listed ENIs, epoch milliseconds; null unless it answers now. */
  readonly ec2AskedAt: number | null;
  /** Links that many interfaces share, by what they say. */
  readonly shared: Map<string, Link>;
  /** Set while deriving: something waits for EC2's next answer. */
  waiting: boolean;
}

function enisOf(
  facts: Facts,
  name: string,
  instanceId: string | null,
  pods: readonly PodFact[],
  fargateIps: readonly string[] | null,
) {
  const ids = new Set<string>(instanceId === null ? [] : facts.enisByInstance.idsOf(instanceId));
  for (const id of [...ids]) for (const branch of facts.branchesByTrunk.idsOf(id)) ids.add(branch);
  for (const pod of pods) {
    for (const entry of pod.podEni ?? []) ids.add(entry.eniId);
    if (fargateIps !== null) for (const ip of addressesOf(pod)) for (const id of facts.enisByIp.idsOf(ip)) ids.add(id);
  }
  for (const ip of fargateIps ?? []) for (const id of facts.enisByIp.idsOf(ip)) ids.add(id);
  const place = (eni: EniFact): number =>
    eni.instanceId === null ? Number.MAX_SAFE_INTEGER : (eni.networkCardIndex ?? 0) * 1000 + (eni.deviceIndex ?? 999);
  return [...facts.enis(ids)]
    .filter((eni) => facts.nodeOfEni(eni) === name)
    .sort((a, b) => place(a) - place(b) || byCodeUnit(a.id, b.id));
}

/** Whether ipamd runs here, and with what settings; the shipped DaemonSet leaves out Fargate, hybrid, Auto and Windows. */
function ipamdOf(
  facts: Facts,
  node: NodeFact | undefined,
  agent: PodFact | null,
  limits: Limits | null,
  told: string | null,
): IpamdKnowledge {
  if (agent?.awsNode != null) return readSettings(agent.awsNode, limits, told);
  if (node !== undefined && (node.computeType !== 'ec2' || node.os === 'windows')) return null;
  const daemonSet = facts.awsNodeDaemonSet();
  if (daemonSet !== null) return node === undefined ? 'unknown' : readSettings(daemonSet, limits);
  return facts.isKnown(PODS) ? null : 'unknown';
}

/** Where EC2 shows no ENI at all, ipamd's own list tells on which cards it has some (vpc-cni.md §4.2). */
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

export function contextOf(facts: Facts, name: string, now: number): NodeContext {
  const node = facts.get('node', name);
  const instanceId = facts.instanceOfNode(name, node);
  const instance = instanceId === null ? undefined : facts.get('instance', instanceId);
  const instanceType = node?.instanceType ?? instance?.instanceType ?? null;
  const limits = limitsOf(instanceType, instanceType === null ? undefined : facts.get('instanceType', instanceType));
  const byId = [...facts.podIdsOn(name)].sort(
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
  const asOf = facts.isLive(ENIS) ? (facts.sources.get(ENIS)?.asOf ?? null) : null;
  const vpc = instance?.vpc ?? enis.find((eni) => eni.vpc !== null)?.vpc ?? facts.vpc;
  return {
    facts,
    name,
    node,
    now,
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
    ec2AskedAt: asOf === null ? null : Date.parse(asOf),
    shared: new Map(),
    waiting: false,
  };
}

/** EC2 was asked after the pod's addresses and the node's instance were seen, so what it does not list is not there. */
export function isSettled(context: NodeContext, podKey: string): boolean {
  if (context.ec2AskedAt === null) return false;
  const { facts, name, ec2AskedAt } = context;
  return [facts.seenAt.get(podKey), facts.nodeSeenAt.get(name)].every((at) => at === undefined || ec2AskedAt >= at);
}
