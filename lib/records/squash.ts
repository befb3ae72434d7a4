/** Merges consecutive deltas into one with the same effect: a lagging viewer or a paused page holds one change set, never a queue. */
import type { Delta, RecordPatch, TableDelta } from '../model/delta';
import { TABLES, type RecordByTable, type Table } from '../model/records';
import { applyPatch } from './apply';
import { entryPatchOf, keyedFieldsOf, squashEntries, withEntries, type EntryPatches } from './keyed';

function squashPatches<T extends Table>(table: T, a: RecordPatch<T>, b: RecordPatch<T>): RecordPatch<T> {
  const entries: EntryPatches = new Map();
  for (const [field, key] of keyedFieldsOf(table)) {
    const first = entryPatchOf(a, field);
    const second = entryPatchOf(b, field);
    const both = first !== undefined && second !== undefined ? squashEntries(first, second, key) : (second ?? first);
    if (both !== undefined) entries.set(field, both);
  }
  return withEntries<T>(a.id, { ...a.set, ...b.set }, entries);
}

function squashTable<T extends Table>(table: T, a: TableDelta<T>, b: TableDelta<T>): TableDelta<T> {
  const put = new Map<string, RecordByTable[T]>(a.put.map((record) => [record.id, record]));
  const patch = new Map<string, RecordPatch<T>>(a.patch.map((change) => [change.id, change]));
  const drop = new Set(a.drop);
  for (const id of b.drop) {
    put.delete(id);
    patch.delete(id);
    drop.add(id);
  }
  for (const record of b.put) {
    patch.delete(record.id);
    drop.delete(record.id);
    put.set(record.id, record);
  }
  for (const change of b.patch) {
    // A patch of a record that the first delta dropped finds nothing to change.
    if (drop.has(change.id)) continue;
    const whole = put.get(change.id);
    const earlier = patch.get(change.id);
    if (whole !== undefined) put.set(change.id, applyPatch(table, whole, change));
    else patch.set(change.id, earlier === undefined ? change : squashPatches(table, earlier, change));
  }
  return { put: [...put.values()], patch: [...patch.values()], drop: [...drop] };
}

/** The delta over `a` and then `b`. Throws unless `b` begins where `a` ends. */
export function squash(a: Delta, b: Delta): Delta {
  if (a.epoch !== b.epoch || a.to !== b.from) {
    throw new Error(`cannot squash ${a.epoch}.${a.from}..${a.to} with ${b.epoch}.${b.from}..${b.to}`);
  }
  const tables: Partial<Record<Table, unknown>> = {};
  for (const table of TABLES) {
    const first = a.tables[table] as TableDelta<Table> | undefined;
    const second = b.tables[table] as TableDelta<Table> | undefined;
    const both = first !== undefined && second !== undefined ? squashTable(table, first, second) : (second ?? first);
    if (both !== undefined) tables[table] = both;
  }
  const cluster = b.cluster ?? a.cluster;
  return {
    epoch: a.epoch,
    from: a.from,
    to: b.to,
    at: b.at,
    ...(cluster === undefined ? {} : { cluster }),
    tables: tables as Delta['tables'],
  };
}

/** One delta over consecutive ones; null for an empty list. Squashes neighbours first, so that n small deltas cost n log n, not n². */
export function squashAll(deltas: readonly Delta[]): Delta | null {
  let level = [...deltas];
  while (level.length > 1) {
    const next: Delta[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [a, b] = [level[i], level[i + 1]];
      if (a !== undefined) next.push(b === undefined ? a : squash(a, b));
    }
    level = next;
  }
  return level[0] ?? null;
}
