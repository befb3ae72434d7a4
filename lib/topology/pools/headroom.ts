/** How many more pods of a node get an address, and what stops it; max pods by formula (vpc-cni §8). */
import { ENIS, PODS } from '../../model/source-ids';
import type { NodeLimits, NodeRecord } from '../../model/records';
import type { Limits } from '../limits/instance-types';
import type { Card } from '../enis/cards';
import type { NodeContext } from '../context/context';
import type { EniView } from '../enis/enis';
import type { Settings } from '../context/settings';
import type { Supply } from './supply';

type Limit = NodeRecord['headroom'];

const UNKNOWN: Limit = { pods: null, limitedBy: 'unknown' };

/** Addresses for pods, beyond those held now. */
interface CardRoom {
  /** That the ENIs of the card can still come to have. */
  readonly slots: number;
  /** That ipamd would still ask for: at most as many. */
  readonly asked: number;
}

/**
 * How many addresses ipamd comes to have on a card when pods take every one. MINIMUM_IP_TARGET without WARM_IP_TARGET is
 * reached once; then nothing is ever short again (vpc-cni §2.4, rule 1). All other targets want a free address again.
 */
function mostUnder({ minimumIp, warmIp, config }: Settings, card: number, total: number): number {
  if (card > 0 || warmIp !== 0 || minimumIp === 0) return Infinity;
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
  if (settings.config.networkResourceProvisioning === false) return { slots: total - held, asked: total - held };
  const present = pool.reduce((sum, view) => sum + Math.max(0, slots - view.otherMode) * unit, 0);
  const room = Math.max(0, present - held + free * slots * unit);
  return { slots: room, asked: Math.max(0, Math.min(room, mostUnder(settings, card.record.index, total) - held)) };
}

const sumOfRooms = (rooms: readonly (CardRoom | null)[], of: keyof CardRoom): number | null =>
  rooms.length === 0 || rooms.includes(null) ? null : rooms.reduce((sum, room) => sum + (room?.[of] ?? 0), 0);

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

/** `running`: the node's pods that are not finished. */
export function deriveHeadroom(
  context: NodeContext,
  running: number,
  views: readonly EniView[],
  cards: readonly Card[],
  supply: Supply,
  newEniSubnets: readonly string[] | string | null,
): Limit {
  const maxPods = context.node?.maxPods ?? null;
  const byMaxPods: Limit =
    maxPods === null || !context.facts.isKnown(PODS)
      ? UNKNOWN
      : { pods: Math.max(0, maxPods - running), limitedBy: 'max-pods' };
  const { settings } = context;
  // Without ipamd, and with a /80 per ENI, only max pods counts.
  if (settings === null || settings.config.mode === 'ipv6') return context.ipamd === 'unknown' ? UNKNOWN : byMaxPods;
  if (!context.facts.isKnown(ENIS) || !context.facts.isKnown(PODS)) return UNKNOWN;

  const managed = cards.filter(({ isManaged }) => isManaged);
  const rooms = managed.map((card) => roomOn(context, settings, views, card));
  // A pod that finds no address on card 0 gets one of the next card (vpc-cni §3), so all cards add up.
  const room = sumOfRooms(rooms, 'slots');
  const asked = sumOfRooms(rooms, 'asked');
  const bySlots: Limit = room === null ? UNKNOWN : { pods: room, limitedBy: managed.length > 1 ? 'cards' : 'slots' };
  const byTargets: Limit = asked === null ? UNKNOWN : { pods: asked, limitedBy: 'targets' };
  // Of equal limits the first is named: targets limit only where they ask for less than there is.
  const limits = [byMaxPods, bySlots, byTargets].filter(
    (limit): limit is Limit & { pods: number } => limit.pods !== null,
  );
  const least = limits.reduce<(Limit & { pods: number }) | null>(
    (a, b) => (a === null || b.pods < a.pods ? b : a),
    null,
  );
  if (least === null || room === null || context.limits === null) return UNKNOWN;

  const pool = views.filter(({ inPool }) => inPool);
  const inHand = pool.reduce((sum, view) => sum + view.total - view.held, 0);
  const need = Math.max(0, least.pods - inHand);
  if (need === 0) return least;
  const slots = context.limits.ipv4PerEni - 1;
  const empty: EmptySlots = {
    onEnis: pool.reduce((sum, view) => sum + Math.max(0, slots - view.slotsUsed), 0),
    newEnis: managed.reduce((sum, { record }) => sum + (record.eniSlots.free ?? 0), 0),
    perNewEni: slots,
  };
  const subnets = new Set(pool.flatMap(({ eni }) => eni.subnet ?? []));
  if (typeof newEniSubnets !== 'string') for (const id of newEniSubnets ?? []) subnets.add(id);
  const granted = takable(supply, [...subnets].sort(), need, empty, settings.config.mode === 'prefix' ? 16 : 1);
  return granted !== null && granted < need ? { pods: inHand + granted, limitedBy: 'subnet' } : least;
}

/** vpc-cni §8: the base formula, prefixes capped at 110 or 250, one ENI less under custom networking. */
export function maxPodsByFormula(limits: Limits, settings: Settings | null): number | null {
  const enis = limits.enisPerCard - (settings?.config.customNetworking === true ? 1 : 0);
  const perEni = limits.ipv4PerEni - 1;
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
