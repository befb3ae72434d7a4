/**
 * Whether a card's pool is too low or too high, and by how much (vpc-cni §2.4); independent of the product, whose results
 * are compared with it.
 */
import { isRelease } from './release';
import type { CniSettings } from './cni-settings';
import type { Datastore } from './datastore';

/** The warm pool of a card, compared with its targets. */
export interface PoolState {
  readonly card: number;
  readonly total: number;
  readonly assigned: number;
  readonly available: number;
  /** How many addresses are missing (prefixes in prefix mode on card 0); 0 if `low` is false. */
  readonly short: number;
  readonly over: number;
  readonly low: boolean;
  readonly high: boolean;
  /** The minimum for `available`. */
  readonly target: number;
  /** The targets in effect. */
  readonly targets: 'ip' | 'eni' | 'prefix';
}

/** Compares a pool with its targets (vpc-cni §2.4). */
export function poolState(store: Datastore, settings: CniSettings, slotsPerEni: number, maxPods: number): PoolState {
  const total = store.total;
  const assigned = store.assigned;
  const available = total - assigned;
  const base = { card: store.card, total, assigned, available };
  // Since v1.16.3 (vpc-cni §2.4).
  const enough = isRelease(settings.version, [1, 16, 3]) && total >= maxPods;

  // IP targets. On cards above 0, both are fixed at 1, whatever the environment (vpc-cni §3).
  const extraCard = store.card > 0;
  const warm = extraCard ? 1 : settings.warmIpTarget;
  const minimum = extraCard ? 1 : settings.minimumIpTarget;
  if (warm !== 0 || minimum !== 0) {
    const missing = Math.max(Math.max(warm - available, 0), minimum - total);
    const target = Math.max(warm, minimum - assigned);
    const spare = Math.max(0, Math.min(Math.max(available - warm, 0), total - minimum));
    if (store.mode === 'prefix' && !extraCard) {
      const prefixes = store.prefixCount;
      const releasable = Math.max(Math.min(store.freePrefixes, prefixes - Math.ceil((assigned + warm) / 16)), 0);
      const over = Math.max(Math.min(releasable, prefixes - Math.ceil(minimum / 16)), 0);
      const short = enough ? 0 : Math.ceil(missing / 16);
      return { ...base, short, over, low: short > 0, high: over > 0, target, targets: 'ip' };
    }
    const short = enough ? 0 : missing;
    return { ...base, short, over: spare, low: short > 0, high: spare > 0, target, targets: 'ip' };
  }

  // Prefix target: free addresses decide "low", entirely free prefixes decide "high".
  if (store.mode === 'prefix') {
    const target = settings.warmPrefixTarget;
    const low = !enough && (available < target * 16 || (target === 0 && available === 0));
    const over = Math.max(store.freePrefixes - target, 0);
    return {
      ...base,
      short: low ? Math.max(1, target - store.freePrefixes) : 0,
      over,
      low,
      high: over > 0,
      target: target === 0 ? 1 : target * 16,
      targets: 'prefix',
    };
  }

  // ENI target: single addresses are never released, only whole ENIs.
  const wanted = settings.warmEniTarget * slotsPerEni;
  const low = !enough && (available < wanted || (settings.warmEniTarget === 0 && available === 0));
  const short = low ? Math.max(1, wanted - available) : 0;
  const target = settings.warmEniTarget === 0 ? 1 : wanted;
  return { ...base, short, over: 0, low, high: false, target, targets: 'eni' };
}
