/** Random choices among the objects of a cluster that meet a condition. */
import type { Random } from './random';

/** A set, or the values of a map. */
interface Values<T> {
  readonly size: number;
  values(): Iterable<T>;
}

/** From this size on, testing every value for each of a hundred decisions a second takes most of a core. */
const LARGE = 2_000;
/** Random values that are tried before every value is tested. */
const TRIES = 20;

/**
 * Picks `count` of the values that fit, possibly the same one repeatedly; returns none if no value fits. In large sets,
 * random values are tried first.
 */
export function pickFitting<T>(
  random: Random,
  all: Values<T>,
  fits: (value: T) => boolean,
  count: number,
): readonly T[] {
  const picked: T[] = [];
  for (let tries = all.size < LARGE ? TRIES : 0; tries < TRIES && picked.length < count; tries++) {
    const value = valueAt(all, random.int(all.size));
    if (value !== undefined && fits(value)) picked.push(value);
  }
  if (picked.length === count) return picked;
  const fitting = [...all.values()].filter(fits);
  return fitting.length === 0 ? [] : Array.from({ length: count }, () => random.pick(fitting));
}

function valueAt<T>(all: Values<T>, index: number): T | undefined {
  let left = index;
  for (const value of all.values()) if (left-- === 0) return value;
  return undefined;
}
