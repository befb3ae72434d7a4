/** Whether a warm pool is too low or too high, and by how much: ipamd's own arithmetic (vpc-cni §2.4), on numbers alone. */
import { PREFIX_SIZE } from '../../model/prefix-size';

/** The figures of a pool in the letters of §2.4; see `Pool` for their meaning. */
export interface PoolNumbers {
  /** T: addresses of the active mode; V = T − A, cooling included. */
  readonly total: number;
  readonly available: number;
  /** S: slots per ENI; null if the instance type is not known. */
  readonly slots: number | null;
  /** fp: prefixes with no assigned address; P: prefixes. */
  readonly freePrefixes: number;
  readonly prefixes: number;
  /** Null if not known, or if this version of ipamd does not use it. */
  readonly maxPods: number | null;
  readonly mode: 'secondary-ip' | 'prefix';
  readonly card: number;
}

/** 0: not defined. */
export interface Targets {
  readonly warmEni: number;
  readonly warmIp: number;
  readonly minimumIp: number;
  readonly warmPrefix: number;
}

/** Null: the variable is set to a value that is not known. */
export type GivenTargets = { readonly [K in keyof Targets]: number | null };

/**
 * The targets that apply to this card; null if one of them is not known. Others count as not defined: whole ENIs and
 * prefixes if there are address targets, and all of them on cards above 0.
 */
export function decidingTargets(
  given: GivenTargets,
  { card, mode }: Pick<PoolNumbers, 'card' | 'mode'>,
): Targets | null {
  const { warmEni, warmIp, minimumIp, warmPrefix } = given;
  const known: Targets = {
    warmEni: warmEni ?? 0,
    warmIp: warmIp ?? 0,
    minimumIp: minimumIp ?? 0,
    warmPrefix: warmPrefix ?? 0,
  };
  if (card > 0) return known;
  if (warmIp === null || minimumIp === null) return null;
  if (warmIp !== 0 || minimumIp !== 0) return known;
  return (mode === 'prefix' ? warmPrefix : warmEni) === null ? null : known;
}

/** Which targets apply to the card: the fixed address targets of cards > 0, the IP targets, or whole ENIs or prefixes. */
export type Regime = 'addresses' | 'addresses-as-prefixes' | 'enis' | 'prefixes';

/** A pool compared with its targets. */
export interface PoolState {
  readonly regime: Regime;
  /** In addresses; the minimum of `available`. Null if the slots per ENI are not known. */
  readonly target: number | null;
  /** In addresses, or in prefixes under the regime `prefixes`. */
  readonly short: number;
  readonly over: number;
  /** Null if the slots per ENI are not known. */
  readonly low: boolean | null;
  readonly high: boolean;
}

/** Which targets apply, and in which unit (vpc-cni §2.4). */
export function regimeOf(numbers: Pick<PoolNumbers, 'card' | 'mode'>, targets: Targets): Regime {
  if (numbers.card > 0) return 'addresses';
  if (targets.warmIp !== 0 || targets.minimumIp !== 0) {
    return numbers.mode === 'prefix' ? 'addresses-as-prefixes' : 'addresses';
  }
  return numbers.mode === 'prefix' ? 'prefixes' : 'enis';
}

/** Compares a pool with its targets. */
export function poolState(numbers: PoolNumbers, targets: Targets): PoolState {
  const regime = regimeOf(numbers, targets);
  const state = stateOf(regime, numbers, targets);
  // Rule 0 compares total, not assigned, with max pods.
  const enough = numbers.maxPods !== null && numbers.total >= numbers.maxPods;
  return enough || state.low === false ? { ...state, regime, low: false, short: 0 } : { ...state, regime };
}

function stateOf(regime: Regime, numbers: PoolNumbers, targets: Targets): Omit<PoolState, 'regime'> {
  const { total: T, available: V } = numbers;
  const A = T - V;
  switch (regime) {
    case 'addresses':
    case 'addresses-as-prefixes': {
      // Cards > 0 have fixed targets, whatever the variables are (§3).
      const W = numbers.card > 0 ? 1 : targets.warmIp;
      const M = numbers.card > 0 ? 1 : targets.minimumIp;
      const short = Math.max(W - V, M - T, 0);
      const over = Math.max(Math.min(Math.max(V - W, 0), T - M), 0);
      const target = Math.max(W, M - A);
      if (regime === 'addresses') return { target, short, over, low: short > 0, high: over > 0 };
      const { freePrefixes: fp, prefixes: P } = numbers;
      const beyondWarm = Math.max(Math.min(fp, P - Math.ceil((A + W) / PREFIX_SIZE)), 0);
      const overPrefixes = Math.max(Math.min(beyondWarm, P - Math.ceil(M / PREFIX_SIZE)), 0);
      return {
        target,
        short: Math.ceil(short / PREFIX_SIZE),
        over: overPrefixes,
        low: short > 0,
        high: overPrefixes > 0,
      };
    }
    case 'enis': {
      // This target counts whole ENIs: ipamd computes no shortage and no surplus in addresses (datastoreTargetState returns
      // 0, 0), and captures with known truth confirm it. What is missing is `target` − `available`.
      if (numbers.slots === null) return { target: null, short: 0, over: 0, low: null, high: false };
      const target = targets.warmEni === 0 ? 1 : targets.warmEni * numbers.slots;
      return { target, short: 0, over: 0, low: V < target, high: false };
    }
    case 'prefixes': {
      // Low is determined by free addresses, high by entirely free prefixes: one used address in the only prefix is already
      // low.
      const target = targets.warmPrefix === 0 ? 1 : targets.warmPrefix * PREFIX_SIZE;
      const low = V < target;
      return {
        target,
        short: low ? Math.max(1, targets.warmPrefix - numbers.freePrefixes) : 0,
        over: Math.max(numbers.freePrefixes - targets.warmPrefix, 0),
        low,
        high: numbers.freePrefixes > targets.warmPrefix,
      };
    }
  }
}
