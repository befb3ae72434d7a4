/**
 * One node with its ENIs, cards, links and pools, derived from facts and the records of its pods; and its contribution to
 * networks and subnets.
 */
import { cloudOf } from '../../model/provider-id';
import { ENIS, NODES } from '../../model/source-ids';
import { POD_ENI } from '../../model/pod-eni';
import type { AwsNodeMetricsFact, EniFact } from '../../model/facts';
import { CLUSTER_NETWORK, nameOf } from '../../model/ids';
import type { NodeMetrics, NodeRecord, PodRecord } from '../../model/records';
import { multusInstalledAt } from '../facts/cluster';
import type { Contribution } from '../facts/contributions';
import type { FactReader } from '../facts/reader';
import { areBranchesListed } from '../facts/owners';
import { isFinished } from '../facts/parts';
import { deriveAttachments } from '../links/attachments';
import { deriveCards, sumSlots } from '../enis/cards';
import { arePodsKnown, contextOf, type NodeContext } from '../context/context';
import { fillsNewEnis, leavesEmptySubnets } from '../context/settings';
import { coolingOf } from '../enis/cooling';
import { deriveEnis } from '../enis/enis';
import { ipamdEnisOf, strayEnisOf } from '../enis/ipamd-list';
import type { EniView } from '../enis/view';
import { cniConfigOf } from './cni-config';
import { deriveCniNode, deriveEniConfig, eniConfigProblems, eniConfigSource } from './eni-config';
import { deriveHeadroom, nodeLimits } from '../pools/headroom';
import { deriveHostNics } from '../links/host-nics';
import type { Derived } from '../links/interfaces';
import { nodeSignals } from '../shared/signals';
import { NOTHING, type Derivation } from '../shared/derivation';
import { backOffOf } from '../pools/stops';
import { derivePools } from '../pools/pools';
import { subnetsForNewEni } from '../enis/subnet-choice';
import { Supply } from '../pools/supply';

const NO_CONDITIONS: NodeRecord['networkConditions'] = [];

const agentTroubleOf = (agent: NodeContext['agent']): string | null =>
  agent?.agentState?.trouble ?? (agent?.deleting === true ? 'its pod is being deleted, and has not ended' : null);

/** How the node's ipamd grows. */
const growthOf = (context: NodeContext) => ({
  movesOn: leavesEmptySubnets(context.settings?.subnetDiscovery ?? null, context.settings?.version ?? null),
  fillsNewEnis: fillsNewEnis(context.settings?.version ?? null),
  backsOff: backOffOf(context),
});

/** A CNINode outlives its node until the resource controller has removed its finalizer: on its own it is no node. */
const isLeftover = ({ facts, node, enis }: NodeContext, pods: readonly unknown[]): boolean =>
  node === undefined && pods.length === 0 && enis.length === 0 && facts.isLive(NODES);

/** Derives a node that exists, that a pod names, or that a CNINode refers to. */
export function deriveNode(facts: FactReader, name: string): Derivation {
  const context = contextOf(facts, name);
  const pods = facts.podsOn(name);
  if (isLeftover(context, pods)) return NOTHING;
  const running = pods.filter(({ pod }) => !isFinished(pod));
  const derived = pods.flatMap(({ pod, interfaces }) => interfaces.map((record): Derived => ({ record, pod })));
  const cooling = coolingOf(context);
  const views = deriveEnis(context, derived, cooling);
  const cards = deriveCards(context, views);
  const eniConfig = deriveEniConfig(context);
  const supply = new Supply(facts);
  const newEniSubnets =
    context.settings === null ? null : subnetsForNewEni(facts, context.enis, context.settings, eniConfig);
  const pools = derivePools(
    context,
    views,
    derived,
    cooling,
    { supply, newEniSubnets, ...growthOf(context) },
    (card) => cards.find(({ record }) => record.index === card)?.record.eniSlots,
  );
  const headroom = deriveHeadroom(
    context,
    { pods: running.length, withAddress: running.filter(({ pod }) => !pod.hostNetwork).length },
    views,
    cards,
    supply,
    newEniSubnets,
  );
  const { node, multus } = context;
  const metrics = facts.get('awsNodeMetrics', name);
  const record: NodeRecord = {
    id: context.id,
    name,
    instanceId: context.instanceId,
    cloud: cloudOf(node?.providerId ?? null),
    instanceType: context.instanceType,
    instanceState: context.instance?.state ?? null,
    zone: node?.zone ?? context.instance?.zone ?? null,
    computeType: context.computeType,
    osImage: node?.osImage ?? null,
    os: node?.os ?? null,
    internalIps: node?.internalIps ?? [],
    podCidrs: node?.podCidrs ?? [],
    labels: node?.labels ?? {},
    createdAt: node?.createdAt ?? null,
    deleting: node?.deleting ?? false,
    gone: node === undefined && facts.isLive(NODES),
    ready: node?.ready ?? null,
    networkConditions: node?.networkConditions ?? NO_CONDITIONS,
    unschedulable: node?.unschedulable ?? false,
    taints: node?.taints ?? [],
    maxPods: node?.maxPods ?? null,
    podCount: arePodsKnown(context) ? running.length : null,
    hostNetworkPods: running.filter(({ pod }) => pod.hostNetwork).length,
    allocatable: node?.allocatable ?? {},
    cni: cniConfigOf(context),
    ipamd: ipamdOf(context, metrics),
    multus:
      multus?.multus == null
        ? null
        : {
            ready: multus.ready,
            version: multus.multus.version,
            startedAt: multus.startedAt,
            installedAt: facts.ask(multusInstalledAt),
          },
    devicePools: context.devices.pools,
    metrics: metricsOf(metrics),
    eniConfig,
    eniConfigSource: eniConfigSource(context),
    eniConfigProblems: eniConfigProblems(context, eniConfig),
    cniNode: deriveCniNode(context),
    branch: branchOf(context),
    eniSlots: sumSlots(cards),
    pools,
    strayEnis: strayEnisOf(context),
    ipamdEnis: ipamdEnisOf(context, derived),
    agentTrouble: agentTroubleOf(context.agent),
    prefixCapable: context.limits?.prefixes ?? null,
    newEniSubnets: typeof newEniSubnets === 'string' ? [] : newEniSubnets,
    headroom,
    limits: nodeLimits(context),
    problems: problemsOf(context),
  };
  return {
    records: {
      nodes: [record],
      networkCards: cards.map((card) => card.record),
      hostNics: deriveHostNics(context, derived),
      enis: views.map((view) => view.record),
      attachments: deriveAttachments(context, derived),
      signals: nodeSignals(facts, context.id, name),
    },
    contribution: contributionOf(context, views, derived),
  };
}

const NO_PROBLEMS: NodeRecord['problems'] = [];

function problemsOf({ node, instanceId, instanceBy }: NodeContext): NodeRecord['problems'] {
  const { problems = NO_PROBLEMS } = node ?? {};
  return instanceBy === null
    ? problems
    : [
        ...problems,
        `spec.providerID names no instance: ${instanceId ?? ''} is taken for it, because EC2 shows ${instanceBy} there`,
      ];
}

function ipamdOf({ agent }: NodeContext, metrics: AwsNodeMetricsFact | undefined): NodeRecord['ipamd'] {
  if (agent?.awsNode == null) return null;
  return { ready: agent.agentState?.ready ?? agent.ready, version: metrics?.version ?? agent.awsNode.version };
}

function metricsOf(metrics: AwsNodeMetricsFact | undefined): NodeMetrics | null {
  if (metrics === undefined) return null;
  const value = (name: string): number | null => metrics.values[name] ?? null;
  return {
    asOf: metrics.readAt,
    eniMax: value('awscni_eni_max'),
    eniAllocated: value('awscni_eni_allocated'),
    ipMax: value('awscni_ip_max'),
    totalAddresses: value('awscni_total_ip_addresses'),
    assignedAddresses: value('awscni_assigned_ip_addresses'),
    totalPrefixes: value('awscni_total_ipv4_prefixes'),
    forceRemovedAddresses: value('awscni_force_removed_ips'),
    refusedCalls: refusedCalls(metrics),
    apiErrors: metrics.apiErrors,
  };
}

/** EC2's error codes for calls that the IAM role does not allow. */
const REFUSED = /\/(UnauthorizedOperation|AccessDenied\w*)$/;

/** Null if the series does not exist: aws-node creates it with its first failed call. */
function refusedCalls({ apiErrors }: AwsNodeMetricsFact): number | null {
  let sum: number | null = null;
  for (const [call, count] of Object.entries(apiErrors)) sum = (sum ?? 0) + (REFUSED.test(call) ? count : 0);
  return sum;
}

/** Branch ENIs: how many the resource controller allows, and how many it has created (vpc-cni §6). */
function branchOf(context: NodeContext): NodeRecord['branch'] {
  const branches = context.enis.filter((eni) => eni.interfaceType === 'branch').length;
  const hasTrunk = context.enis.some((eni) => eni.interfaceType === 'trunk');
  const capacity = context.node?.capacity[POD_ENI] ?? null;
  if (context.settings?.config.podEni !== true && !hasTrunk && branches === 0 && capacity === null) return null;
  return {
    limit: capacity ?? context.limits?.maxBranchEnis ?? null,
    used: context.facts.isKnown(ENIS) && areBranchesListed(context.facts, context.name) ? branches : null,
  };
}

/** Number of addresses that an ENI takes from its subnet. */
export const addressesHeld = (eni: EniFact): number =>
  (eni.primaryIp === null ? 0 : 1) +
  eni.secondaryIps.length +
  eni.ipv4Prefixes.reduce(
    (sum, prefix) => sum + 2 ** Math.max(0, 32 - Number(prefix.slice(prefix.indexOf('/') + 1))),
    0,
  );

function contributionOf(context: NodeContext, views: readonly EniView[], derived: readonly Derived[]): Contribution {
  const networks = new Map<string, { pods: Set<PodRecord>; addresses: number }>();
  for (const { record, pod } of derived) {
    let entry = networks.get(record.network);
    if (entry === undefined) networks.set(record.network, (entry = { pods: new Set(), addresses: 0 }));
    entry.pods.add(pod);
    // Some plugins report the unspecified address for no address.
    entry.addresses += record.ips.filter((ip) => ip !== '0.0.0.0' && ip !== '::').length;
  }
  const subnets = new Map<string, number>();
  for (const { eni } of views) {
    if (eni.subnet !== null) subnets.set(eni.subnet, (subnets.get(eni.subnet) ?? 0) + addressesHeld(eni));
  }
  return {
    networks: new Map(
      [...networks].map(([network, { pods, addresses }]) => [
        network === CLUSTER_NETWORK ? '' : nameOf(network),
        { pods: pods.size, addresses },
      ]),
    ),
    subnets,
    vpcCni: context.settings !== null,
  };
}
