/** Keeps the objects of what has not changed: comparing them again is free, and memory holds one of each. */
import type { RecordByTable, Table } from '../model/records';
import { equal } from './equal';

/** A list with the entries of its former state where these are the same, at the same distance from either end. */
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

/** The later state of a record, in which every field and list entry that is as it was is the former's; the former itself where all are. */
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
