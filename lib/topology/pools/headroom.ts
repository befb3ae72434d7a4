/** How many more pods of a node get an address, and what limits that; max pods by formula (vpc-cni §8). */
import { PREFIX_SIZE } from '../../model/prefix-size';
import type { NodeLimits, NodeRecord } from '../../model/records';
import type { Limits } from '../limits/instance-types';
import type { Card } from '../enis/cards';
import { arePodsKnown, type NodeContext } from '../context/context';
import type { EniView } from '../enis/view';
import { isPrimaryEni } from '../context/management';
import { endsAtMaxPods, fillsNewEnis, leavesEmptySubnets, type Settings } from '../context/settings';
import { grantOf, inHandOf, podsThatFit, type NodeRoom, type SubnetSupply } from './room';

type Limit = NodeRecord['headroom'];

const UNKNOWN: Limit = { pods: null, limitedBy: 'unknown' };

/** The node's pods that use something. */
export interface Running {
  /** All pods that are not finished, including those on the host network. */
  readonly pods: number;
  /** Those of them with an address of their own. */
  readonly withAddress: number;
}

/** `running`: the node's pods that are not finished. */
export function deriveHeadroom(
  context: NodeContext,
  running: Running,
  views: readonly EniView[],
  cards: readonly Card[],
  supply: SubnetSupply,
  newEniSubnets: readonly string[] | string | null,
): Limit {
  const maxPods = context.node?.maxPods ?? null;
  const left = maxPods === null ? null : Math.max(0, maxPods - running.pods);
  // Pods that were not listed can only make it less.
  const byMaxPods: Limit =
    left === null || (left > 0 && !arePodsKnown(context)) ? UNKNOWN : { pods: left, limitedBy: 'max-pods' };
  const { settings } = context;
  if (settings === null) return withoutIpamd(context, byMaxPods, running, views, supply);
  // With a /80 per ENI, only max pods limits. Without one, no pod gets an address: ipamd assigns the prefix only at startup
  // (vpc-cni §2.2).
  if (settings.config.mode === 'ipv6')
    return hasIpv6Prefix(context, views) ? byMaxPods : { pods: 0, limitedBy: 'slots' };
  if (!context.facts.areNodeEnisKnown()) return UNKNOWN;
  if (!arePodsKnown(context)) return byMaxPods.pods === 0 ? byMaxPods : UNKNOWN;
  const room = roomOfNode(context, settings, views, cards, newEniSubnets);
  const limit =
    isOpen(context, settings) || views.some(({ isUndecided }) => isUndecided)
      ? null
      : podsThatFit(room, byMaxPods, supply);
  if (limit !== null) return { pods: limit.pods, limitedBy: limit.limitedBy };
  // Addresses in hand are available in any case.
  const inHand = settings.config.mode === null ? null : inHandOf(room);
  return byMaxPods.pods !== null && (byMaxPods.pods === 0 || byMaxPods.pods <= (inHand ?? -1)) ? byMaxPods : UNKNOWN;
}

function roomOfNode(
  { limits, node }: NodeContext,
  { config, version, warmIp, minimumIp, warmPrefix, subnetDiscovery }: Settings,
  views: readonly EniView[],
  cards: readonly Card[],
  newEniSubnets: NodeRoom['newEniSubnets'],
): NodeRoom {
  return {
    slots: limits === null ? null : limits.ipv4PerEni - 1,
    perSlot: config.mode === 'prefix' ? PREFIX_SIZE : 1,
    provisions: config.networkResourceProvisioning,
    warmIp,
    minimumIp,
    warmPrefix,
    enough: endsAtMaxPods(version) ? (node?.maxPods ?? null) : null,
    cards: cards.flatMap(({ record: { index, eniSlots }, isManaged }) =>
      isManaged ? [{ index, freeEnis: eniSlots.free }] : [],
    ),
    enis: views.flatMap(({ inPool, eni, record, grows, total, held, slotsUsed, freePrefixes }) =>
      inPool ? [{ card: record.card, subnet: eni.subnet, grows, total, held, slotsUsed, freePrefixes }] : [],
    ),
    newEniSubnets,
    movesOn: leavesEmptySubnets(subnetDiscovery, version),
    fillsNewEnis: fillsNewEnis(version),
  };
}

/** False only if EC2 shows the primary ENI without one. */
function hasIpv6Prefix({ facts }: NodeContext, views: readonly EniView[]): boolean {
  const primary = views.find(({ eni }) => isPrimaryEni(eni));
  return !facts.areNodeEnisKnown() || primary === undefined || primary.eni.ipv6Prefixes.length > 0;
}

/** Whether a setting that determines the node's addresses is not known. */
const isOpen = ({ limits, cards }: NodeContext, { config }: Settings): boolean =>
  limits === null ||
  config.mode === null ||
  config.customNetworking === null ||
  config.networkResourceProvisioning === null ||
  (config.multiNic === null && cards.length > 1);

/**
 * Windows nodes get their addresses from the VPC resource controller, only on the primary ENI (vpc-cni §5.5). Max pods of
 * Auto Mode and Fargate nodes reflects what AWS provides (§5.2, §5.4). How many addresses another IPAM (Cilium's, Calico's)
 * provides is not known.
 */
function withoutIpamd(
  context: NodeContext,
  byMaxPods: Limit,
  running: Running,
  views: readonly EniView[],
  supply: SubnetSupply,
): Limit {
  if (byMaxPods.pods === null || context.ipamd === 'unknown') return UNKNOWN;
  if (context.computeType === 'auto' || context.computeType === 'fargate' || byMaxPods.pods === 0) return byMaxPods;
  if (context.computeType !== 'ec2' || context.node?.os !== 'windows') return UNKNOWN;
  const eni = views.find((view) => isPrimaryEni(view.eni))?.eni;
  if (eni === undefined || !context.facts.areNodeEnisKnown()) return UNKNOWN;
  const perSlot = eni.ipv4Prefixes.length > 0 ? PREFIX_SIZE : 1;
  const addresses =
    context.node.capacity[WINDOWS_ADDRESS] ??
    (context.limits === null ? null : (context.limits.ipv4PerEni - 1) * perSlot);
  if (addresses === null) return UNKNOWN;
  const room = Math.max(0, addresses - running.withAddress);
  const least: Known =
    byMaxPods.pods <= room ? { ...byMaxPods, pods: byMaxPods.pods } : { pods: room, limitedBy: 'slots' };
  const onEni = perSlot === PREFIX_SIZE ? PREFIX_SIZE * eni.ipv4Prefixes.length : eni.secondaryIps.length;
  const inHand = Math.max(0, onEni - running.withAddress);
  const need = Math.max(0, least.pods - inHand);
  if (need === 0 || eni.subnet === null) return least;
  const onEnis = [{ subnet: eni.subnet, slots: Math.ceil(need / perSlot) }];
  const growth = { onEnis, newEnis: [], perNewEni: 0, newIn: [], movesOn: true };
  const granted = grantOf(supply, growth, need, perSlot);
  return granted.isKnown && granted.addresses < need
    ? { pods: inHand + granted.addresses, limitedBy: 'subnet' }
    : least;
}

/** The extended resource of Windows nodes: one for each address that a pod may get. */
const WINDOWS_ADDRESS = 'vpc.amazonaws.com/PrivateIPv4Address';

type Known = Limit & { readonly pods: number };

/** vpc-cni §8: the base formula, capped at 110 or 250 with prefixes, one ENI less under custom networking. */
export function maxPodsByFormula(limits: Limits, settings: Settings | null): number | null {
  const enis = limits.enisPerCard - (settings?.config.customNetworking === true ? 1 : 0);
  const perEni = limits.ipv4PerEni - 1;
  if (settings !== null && (settings.config.mode === null || settings.config.customNetworking === null)) return null;
  const byPrefix = settings !== null && settings.config.mode !== 'secondary-ip';
  if (!byPrefix) return enis * perEni + 2;
  // Exactly 30 vCPUs still yield 110. A type without a size in its name (metal) is a large one.
  const cap = limits.vcpus === null || limits.vcpus > 30 ? 250 : 110;
  return Math.min(cap, enis * perEni * PREFIX_SIZE + 2);
}

/** The limits of a node by its instance type and settings; null if the type is not known, and on Fargate. */
export function nodeLimits(context: NodeContext): NodeLimits | null {
  const { limits } = context;
  if (limits === null || context.computeType === 'fargate') return null;
  // Windows nodes use one ENI and other defaults (§5.5); the formula does not apply.
  const formula = context.node?.os === 'windows' ? null : maxPodsByFormula(limits, context.settings);
  return {
    enisPerCard: limits.enisPerCard,
    ipv4PerEni: limits.ipv4PerEni,
    cards: limits.cards.length,
    maxBranchEnis: limits.maxBranchEnis,
    trunkCompatible: limits.trunkCompatible,
    source: limits.source,
    // Auto Mode uses the smaller of 110 and the usual formula (§5.4).
    maxPodsByFormula: context.computeType === 'auto' && formula !== null ? Math.min(110, formula) : formula,
  };
}
