/** How many more pods of a node get an address, and what stops it (records.md, "headroom"); max pods by formula (vpc-cni.md §8). */
import type { NodeLimits, NodeRecord } from '../../model/records';
import { ENIS, PODS } from '../facts/source-ids';
import { isFinished } from '../facts/finished';
import type { Limits } from '../limits/instance-types';
import type { Card } from './cards';
import type { NodeContext } from './context';
import type { EniView } from './enis';
import { isPrimaryEni } from './management';
import type { Settings } from './settings';
import { isSubnetCandidate } from './subnet-choice';

export interface Headroom {
  readonly value: NodeRecord['headroom'];
  /**
   * The free addresses of these subnets matter only while there are fewer than `need`: so a node is not derived again
   * for every address that another node takes.
   */
  readonly subnets: readonly string[];
  readonly need: number;
}

type Limit = NodeRecord['headroom'];

const UNKNOWN: Limit = { pods: null, limitedBy: 'unknown' };

/** Addresses that the ENIs of a card can still come to hold for pods, beyond those held now. */
function roomOn(context: NodeContext, settings: Settings, views: readonly EniView[], card: Card): number | null {
  const slots = context.limits === null ? null : context.limits.ipv4PerEni - 1;
  const free = card.record.eniSlots.free;
  if (slots === null || free === null) return null;
  const unit = settings.config.mode === 'prefix' ? 16 : 1;
  const pool = views.filter((view) => view.inPool && view.record.card === card.record.index);
  const present = pool.reduce((sum, view) => sum + Math.max(0, slots - view.otherMode) * unit - view.held, 0);
  return Math.max(0, present + free * slots * unit);
}

/** Subnets that the node's next addresses come from: those of its pool, and where a new ENI may be made. */
function subnetsOf(
  context: NodeContext,
  settings: Settings,
  views: readonly EniView[],
  eniConfigSubnet: string | null,
) {
  const ids = new Set(views.flatMap((view) => (view.inPool && view.eni.subnet !== null ? [view.eni.subnet] : [])));
  if (settings.config.customNetworking === true) {
    if (eniConfigSubnet !== null) ids.add(eniConfigSubnet);
    return ids;
  }
  const own = context.enis.find(isPrimaryEni)?.subnet;
  const primary = own == null ? undefined : context.facts.get('subnet', own);
  if (primary === undefined) return ids;
  for (const subnet of context.facts.tables.subnet.values()) {
    if (isSubnetCandidate(subnet, primary, settings)) ids.add(subnet.id);
  }
  return ids;
}

/** Null when one of them does not say. */
export function freeIn(context: Pick<NodeContext, 'facts'>, subnets: Iterable<string>): number | null {
  let sum = 0;
  let any = false;
  for (const id of subnets) {
    const free = context.facts.get('subnet', id)?.availableAddresses ?? null;
    if (free === null) return null;
    sum += free;
    any = true;
  }
  return any ? sum : null;
}

export function deriveHeadroom(
  context: NodeContext,
  views: readonly EniView[],
  cards: readonly Card[],
  eniConfigSubnet: string | null,
): Headroom {
  const maxPods = context.node?.maxPods ?? null;
  const running = context.pods.filter((pod) => !isFinished(pod)).length;
  const byMaxPods: Limit =
    maxPods === null || !context.facts.isKnown(PODS)
      ? UNKNOWN
      : { pods: Math.max(0, maxPods - running), limitedBy: 'max-pods' };
  const { settings } = context;
  // Without ipamd, and with a /80 per ENI, only max pods counts.
  if (settings === null || settings.config.mode === 'ipv6') {
    return { value: context.ipamd === 'unknown' ? UNKNOWN : byMaxPods, subnets: [], need: 0 };
  }
  if (!context.facts.isKnown(ENIS) || !context.facts.isKnown(PODS)) return { value: UNKNOWN, subnets: [], need: 0 };

  const managed = cards.filter(({ isManaged }) => isManaged);
  const rooms = managed.map((card) => roomOn(context, settings, views, card));
  // A pod that finds no address on card 0 gets one of the next card (vpc-cni.md §3), so all cards add up.
  const room =
    rooms.some((one) => one === null) || rooms.length === 0 ? null : rooms.reduce<number>((a, b) => a + (b ?? 0), 0);
  const bySlots: Limit = room === null ? UNKNOWN : { pods: room, limitedBy: managed.length > 1 ? 'cards' : 'slots' };
  const limits = [byMaxPods, bySlots].filter((limit): limit is Limit & { pods: number } => limit.pods !== null);
  const least = limits.reduce<(Limit & { pods: number }) | null>(
    (a, b) => (a === null || b.pods < a.pods ? b : a),
    null,
  );
  if (least === null || room === null) return { value: UNKNOWN, subnets: [], need: 0 };

  const inHand = views.reduce((sum, view) => sum + (view.inPool ? view.total - view.held : 0), 0);
  const subnets = [...subnetsOf(context, settings, views, eniConfigSubnet)].sort();
  const need = Math.max(0, least.pods - inHand);
  const free = freeIn(context, subnets);
  if (free === null || need === 0) return { value: least, subnets, need };
  // A prefix takes sixteen addresses of the subnet, a pod one.
  const grantable = settings.config.mode === 'prefix' ? Math.floor(free / 16) * 16 : free;
  return grantable < need
    ? { value: { pods: inHand + grantable, limitedBy: 'subnet' }, subnets, need: need + 16 }
    : { value: least, subnets, need: need + 16 };
}

/** vpc-cni.md §8: the base formula, prefixes capped at 110 or 250, one ENI less under custom networking. */
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
  const formula = maxPodsByFormula(limits, context.settings);
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
