/**
 * Applies a delta to records. Record sets change in no other way, on the server and in the browser alike.
 *
 * Idempotent. A patch of a record that does not exist is ignored: the delta is older than the set. Unchanged records
 * and entries keep their object identity.
 */
import type { RecordPatch, TableDelta } from '../model/delta';
import type { RecordByTable, Table } from '../model/records';
import { equal } from '../model/equal';
import { applyEntries, entriesOf, entryPatchOf, keyedFieldsOf } from './keyed';

/** The record with a patch applied; the same object when the patch changes nothing. */
export function applyPatch<T extends Table>(
  table: T,
  record: RecordByTable[T],
  patch: RecordPatch<T>,
): RecordByTable[T] {
  const changed: Record<string, unknown> = {};
  let any = false;
  for (const [field, value] of Object.entries(patch.set)) {
    if (equal((record as unknown as Record<string, unknown>)[field], value)) continue;
    changed[field] = value;
    any = true;
  }
  for (const [field, key] of keyedFieldsOf(table)) {
    const entries = entryPatchOf(patch, field);
    if (entries === undefined) continue;
    const before = entriesOf(record, field);
    const after = applyEntries(before, entries, key);
    if (after.length === before.length && after.every((entry, index) => entry === before[index])) continue;
    changed[field] = after;
    any = true;
  }
  return any ? { ...record, ...changed } : record;
}

/** Called for every record that changes: `before` is undefined for a new one, `after` for a removed one. */
export type OnChange<T extends Table> = (
  id: string,
  before: RecordByTable[T] | undefined,
  after: RecordByTable[T] | undefined,
) => void;

/**
 * Returns the record after the delta if the caller already has it, so that only one object is kept in memory.
 * Undefined: apply the patch.
 */
export type NextState = <T extends Table>(table: T, id: string) => RecordByTable[T] | undefined;

/** Applies one table's delta to `records` in place: drops, then puts, then patches. */
export function applyTable<T extends Table>(
  table: T,
  records: Map<string, RecordByTable[T]>,
  delta: TableDelta<T>,
  onChange?: OnChange<T>,
  nextState?: NextState,
): void {
  for (const id of delta.drop) {
    const before = records.get(id);
    if (before === undefined) continue;
    records.delete(id);
    onChange?.(id, before, undefined);
  }
  for (const record of delta.put) {
    const before = records.get(record.id);
    if (before !== undefined && equal(before, record)) continue;
    records.set(record.id, record);
    onChange?.(record.id, before, record);
  }
  for (const patch of delta.patch) {
    const before = records.get(patch.id);
    if (before === undefined) continue;
    const after = nextState?.(table, patch.id) ?? applyPatch(table, before, patch);
    if (after === before) continue;
    records.set(after.id, after);
    onChange?.(after.id, before, after);
  }
}
