/** Computes the delta that leads from one record set to another. */
import type { Delta, RecordPatch, TableDelta } from '../model/delta';
import { TABLES, type RecordByTable, type RecordMaps, type Table } from '../model/records';
import { equal } from '../model/equal';
import { diffEntries, entriesOf, keyedFieldsOf, withEntries, type EntryPatches } from './keyed';

type Tables = Delta['tables'];

/** The fields that differ between two states of one record; null when none does. */
export function diffRecord<T extends Table>(
  table: T,
  before: RecordByTable[T],
  after: RecordByTable[T],
): RecordPatch<T> | null {
  if (before === after) return null;
  const keyed = keyedFieldsOf(table);
  const set: Record<string, unknown> = {};
  const entries: EntryPatches = new Map();
  let any = false;
  for (const field in after) {
    const old: unknown = before[field];
    const value: unknown = after[field];
    if (old === value) continue;
    const list = keyed.find(([name]) => name === field);
    if (list === undefined) {
      if (equal(old, value)) continue;
      set[field] = value;
    } else {
      const change = diffEntries(entriesOf(before, list[0]), entriesOf(after, list[0]), list[1]);
      if (change === null) continue;
      entries.set(list[0], change);
    }
    any = true;
  }
  return any ? withEntries<T>(after.id, set as Partial<RecordByTable[T]>, entries) : null;
}

/** Collects the changes of one table; `delta` is null when there are none. */
export class TableChanges<T extends Table> {
  readonly #table: T;
  readonly #put: RecordByTable[T][] = [];
  readonly #patch: RecordPatch<T>[] = [];
  readonly #drop: string[] = [];

  constructor(table: T) {
    this.#table = table;
  }

  add(id: string, before: RecordByTable[T] | undefined, after: RecordByTable[T] | undefined): void {
    if (after === undefined) {
      if (before !== undefined) this.#drop.push(id);
    } else if (before === undefined) {
      this.#put.push(after);
    } else {
      const patch = diffRecord(this.#table, before, after);
      if (patch !== null) this.#patch.push(patch);
    }
  }

  get delta(): TableDelta<T> | null {
    if (this.#put.length + this.#patch.length + this.#drop.length === 0) return null;
    return { put: this.#put, patch: this.#patch, drop: this.#drop };
  }
}

function diffTable<T extends Table>(
  table: T,
  before: ReadonlyMap<string, RecordByTable[T]>,
  after: ReadonlyMap<string, RecordByTable[T]>,
): TableDelta<T> | null {
  const changes = new TableChanges(table);
  for (const [id, record] of after) changes.add(id, before.get(id), record);
  for (const [id, record] of before) if (!after.has(id)) changes.add(id, record, undefined);
  return changes.delta;
}

/** The tables' deltas that lead from one record set to another; an empty object when they are equal. */
export function diffTables(before: RecordMaps, after: RecordMaps): Tables {
  const tables: Partial<Record<Table, unknown>> = {};
  for (const table of TABLES) {
    const delta = diffTable(table, before[table] as never, after[table] as never);
    if (delta !== null) tables[table] = delta;
  }
  return tables as Tables;
}
