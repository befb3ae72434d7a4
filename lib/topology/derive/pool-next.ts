/** What ipamd does next with a pool, and what keeps it from doing so (vpc-cni.md §2.4, "How much is added", "When an ENI is freed"). */
import type { Pool } from '../../model/records';
import type { EniView } from './enis';
import { isPrimaryEni } from './management';
import type { PoolNumbers, PoolState, Targets } from './pool-state';

export interface Room {
  /** ENIs that may still be attached to the card; null when not known. */
  readonly freeEnis: number | null;
  /** ipamd does nothing on a cordoned node, unless told so. */
  readonly cordoned: boolean;
  readonly views: readonly EniView[];
  /** Addresses that the subnet of the next addresses has left; null when not known. */
  readonly subnetFree: number | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Next = NonNullable<Pool['next']>;

const next = (action: Next['action'], count: number | null, reason: string, blockedBy: string | null = null): Next => ({
  action,
  count,
  reason,
  blockedBy,
});

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

export function targetInWords(state: PoolState, numbers: PoolNumbers, targets: Targets): string {
  switch (state.regime) {
    case 'addresses':
    case 'addresses-as-prefixes':
      return numbers.card > 0
        ? 'one free address on cards above 0'
        : `WARM_IP_TARGET=${targets.warmIp}, MINIMUM_IP_TARGET=${targets.minimumIp}`;
    case 'enis':
      return `WARM_ENI_TARGET=${targets.warmEni}`;
    case 'prefixes':
      return `WARM_PREFIX_TARGET=${targets.warmPrefix}`;
  }
}

export function nextAction(numbers: PoolNumbers, targets: Targets, state: PoolState, room: Room): Next | null {
  if (state.low === null) return null;
  // The figures stand beside it in the pool: a sentence that repeats them would change with every pod.
  const target = targetInWords(state, numbers, targets);
  if (state.low) return grow(numbers, state, room, `below target (${target})`);
  if (state.high) {
    const unit = state.regime === 'addresses' ? 'release-addresses' : 'release-prefixes';
    return next(unit, state.over, `more than ${target} asks for`, room.cordoned ? 'the node is cordoned' : null);
  }
  const idle = deletable(numbers, targets, state, room);
  if (idle === undefined) return next('none', 0, `as ${target} wants it`);
  return next(
    'detach-eni',
    1,
    `${idle.eni.id} is idle, and ${target} does not need it`,
    room.cordoned ? 'the node is cordoned' : null,
  );
}

function grow(numbers: PoolNumbers, state: PoolState, room: Room, why: string): Next {
  const cordoned = room.cordoned ? 'the node is cordoned' : null;
  const unit = numbers.mode === 'prefix' ? 16 : 1;
  const S = numbers.slots;
  const growing = S === null ? undefined : room.views.find((view) => view.inPool && view.slotsUsed < S);
  const noAddress = room.subnetFree !== null && room.subnetFree < unit ? 'the subnet has no free address left' : null;
  if (S !== null && growing !== undefined) {
    const left = S - growing.slotsUsed;
    const wanted = numbers.mode === 'prefix' ? wantedPrefixes(state) : wantedAddresses(state, S);
    const action = numbers.mode === 'prefix' ? 'add-prefixes' : 'add-addresses';
    return next(
      action,
      Math.min(left, wanted),
      `${why}; ${growing.eni.id} has ${plural(left, 'free slot')}`,
      cordoned ?? noAddress,
    );
  }
  if (room.freeEnis === null) return next('attach-eni', 1, `${why}; no slot is free`, cordoned ?? noAddress);
  if (room.freeEnis > 0) return next('attach-eni', 1, `${why}; no slot is free`, cordoned ?? noAddress);
  return next('none', 0, why, 'every slot is taken and no further ENI can be attached');
}

const wantedPrefixes = (state: PoolState): number => Math.max(1, state.short);

/** Without a target in addresses the ENI is filled. */
const wantedAddresses = (state: PoolState, slots: number): number =>
  state.regime === 'enis' ? slots : Math.max(1, state.short);

/** An ENI must have been in the datastore for so long before it may be freed. Milliseconds. */
const SETTLED = 60_000;

/** The ENI that would be freed: idle, not needed by the targets, neither primary nor trunk nor EFA (getDeletableENI). */
function deletable(numbers: PoolNumbers, targets: Targets, state: PoolState, room: Room): EniView | undefined {
  const { available: V, total: T, slots: S } = numbers;
  if (S === null || !isConsidered(numbers, targets, state, S, room)) return undefined;
  const forced = numbers.card > 0;
  const W = forced ? 1 : targets.warmIp;
  const M = forced ? 1 : targets.minimumIp;
  return room.views.find((view) => {
    const { eni } = view;
    if (!view.inPool || isPrimaryEni(eni) || eni.interfaceType !== 'interface') return false;
    if (view.held > 0 || view.cooling > 0) return false;
    if (eni.attachedAt !== null && room.now - Date.parse(eni.attachedAt) < SETTLED) return false;
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

function isConsidered(numbers: PoolNumbers, targets: Targets, state: PoolState, S: number, room: Room): boolean {
  switch (state.regime) {
    case 'addresses':
    case 'addresses-as-prefixes':
      return true;
    case 'enis':
      return numbers.available >= (targets.warmEni + 1) * S;
    case 'prefixes':
      return (
        numbers.available >= (targets.warmPrefix + 1) * 16 * S ||
        room.views.some((view) => view.inPool && view.prefixes > 0 && view.held === 0)
      );
  }
}
