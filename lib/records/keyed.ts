/**
 * Keyed lists: lists inside records whose entries are sent individually, such as an ENI's addresses and prefixes or a
 * pool's allocations (`lib/model/delta`). Entries are keyed and sorted by address or range, so that equal content
 * serialises to equal text.
 */
import type { RecordPatch } from '../model/delta';
import { isHiddenAddress } from '../model/hidden-address';
import { compareIps } from '../model/ip';
import type { RecordByTable, Table } from '../model/records';
import { RECORDS, perTable, type KeyedField } from '../model/schema/tables';
import { equal } from '../model/equal';

/** The change of one keyed list: entries that are new or changed, whole, and the keys of removed ones. */
export interface EntryPatch {
  readonly put: readonly object[];
  readonly drop: readonly string[];
}

/** The changes of a record's keyed lists, by field. */
export type EntryPatches = Map<KeyedField, EntryPatch>;

/** The keyed lists of a table's records, and which text identifies an entry. */
type KeyedFields = readonly (readonly [field: KeyedField, key: string])[];

const FIELDS = perTable((table): KeyedFields => Object.entries(RECORDS[table].keyed) as [KeyedField, string][]);

/** The keyed lists of a table's records: each field with the name of the text that identifies an entry. Empty for most tables. */
export const keyedFieldsOf = (table: Table): KeyedFields => FIELDS[table];

type Entry = Readonly<Record<string, unknown>>;

/** The entry's key, `key` being the name of the identifying field; empty if the entry has no such text. */
export const keyOf = (entry: object, key: string): string => {
  const value = (entry as Entry)[key];
  return typeof value === 'string' ? value : '';
};

/** The list of one keyed field of a record. */
export const entriesOf = (record: object, field: KeyedField): readonly object[] => {
  const list = (record as Entry)[field];
  return Array.isArray(list) ? (list as readonly object[]) : [];
};

/** The change of one keyed list within a patch. */
export const entryPatchOf = <T extends Table>(patch: RecordPatch<T>, field: KeyedField): EntryPatch | undefined =>
  patch[field];

const base = (key: string): string => {
  const slash = key.indexOf('/');
  return slash < 0 ? key : key.slice(0, slash);
};

/**
 * Order of entries: by address, then by text (`10.0.0.0/28` before `10.0.0.0/29`). Entries with a hidden address come
 * last.
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const isHidden = isHiddenAddress(a);
  if (isHidden !== isHiddenAddress(b)) return isHidden ? 1 : -1;
  // By length, so that hidden-10 follows hidden-9.
  return (isHidden ? a.length - b.length : compareIps(base(a), base(b))) || (a < b ? -1 : 1);
}

/** The entries that differ; null when none does. */
export function diffEntries(before: readonly object[], after: readonly object[], key: string): EntryPatch | null {
  if (before === after) return null;
  const put: object[] = [];
  // Most changes leave the keys alone; no map is needed as long as keys match.
  let same = 0;
  for (let old = before[0], entry = after[0]; old !== undefined && entry !== undefined;) {
    if (keyOf(old, key) !== keyOf(entry, key)) break;
    if (!equal(old, entry)) put.push(entry);
    same++;
    old = before[same];
    entry = after[same];
  }
  if (same === before.length && same === after.length) return put.length === 0 ? null : { put, drop: [] };
  const old = new Map(before.slice(same).map((entry) => [keyOf(entry, key), entry]));
  for (const entry of after.slice(same)) {
    const name = keyOf(entry, key);
    if (!equal(old.get(name), entry)) put.push(entry);
    old.delete(name);
  }
  return put.length === 0 && old.size === 0 ? null : { put, drop: [...old.keys()] };
}

/** Applies a change to a sorted list; unchanged entries keep their identity. Idempotent. */
export function applyEntries(list: readonly object[], patch: EntryPatch, key: string): readonly object[] {
  const changed = new Map(patch.put.map((entry) => [keyOf(entry, key), entry]));
  const gone = new Set(patch.drop);
  const result: object[] = [];
  for (const entry of list) {
    const name = keyOf(entry, key);
    const next = changed.get(name);
    if (next !== undefined) {
      result.push(equal(entry, next) ? entry : next);
      changed.delete(name);
    } else if (!gone.has(name)) {
      result.push(entry);
    }
  }
  if (changed.size > 0) {
    result.push(...changed.values());
    result.sort((a, b) => compareKeys(keyOf(a, key), keyOf(b, key)));
  }
  return result;
}

/** One change with the effect of `a` followed by `b`. */
export function squashEntries(a: EntryPatch, b: EntryPatch, key: string): EntryPatch {
  const put = new Map(a.put.map((entry) => [keyOf(entry, key), entry]));
  const drop = new Set(a.drop);
  for (const name of b.drop) {
    put.delete(name);
    drop.add(name);
  }
  for (const entry of b.put) {
    put.set(keyOf(entry, key), entry);
    drop.delete(keyOf(entry, key));
  }
  return { put: [...put.values()], drop: [...drop] };
}

/** The patch with these entry changes added. */
export function withEntries<T extends Table>(
  id: string,
  set: Partial<RecordByTable[T]>,
  entries: EntryPatches,
): RecordPatch<T> {
  return { id, set, ...Object.fromEntries(entries) };
}
