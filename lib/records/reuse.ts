/** Keeps the existing objects of unchanged parts: comparing them again is free, and memory holds only one of each. */
import type { RecordByTable, Table } from '../model/records';
import { equal } from './equal';

/** The later list, with entries of the former one wherever they are equal at the same distance from either end. */
function reuseEntries(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const entries = [...after];
  const common = Math.min(before.length, after.length);
  let first = 0;
  for (; first < common && equal(before[first], after[first]); first++) entries[first] = before[first];
  for (let last = 1; last <= common - first; last++) {
    const [old, entry] = [before[before.length - last], after[after.length - last]];
    if (equal(old, entry)) entries[after.length - last] = old;
  }
  return entries;
}

/**
 * The later state of a record, with every unchanged field and list entry taken from the former; the former itself if
 * nothing changed.
 */
export function reuse<T extends Table>(before: RecordByTable[T], after: RecordByTable[T]): RecordByTable[T] {
  if (before === after) return before;
  const record: Record<string, unknown> = {};
  let differs = false;
  for (const field in after) {
    const [old, value]: readonly unknown[] = [before[field], after[field]];
    if (equal(old, value)) record[field] = old;
    else {
      record[field] = Array.isArray(old) && Array.isArray(value) ? reuseEntries(old, value) : value;
      differs = true;
    }
  }
  return differs ? (record as unknown as RecordByTable[T]) : before;
}
