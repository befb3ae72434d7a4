/** Counts and sums. */

/** How often each value occurs, in order of first occurrence. */
export function tally<T>(values: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The sum; null if any number is not known. */
export const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((all, value) => (all === null || value === null ? null : all + value), 0);

/** The sum; null if any number is not known or there are none. */
export const total = (values: readonly (number | null)[]): number | null => (values.length === 0 ? null : sum(values));
