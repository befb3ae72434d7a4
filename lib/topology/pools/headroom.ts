/** How many more pods of a node get an address, and what stops it; max pods by formula (vpc-cni §8). */
import { ENIS, PODS } from '../../model/source-ids';
import type { NodeLimits, NodeRecord } from '../../model/records';
import type { Limits } from '../limits/instance-types';
import type { Card } from '../enis/cards';
import type { NodeContext } from '../context/context';
import type { EniView } from '../enis/view';
import { isPrimaryEni } from '../context/management';
import type { Settings } from '../context/settings';
import type { Supply } from './supply';

type Limit = NodeRecord['headroom'];

const UNKNOWN: Limit = { pods: null, limitedBy: 'unknown' };

/** Addresses for pods, beyond those held now. */
interface CardRoom {
  /** That the ENIs of the card can still come to have. */
  readonly slots: number;
  /** That ipamd would still ask for: at most as many; null where the targets are not known. */
  readonly asked: number | null;
  /** That ipamd has in hand. */
  readonly inHand: number;
}

/**
 * How many addresses ipamd comes to have on a card when pods take every one. MINIMUM_IP_TARGET without WARM_IP_TARGET is
 * reached once; then nothing is ever short again (vpc-cni §2.4, rule 1). All other targets want a free address again.
 */
function mostUnder({ minimumIp, warmIp, config }: Settings, card: number, total: number): number | null {
  if (card > 0 || minimumIp === 0 || (warmIp !== null && warmIp !== 0)) return Infinity;
  if (warmIp === null || minimumIp === null) return null;
  const unit = config.mode === 'prefix' ? 16 : 1;
  return Math.max(total, total + Math.ceil((minimumIp - total) / unit) * unit);
}

/** Null when not known. */
function roomOn(context: NodeContext, settings: Settings, views: readonly EniView[], card: Card): CardRoom | null {
  const slots = context.limits === null ? null : context.limits.ipv4PerEni - 1;
  const free = card.record.eniSlots.free;
  if (slots === null || free === null) return null;
  const unit = settings.config.mode === 'prefix' ? 16 : 1;
  const pool = views.filter((view) => view.inPool && view.record.card === card.record.index);
  // Who may not write to EC2 never gets more than is there (vpc-cni §9).
  const total = pool.reduce((sum, view) => sum + view.total, 0);
  const held = pool.reduce((sum, view) => sum + view.held, 0);
  const inHand = Math.max(0, total - held);
  if (settings.config.networkResourceProvisioning === false) return { slots: inHand, asked: inHand, inHand };
  const empty = pool.reduce((sum, view) => sum + (view.grows ? Math.max(0, slots - view.slotsUsed) : 0), 0);
  const room = Math.max(0, total - held + (empty + free * slots) * unit);
  const most = mostUnder(settings, card.record.index, total);
  return { slots: room, asked: most === null ? null : Math.max(0, Math.min(room, most - held)), inHand };
}

function sumOfRooms(rooms: readonly (CardRoom | null)[], of: keyof CardRoom): number | null {
  const values = rooms.map((room) => room?.[of] ?? null);
  return values.length === 0 || values.includes(null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Slots that are still empty: on ENIs that are there, and on those that may be attached, which take an address for themselves. */
interface EmptySlots {
  readonly onEnis: number;
  readonly newEnis: number;
  readonly perNewEni: number;
}

/** Null when a subnet does not say. */
function sumOf(subnets: readonly string[], of: (subnet: string) => number | null): number | null {
  const values = subnets.map(of);
  return values.includes(null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Addresses for pods that the subnets still give a node, at least when fewer than `need`; null when a subnet does not say. */
function takable(supply: Supply, subnets: readonly string[], need: number, empty: EmptySlots, perSlot: number) {
  const wanted = Math.ceil(need / perSlot);
  const addresses = sumOf(subnets, (id) => supply.addresses(id, wanted * perSlot + empty.newEnis));
  if (addresses === null || subnets.length === 0) return null;
  const blocks = perSlot === 1 ? null : sumOf(subnets, (id) => supply.blocks(id, wanted));
  let left = addresses;
  let units = 0;
  const fill = (slots: number): void => {
    const some = Math.min(slots, Math.floor(left / perSlot), blocks === null ? Infinity : blocks - units);
    units += some;
    left -= some * perSlot;
  };
  fill(empty.onEnis);
  for (let eni = 0; eni < empty.newEnis && units < wanted && left > 0; eni++) {
    left -= 1;
    fill(empty.perNewEni);
  }
  return units * perSlot;
}

/** The nodes' pods, as far as they take something. */
export interface Running {
  /** Not finished, those on the host network among them. */
  readonly pods: number;
  /** Of these, with an address of their own. */
  readonly withAddress: number;
}

/** `running`: the node's pods that are not finished. */
export function deriveHeadroom(
  context: NodeContext,
  running: Running,
  views: readonly EniView[],
  cards: readonly Card[],
  supply: Supply,
  newEniSubnets: readonly string[] | string | null,
): Limit {
  const maxPods = context.node?.maxPods ?? null;
  const byMaxPods: Limit =
    maxPods === null || !context.facts.isKnown(PODS)
      ? UNKNOWN
      : { pods: Math.max(0, maxPods - running.pods), limitedBy: 'max-pods' };
  const { settings } = context;
  if (settings === null) return withoutIpamd(context, byMaxPods, running, views, supply);
  // With a /80 per ENI only max pods counts. Without one nobody gets an address: ipamd assigns it only when it starts (vpc-cni §2.2).
  if (settings.config.mode === 'ipv6')
    return hasIpv6Prefix(context, views) ? byMaxPods : { pods: 0, limitedBy: 'slots' };
  if (!context.facts.isKnown(ENIS) || !context.facts.isKnown(PODS)) return UNKNOWN;
  const rooms = cards.filter(({ isManaged }) => isManaged).map((card) => roomOn(context, settings, views, card));
  const least = leastOf(byMaxPods, rooms);
  if (least === null || isOpen(context, settings)) {
    // What is in hand is there in any case.
    const inHand = settings.config.mode === null ? null : sumOfRooms(rooms, 'inHand');
    return byMaxPods.pods !== null && (byMaxPods.pods === 0 || byMaxPods.pods <= (inHand ?? -1)) ? byMaxPods : UNKNOWN;
  }
  return bySubnets(context, settings, least, views, cards, supply, newEniSubnets);
}

/** False only where EC2 shows the primary ENI without one. */
function hasIpv6Prefix({ facts }: NodeContext, views: readonly EniView[]): boolean {
  const primary = views.find(({ eni }) => isPrimaryEni(eni));
  return !facts.isKnown(ENIS) || primary === undefined || primary.eni.ipv6Prefixes.length > 0;
}

/** A setting that decides how many addresses the node can come to have is not known. */
const isOpen = ({ limits, cards }: NodeContext, { config }: Settings): boolean =>
  limits === null ||
  config.mode === null ||
  config.customNetworking === null ||
  config.networkResourceProvisioning === null ||
  (config.multiNic === null && cards.length > 1);

/**
 * Windows nodes get their addresses from the VPC resource controller, on the primary ENI alone (vpc-cni §5.5). Auto Mode's and Fargate's
 * max pods counts what AWS gives them (§5.2, §5.4). How many addresses any other IPAM gives (Cilium's, Calico's) is not known.
 */
function withoutIpamd(
  context: NodeContext,
  byMaxPods: Limit,
  running: Running,
  views: readonly EniView[],
  supply: Supply,
): Limit {
  if (byMaxPods.pods === null || context.ipamd === 'unknown') return UNKNOWN;
  if (context.computeType === 'auto' || context.computeType === 'fargate' || byMaxPods.pods === 0) return byMaxPods;
  if (context.computeType !== 'ec2' || context.node?.os !== 'windows') return UNKNOWN;
  const eni = views.find((view) => isPrimaryEni(view.eni))?.eni;
  if (eni === undefined || !context.facts.isKnown(ENIS)) return UNKNOWN;
  const perSlot = eni.ipv4Prefixes.length > 0 ? 16 : 1;
  const addresses =
    context.node.capacity[WINDOWS_ADDRESS] ??
    (context.limits === null ? null : (context.limits.ipv4PerEni - 1) * perSlot);
  if (addresses === null) return UNKNOWN;
  const room = Math.max(0, addresses - running.withAddress);
  const least: Known =
    byMaxPods.pods <= room ? { ...byMaxPods, pods: byMaxPods.pods } : { pods: room, limitedBy: 'slots' };
  const onEni = perSlot === 16 ? 16 * eni.ipv4Prefixes.length : eni.secondaryIps.length;
  const inHand = Math.max(0, onEni - running.withAddress);
  const need = Math.max(0, least.pods - inHand);
  if (need === 0 || eni.subnet === null) return least;
  const empty: EmptySlots = { onEnis: Math.ceil(need / perSlot), newEnis: 0, perNewEni: 0 };
  const granted = takable(supply, [eni.subnet], need, empty, perSlot);
  return granted !== null && granted < need ? { pods: inHand + granted, limitedBy: 'subnet' } : least;
}

/** What a Windows node offers the scheduler, one for each address that a pod may get. */
const WINDOWS_ADDRESS = 'vpc.amazonaws.com/PrivateIPv4Address';

type Known = Limit & { readonly pods: number };

/** The tightest of max pods, slots and targets; null where it is not known. A pod that finds no address on card 0 gets one of the next (§3). */
function leastOf(byMaxPods: Limit, rooms: readonly (CardRoom | null)[]): Known | null {
  const room = sumOfRooms(rooms, 'slots');
  const asked = sumOfRooms(rooms, 'asked');
  if (room === null || asked === null) return null;
  const limits: Limit[] = [
    byMaxPods,
    { pods: room, limitedBy: rooms.length > 1 ? 'cards' : 'slots' },
    { pods: asked, limitedBy: 'targets' },
  ];
  // Of equal limits the first is named: targets limit only where they ask for less than there is.
  return limits
    .filter((limit): limit is Known => limit.pods !== null)
    .reduce<Known | null>((a, b) => (a === null || b.pods < a.pods ? b : a), null);
}

/** The tightest limit so far, or what the subnets still give. */
function bySubnets(
  context: NodeContext,
  settings: Settings,
  least: Known,
  views: readonly EniView[],
  cards: readonly Card[],
  supply: Supply,
  newEniSubnets: readonly string[] | string | null,
): Limit {
  const pool = views.filter(({ inPool }) => inPool);
  const inHand = pool.reduce((sum, view) => sum + view.total - view.held, 0);
  const need = Math.max(0, least.pods - inHand);
  if (need === 0 || context.limits === null) return least;
  const slots = context.limits.ipv4PerEni - 1;
  const empty: EmptySlots = {
    onEnis: pool.reduce((sum, view) => sum + (view.grows ? Math.max(0, slots - view.slotsUsed) : 0), 0),
    newEnis: cards.reduce((sum, { record, isManaged }) => sum + (isManaged ? (record.eniSlots.free ?? 0) : 0), 0),
    perNewEni: slots,
  };
  const subnets = new Set(pool.flatMap(({ eni, grows }) => (grows ? (eni.subnet ?? []) : [])));
  if (typeof newEniSubnets !== 'string') for (const id of newEniSubnets ?? []) subnets.add(id);
  const granted = takable(supply, [...subnets].sort(), need, empty, settings.config.mode === 'prefix' ? 16 : 1);
  return granted !== null && granted < need ? { pods: inHand + granted, limitedBy: 'subnet' } : least;
}

/** vpc-cni §8: the base formula, prefixes capped at 110 or 250, one ENI less under custom networking. */
export function maxPodsByFormula(limits: Limits, settings: Settings | null): number | null {
  const enis = limits.enisPerCard - (settings?.config.customNetworking === true ? 1 : 0);
  const perEni = limits.ipv4PerEni - 1;
  if (settings !== null && (settings.config.mode === null || settings.config.customNetworking === null)) return null;
  const byPrefix = settings !== null && settings.config.mode !== 'secondary-ip';
  if (!byPrefix) return enis * perEni + 2;
  // Exactly 30 vCPUs still give 110. A type whose size says nothing (metal) is a large one.
  const cap = limits.vcpus === null || limits.vcpus > 30 ? 250 : 110;
  return Math.min(cap, enis * perEni * 16 + 2);
}

export function nodeLimits(context: NodeContext): NodeLimits | null {
  const { limits } = context;
  if (limits === null || context.computeType === 'fargate') return null;
  // Windows nodes use one ENI and other defaults (§5.5); the formula says nothing of them.
  const formula = context.node?.os === 'windows' ? null : maxPodsByFormula(limits, context.settings);
  return {
    enisPerCard: limits.enisPerCard,
    ipv4PerEni: limits.ipv4PerEni,
    cards: limits.cards.length,
    maxBranchEnis: limits.maxBranchEnis,
    trunkCompatible: limits.trunkCompatible,
    source: limits.source,
    // Auto Mode takes the smaller of 110 and the usual formula (§5.4).
    maxPodsByFormula: context.computeType === 'auto' && formula !== null ? Math.min(110, formula) : formula,
  };
}
