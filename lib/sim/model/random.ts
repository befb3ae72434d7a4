/**
 * Seeded randomness: the same seed yields the same cluster on every machine. Not for secrets.
 *
 * The generator is Mulberry32 (Tommy Ettinger, public domain); its 32 bits of state are sufficient for tests.
 */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** An integer, 0 ≤ n < limit. */
  int(limit: number): number;
  chance(probability: number): boolean;
  /** One element; throws on an empty list. */
  pick<T>(list: readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** Letters and digits that Kubernetes uses in generated names (no vowels, no 0, 1, 3). */
  suffix(length: number): string;
}

const SAFE_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A sequence of pseudo-random values; the same seed yields the same sequence. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const int = (limit: number): number => Math.floor((word() / 4294967296) * limit);
  return {
    next: () => word() / 4294967296,
    int,
    chance: (probability) => word() / 4294967296 < probability,
    pick(list) {
      const chosen = list[int(list.length)];
      if (chosen === undefined) throw new Error('pick from an empty list');
      return chosen;
    },
    hex(digits) {
      let text = '';
      while (text.length < digits) text += word().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
    suffix(length) {
      let text = '';
      while (text.length < length) text += SAFE_LETTERS[int(SAFE_LETTERS.length)] ?? '';
      return text;
    },
  };
}
