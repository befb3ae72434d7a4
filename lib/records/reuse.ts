/** Keeps the existing objects of unchanged parts: comparing them again is free, and memory holds only one of each. */
import type { RecordByTable, Table } from '../model/records';
import { equal } from '../model/equal';

/**
 * The new list, reusing entries of the previous list that are equal at the same distance from either end; the previous
 * list itself if all are equal.
 */
function reuseEntries(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const common = Math.min(before.length, after.length);
  let first = 0;
  while (first < common && equal(before[first], after[first])) first++;
  if (first === before.length && first === after.length) return before;
  // A copy has no spare capacity, which an array literal with spreads has: 130 bytes for each list of one entry.
  const entries = after.slice();
  for (let at = 0; at < first; at++) entries[at] = before[at];
  for (let last = 1; last <= common - first; last++) {
    const [old, entry] = [before[before.length - last], after[after.length - last]];
    if (equal(old, entry)) entries[after.length - last] = old;
  }
  return entries;
}

function reuseValue(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return reuseEntries(before, after);
  return equal(before, after) ? before : after;
}

/**
 * The new state of a record, reusing every unchanged field and list entry of the previous state; the previous state
 * itself if nothing changed.
 */
export function reuse<T extends Table>(before: RecordByTable[T], after: RecordByTable[T]): RecordByTable[T] {
  if (before === after) return before;
  let changed: Record<string, unknown> | null = null;
  for (const field in after) {
    const old: unknown = before[field];
    const value = reuseValue(old, after[field]);
    if (value !== old) (changed ??= {})[field] = value;
  }
  return changed === null ? before : { ...before, ...changed };
}
