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

/** The changes of one table, in the order in which they are added. */
class TableChanges<T extends Table> {
  readonly #table: T;
  readonly #put = new Map<string, RecordByTable[T]>();
  readonly #patch = new Map<string, RecordPatch<T>>();
  readonly #drop = new Set<string>();

  constructor(table: T) {
    this.#table = table;
  }

  add({ put, patch, drop }: TableDelta<T>): void {
    for (const id of drop) {
      this.#put.delete(id);
      this.#patch.delete(id);
      this.#drop.add(id);
    }
    for (const record of put) {
      this.#patch.delete(record.id);
      this.#drop.delete(record.id);
      this.#put.set(record.id, record);
    }
    for (const change of patch) {
      // A patch of a dropped record finds nothing to change.
      if (this.#drop.has(change.id)) continue;
      const whole = this.#put.get(change.id);
      const earlier = this.#patch.get(change.id);
      if (whole !== undefined) this.#put.set(change.id, applyPatch(this.#table, whole, change));
      else this.#patch.set(change.id, earlier === undefined ? change : squashPatches(this.#table, earlier, change));
    }
  }

  get delta(): TableDelta<T> {
    return { put: [...this.#put.values()], patch: [...this.#patch.values()], drop: [...this.#drop] };
  }
}

/** One delta over consecutive ones; null for an empty list. Throws unless each begins where the previous one ends. */
export function squashAll(deltas: readonly Delta[]): Delta | null {
  const [first, ...others] = deltas;
  if (first === undefined || others.length === 0) return first ?? null;
  let last = first;
  let cluster = first.cluster;
  for (const delta of others) {
    if (last.epoch !== delta.epoch || last.to !== delta.from)
      throw new Error(
        `cannot squash ${last.epoch}.${last.from}..${last.to} with ${delta.epoch}.${delta.from}..${delta.to}`,
      );
    cluster = delta.cluster ?? cluster;
    last = delta;
  }
  const tables: Partial<Record<Table, unknown>> = {};
  for (const table of TABLES) {
    const changes = deltas.flatMap((delta) => (delta.tables[table] as TableDelta<Table> | undefined) ?? []);
    if (changes.length === 0) continue;
    const all = new TableChanges(table);
    for (const change of changes) all.add(change);
    tables[table] = all.delta;
  }
  return {
    epoch: first.epoch,
    from: first.from,
    to: last.to,
    at: last.at,
    ...(cluster === undefined ? {} : { cluster }),
    tables: tables as Delta['tables'],
  };
}

/** The delta over `a` and then `b`. Throws unless `b` begins where `a` ends. */
export const squash = (a: Delta, b: Delta): Delta => squashAll([a, b]) ?? a;
