/** Selects the first ids by name without sorting all of them. */
import { byNaturalName } from '../../model/order';

/**
 * Above this number of ids, the first ones are selected by code unit: sorting 150,000 names in natural order would take
 * too long.
 */
const MAX_SORTED = 2_000;

/**
 * The first `count` ids in natural order. If there are very many, those that are first by code unit, in natural order.
 */
export function firstOf(ids: readonly string[], count: number): readonly string[] {
  if (ids.length <= MAX_SORTED) return [...ids].sort(byNaturalName).slice(0, count);
  const first: string[] = [];
  for (const id of ids) {
    if (first.length === count && id >= (first.at(-1) ?? '')) continue;
    let at = first.length;
    while (at > 0 && id < (first[at - 1] ?? '')) at--;
    first.splice(at, 0, id);
    if (first.length > count) first.pop();
  }
  return first.sort(byNaturalName);
}
