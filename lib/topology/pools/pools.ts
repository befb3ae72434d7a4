/** The warm pools of a node, one per managed card. None in IPv6 mode or without ipamd. */
import type { IpamdEnisFact } from '../../model/facts';
import { parseCidr } from '../../model/ip';
import type { Pool } from '../../model/records';
import { arePodsKnown, type NodeContext } from '../context/context';
import { endsAtMaxPods, type Settings } from '../context/settings';
import type { Cooling } from '../enis/cooling';
import { checkpointOf } from '../enis/checkpoint';
import { unrecordedByCard } from '../enis/holders';
import { listedElsewhere } from '../enis/ipamd-list';
import type { EniView } from '../enis/view';
import type { Derived } from '../links/interfaces';
import { nextAction, type PoolEni, type Room } from './next';
import { settledAt, stoppedBecause } from './stops';
import { decidingTargets, poolState, type PoolNumbers } from './state';
import type { CardSlots } from '../enis/cards';

/** The warm pools of a node, one per card that ipamd manages. */
export function derivePools(
  context: NodeContext,
  views: readonly EniView[],
  derived: readonly Derived[],
  cooling: Cooling,
  outlook: Pick<Room, 'supply' | 'newEniSubnets' | 'movesOn' | 'fillsNewEnis' | 'backsOff'>,
  slotsOf: (card: number) => CardSlots | undefined,
): readonly Pool[] {
  const { settings } = context;
  if (settings === null || settings.config.mode === 'ipv6') return [];
  const { mode } = settings.config;
  const unrecorded = unrecordedByCard(derived);
  const room = {
    ...outlook,
    stopped: stoppedBecause(context),
    isSettled: ({ eni }: PoolEni) => context.facts.isPast(settledAt(context, eni) ?? 0),
  };
  return [...context.managedCards]
    .sort((a, b) => a - b)
    .map((card) => {
      const on = views.filter((view) => view.record.card === card);
      // Whether single addresses or prefixes count, or those of the primary ENI, is not known.
      if (mode === null || (mode === 'prefix' && settings.config.customNetworking === null)) return unknownPool(card);
      return derivePool(context, settings, mode, card, on, unrecorded.get(card) ?? 0, cooling, {
        ...room,
        views: on,
        freeEnis: slotsOf(card)?.free ?? null,
      });
    });
}

function derivePool(
  context: NodeContext,
  settings: Settings,
  mode: 'secondary-ip' | 'prefix',
  card: number,
  views: readonly EniView[],
  unrecorded: number,
  cooling: Cooling,
  room: Room,
): Pool {
  // If it is unknown whether an ENI is in the pool, the pool's size is unknown.
  if (!context.isListed || views.some(({ isUndecided }) => isUndecided))
    return fromAgent(context, settings, mode, card);
  const sum = (of: (view: EniView) => number): number => views.reduce((total, view) => total + of(view), 0);
  // ipamd assigns the addresses in its datastore, including those on an ENI that is no longer attached (vpc-cni §4.2).
  const elsewhere = countOf(
    listedElsewhere(context).filter((eni) => eni.card === card && !eni.excluded),
    mode,
  );
  const total = sum((view) => view.total) + elsewhere.total;
  if (!arePodsKnown(context)) return { ...unknownPool(card), total };
  const { assigned, certainty } = assignedOn(views, unrecorded, total, elsewhere.assigned);
  const numbers: PoolNumbers = {
    total,
    available: total - assigned,
    slots: context.limits === null ? null : context.limits.ipv4PerEni - 1,
    freePrefixes: sum((view) => view.freePrefixes) + elsewhere.prefixes.free,
    prefixes: sum((view) => view.prefixes) + elsewhere.prefixes.all,
    maxPods: endsAtMaxPods(settings.version) ? (context.node?.maxPods ?? null) : null,
    mode,
    card,
  };
  const targets = decidingTargets(settings, numbers);
  const unnamed = cooling.unnamed.get(card) ?? 0;
  // An unrecorded address that was released may be gone with its ENI.
  const cools = cooling.isKnown()
    ? Math.min(sum((view) => view.cooling) + unnamed, Math.max(0, numbers.available))
    : null;
  const knownAt = cools === null ? cooling.knownAt() : null;
  const counted = {
    card,
    total,
    assigned,
    available: numbers.available,
    cooling: cools,
    coolingKnownAt: knownAt === null ? null : new Date(knownAt).toISOString(),
    warm: cools === null ? null : Math.max(0, numbers.available - cools),
    certainty,
  };
  if (targets === null) {
    // Rule 0 applies whatever the targets are.
    const isEnough = numbers.maxPods !== null && total >= numbers.maxPods;
    return { ...unknownPool(card), ...counted, low: isEnough ? false : null };
  }
  const state = poolState(numbers, targets);
  return {
    ...counted,
    target: state.target,
    short: state.low === null ? null : state.short,
    over: state.over,
    low: state.low,
    high: state.high,
    next:
      settings.config.customNetworking === null || settings.config.networkResourceProvisioning === null
        ? null
        : nextAction(numbers, targets, state, room),
  };
}

/**
 * Number of addresses that ipamd has assigned: by its own list or metrics if they show it, else those that live pods hold.
 * Kubernetes reports all of them except the further interfaces of multi-NIC pods, which count as one address each.
 */
function assignedOn(
  views: readonly EniView[],
  unrecorded: number,
  total: number,
  elsewhere: number,
): { readonly assigned: number; readonly certainty: Pool['certainty'] } {
  const pool = views.filter((view) => view.inPool);
  const held = pool.reduce((sum, view) => sum + view.held, elsewhere);
  if (pool.length > 0 && pool.every(({ isFromIpamd }) => isFromIpamd)) return { assigned: held, certainty: 'observed' };
  return { assigned: Math.min(held + unrecorded, Math.max(held, total)), certainty: 'inferred' };
}

const unknownPool = (card: number): Pool => ({
  card,
  total: null,
  assigned: null,
  available: null,
  cooling: null,
  coolingKnownAt: null,
  warm: null,
  target: null,
  short: null,
  over: null,
  low: null,
  high: null,
  next: null,
  certainty: 'unknown',
});

type Counted = Pick<PoolNumbers, 'total' | 'available'> & {
  /** P and fp; null if only sums are known. */
  readonly prefixes: { readonly all: number; readonly free: number } | null;
  readonly certainty: Pool['certainty'];
};

/** From ipamd's list (vpc-cni §4.2), which determines what it assigns, whether or not EC2 is read. Null if the list was not read. */
function byList({ ipamdEnis }: NodeContext, mode: 'secondary-ip' | 'prefix', card: number): Counted | null {
  if (ipamdEnis === undefined) return null;
  const enis = ipamdEnis.enis.filter((eni) => eni.card === card && !eni.excluded);
  if (enis.length === 0) return null;
  const { total, assigned, prefixes } = countOf(enis, mode);
  return { total, available: total - assigned, prefixes, certainty: 'observed' };
}

/** The addresses of these ENIs that ipamd lists and assigns: entries of the mode only. */
function countOf(enis: IpamdEnisFact['enis'], mode: 'secondary-ip' | 'prefix') {
  let total = 0;
  let assigned = 0;
  const prefixes = { all: 0, free: 0 };
  for (const { cidrs, addresses } of enis)
    for (const text of cidrs) {
      const cidr = parseCidr(text);
      if (cidr?.family !== 4 || (cidr.prefixLength === 32) === (mode === 'prefix')) continue;
      const given = addresses.filter((address) => address.assigned && address.cidr === text).length;
      total += Number(cidr.last - cidr.first + 1n);
      assigned += given;
      if (mode === 'prefix') {
        prefixes.all += 1;
        prefixes.free += given === 0 ? 1 : 0;
      }
    }
  return { total, assigned, prefixes };
}

/** The gauges of card 0. With several cards, each overwrites the same gauge (vpc-cni §4.3), so they are not used. */
function byGauges(context: NodeContext, card: number): Counted | null {
  const values = context.facts.get('awsNodeMetrics', context.name)?.values;
  const total = values?.['awscni_total_ip_addresses'] ?? null;
  const assigned = values?.['awscni_assigned_ip_addresses'] ?? null;
  if (card !== 0 || context.managedCards.size > 1 || total === null || assigned === null) return null;
  if (assigned < 0 || assigned > total) return null;
  return { total, available: total - assigned, prefixes: null, certainty: 'inferred' };
}

/** Without EC2: the pool by aws-node's own figures and targets. Its next change depends on EC2. */
function fromAgent(context: NodeContext, settings: Settings, mode: 'secondary-ip' | 'prefix', card: number): Pool {
  const counted = byList(context, mode, card) ?? byGauges(context, card);
  // The checkpoint does not contain the total number of addresses.
  if (counted === null) {
    const checkpoint = checkpointOf(context, card);
    if (checkpoint === null) return unknownPool(card);
    return { ...unknownPool(card), assigned: checkpoint.assigned.size, certainty: 'observed' };
  }
  const { total, available, prefixes, certainty } = counted;
  const counts = { ...unknownPool(card), total, assigned: total - available, available, certainty };
  const ends = endsAtMaxPods(settings.version);
  const numbers: PoolNumbers = {
    total,
    available,
    slots: context.limits === null ? null : context.limits.ipv4PerEni - 1,
    freePrefixes: prefixes?.free ?? 0,
    prefixes: prefixes?.all ?? 0,
    maxPods: ends ? (context.node?.maxPods ?? null) : null,
    mode,
    card,
  };
  const targets = decidingTargets(settings, numbers);
  if (targets === null) return counts;
  const state = poolState(numbers, targets);
  const { target, short, over, high } = state;
  // As many addresses as max pods are always enough (rule 0): if max pods applies and is not known, only “not low” is
  // certain.
  const low = state.low === true && ends && numbers.maxPods === null ? null : state.low;
  // The gauges do not include the number of prefixes, or of free ones.
  const known = mode === 'secondary-ip' || prefixes !== null;
  return {
    ...counts,
    target,
    low,
    short: low === false ? 0 : known && low !== null ? short : null,
    over: known ? over : null,
    high: known ? high : null,
  };
}
