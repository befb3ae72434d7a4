/** The next change that ipamd makes to a pool, and what prevents it (vpc-cni §2.4). */
import { PREFIX_SIZE } from '../../model/prefix-size';
import type { Pool } from '../../model/records';
import type { EniFact } from '../../model/facts';
import type { EniView } from '../enis/view';
import { isPrimaryEni, type PlaceOnInstance } from '../context/management';
import { slotsFrom, takesEni, type SubnetSupply } from './room';
import type { PoolNumbers, PoolState, Regime, Targets } from './state';

/** The fields of an ENI that are read here. */
export interface PoolEni extends Pick<
  EniView,
  'grows' | 'inDatastore' | 'isIdle' | 'total' | 'cooling' | 'freePrefixes' | 'slotsUsed'
> {
  readonly eni: Pick<EniFact, 'id' | 'subnet' | 'interfaceType' | 'attachedAt' | keyof PlaceOnInstance>;
}

/** How far the pool of a card may still grow. */
export interface Room {
  /** ENIs that may still be attached to the card; null if not known. */
  readonly freeEnis: number | null;
  /** Why ipamd changes nothing now; null if it may. */
  readonly stopped: string | null;
  /** Why ipamd does not try to grow now; null if it may. */
  readonly backsOff: string | null;
  readonly views: readonly PoolEni[];
  readonly supply: SubnetSupply;
  /** Subnets in which a new ENI may be created; a text with the reason if there is none; null: not known. */
  readonly newEniSubnets: readonly string[] | string | null;
  /** See `NodeRoom.movesOn`. */
  readonly movesOn: boolean;
  /** See `NodeRoom.fillsNewEnis`. */
  readonly fillsNewEnis: boolean;
  /** Whether an ENI has been in ipamd's datastore for long enough to be deleted. */
  readonly isSettled: (view: PoolEni) => boolean;
}

type Next = NonNullable<Pool['next']>;

const next = (action: Next['action'], count: number | null, reason: string, blockedBy: string | null = null): Next => ({
  action,
  count,
  reason,
  blockedBy,
});

/** The targets that apply to a card, as their variables are written. */
export function targetInWords(regime: Regime, card: number, targets: Targets): string {
  switch (regime) {
    case 'addresses':
    case 'addresses-as-prefixes':
      return card > 0
        ? 'one free address on cards above 0'
        : `WARM_IP_TARGET=${targets.warmIp}, MINIMUM_IP_TARGET=${targets.minimumIp}`;
    case 'enis':
      return `WARM_ENI_TARGET=${targets.warmEni}`;
    case 'prefixes':
      return `WARM_PREFIX_TARGET=${targets.warmPrefix}`;
  }
}

/** The next change, and the ENI that it affects; null if that is not certain. */
export interface Step {
  readonly next: Next;
  readonly eni: string | null;
  /** Slots that a new ENI is created with. */
  readonly asked: number;
}

const step = (does: Next, eni: string | null = null, asked = 0): Step => ({ next: does, eni, asked });

/** Null while too little is known of the node. */
export const nextAction = (numbers: PoolNumbers, targets: Targets, state: PoolState, room: Room): Next | null =>
  nextStep(numbers, targets, state, room)?.next ?? null;

/** The next change to a pool and the reason; null if not known. */
export function nextStep(numbers: PoolNumbers, targets: Targets, state: PoolState, room: Room): Step | null {
  const { slots } = numbers;
  if (state.low === null) return null;
  // The pool has the figures: a sentence that repeats them would change with every pod.
  const target = targetInWords(state.regime, numbers.card, targets);
  if (state.low) return slots === null ? null : grow(numbers, slots, state, room, `below target (${target})`);
  if (state.high) {
    const release = releaseOf(numbers, state);
    if (release.count > 0)
      return step(next(release.action, release.count, `more than ${target} asks for`, room.stopped));
  }
  const [idle, ...others] = deletable(numbers, targets, state, room);
  if (idle !== undefined) {
    const ids = [idle, ...others].map(({ eni }) => eni.id).join(' or ');
    return step(next('detach-eni', 1, `${ids} is idle and not needed for ${target}`, room.stopped), idle.eni.id);
  }
  return step(
    state.high
      ? next('none', 0, `more than ${target} asks for, but no prefix is entirely free`)
      : next('none', 0, `${target} is met`),
  );
}

/** In prefix mode, only entirely free prefixes are released, also on cards above 0, where the surplus is counted in addresses. */
function releaseOf(
  numbers: PoolNumbers,
  state: PoolState,
): { readonly action: Next['action']; readonly count: number } {
  return numbers.mode === 'prefix'
    ? { action: 'release-prefixes', count: Math.min(state.over, numbers.freePrefixes) }
    : { action: 'release-addresses', count: state.over };
}

/** Fills the slots of existing ENIs first, one ENI after the other; if no ENI gets anything, adds an ENI. */
function grow(numbers: PoolNumbers, slots: number, state: PoolState, room: Room, why: string): Step {
  const isPrefix = numbers.mode === 'prefix';
  const action = isPrefix ? 'add-prefixes' : 'add-addresses';
  const wantedSlots = isPrefix ? wantedPrefixes(state) : wantedAddresses(state, slots);
  const stopped = room.stopped ?? room.backsOff;
  let dry: Next | null = null;
  for (const view of room.views) {
    if (!view.grows || view.slotsUsed >= slots) continue;
    const left = slots - view.slotsUsed;
    const wanted = Math.min(left, wantedSlots);
    const granted = grantedBy(room.supply, view.eni.subnet, wanted, isPrefix);
    const reason = `${why}; ${view.eni.id} has ${left} free slot${left === 1 ? '' : 's'}`;
    if (granted === 0) {
      dry ??= next(action, wanted, reason, stopped ?? emptiness(view.eni.subnet, isPrefix));
      continue;
    }
    const less = granted < wanted ? `; ${view.eni.subnet ?? ''} has too little for ${wanted}, so one is taken` : '';
    return step(next(action, granted, `${reason}${less}`, stopped), view.eni.id);
  }
  if (room.freeEnis === 0) {
    return step(dry ?? next('none', 0, why, 'every slot is taken and no further ENI can be attached'));
  }
  const asked = room.fillsNewEnis ? Math.min(slots, wantedSlots) : 1;
  const blocked = noEniBecause(room, isPrefix, asked);
  if (dry !== null && (blocked !== null || !room.movesOn)) return step(dry);
  const because = dry === null ? 'no slot is free' : 'the subnets of its ENIs have no more';
  return step(next('attach-eni', 1, `${why}; ${because}`, stopped ?? blocked), null, asked);
}

const wantedPrefixes = (state: PoolState): number => Math.max(1, state.short);

/** Without an address target, the ENI is filled. */
const wantedAddresses = (state: PoolState, slots: number): number =>
  state.regime === 'enis' ? slots : Math.max(1, state.short);

/** How many of the wanted addresses or prefixes a subnet provides: all, else one, which ipamd requests next, else none. */
function grantedBy(supply: SubnetSupply, subnet: string | null, wanted: number, isPrefix: boolean): number {
  if (subnet === null) return wanted;
  const size = isPrefix ? PREFIX_SIZE : 1;
  const addresses = supply.addresses(subnet, wanted * size);
  const blocks = isPrefix ? supply.blocks(subnet, wanted) : null;
  const reserved = isPrefix ? supply.reserved(subnet, wanted) : 0;
  const units = slotsFrom({ addresses: addresses ?? Infinity, blocks: blocks ?? Infinity, reserved }, size);
  return units >= wanted ? wanted : Math.min(1, units);
}

const emptiness = (subnet: string | null, isPrefix: boolean): string =>
  `${subnet ?? 'the subnet'} has no ${isPrefix ? 'free /28 block' : 'free address'} left`;

/** Why no ENI can be added with all the requested slots; null if one can. */
function noEniBecause({ supply, newEniSubnets }: Room, isPrefix: boolean, asked: number): string | null {
  if (newEniSubnets === null) return null;
  if (typeof newEniSubnets === 'string') return newEniSubnets;
  const perSlot = isPrefix ? PREFIX_SIZE : 1;
  // All subnets are read, so that what is read does not depend on the answers.
  const fits = newEniSubnets.map((subnet) => {
    const addresses = supply.addresses(subnet, 1 + asked * perSlot) ?? Infinity;
    const blocks = (isPrefix ? supply.blocks(subnet, asked) : null) ?? Infinity;
    const reserved = isPrefix ? supply.reserved(subnet, asked) : 0;
    return takesEni({ addresses, blocks, reserved }, perSlot, asked);
  });
  if (fits.includes(true)) return null;
  const blocks = asked === 1 ? 'a free /28 block' : `${asked} free /28 blocks`;
  const what = isPrefix ? `an address and ${blocks}` : `${asked === 1 ? 'two' : 1 + asked} free addresses`;
  const atOnce = asked === 1 ? '' : ', which EC2 creates with all of them or not at all';
  return `no subnet has ${what} for a new ENI${atOnce} (${newEniSubnets.join(', ')})`;
}

/** ENIs that ipamd may delete: idle, not needed by the targets, and neither primary nor trunk nor EFA (getDeletableENI). */
function deletable(numbers: PoolNumbers, targets: Targets, state: PoolState, room: Room): readonly PoolEni[] {
  const { available: V, total: T, slots: S } = numbers;
  if (S === null || !isConsidered(numbers, targets, state, S)) return [];
  const forced = numbers.card > 0;
  const W = forced ? 1 : targets.warmIp;
  const M = forced ? 1 : targets.minimumIp;
  return room.views.filter((view) => {
    const { eni } = view;
    if (!view.inDatastore || isPrimaryEni(eni) || eni.interfaceType !== 'interface') return false;
    if (!view.isIdle || view.cooling > 0 || !room.isSettled(view)) return false;
    switch (state.regime) {
      case 'addresses':
      case 'addresses-as-prefixes':
        return V - view.total >= W && T - view.total >= M;
      case 'prefixes':
        return numbers.freePrefixes - view.freePrefixes >= targets.warmPrefix;
      case 'enis':
        return true;
    }
  });
}

/** With prefixes, an idle ENI alone is sufficient, and idle ENIs are looked for in any case. */
function isConsidered(numbers: PoolNumbers, targets: Targets, state: PoolState, slots: number): boolean {
  return state.regime !== 'enis' || numbers.available >= (targets.warmEni + 1) * slots;
}
