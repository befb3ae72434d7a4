/**
 * What leads from one set of records to another. Unchanged records cost a reference comparison where their identity was kept,
 * a deep one otherwise; an ENI's addresses and prefixes are compared entry by entry, so that one pod's change stays small.
 */
import type { RecordPatch, TableDelta } from '../model/delta';
import type { EniRecord, RecordByTable, RecordMaps, Table } from '../model/records';
import { TABLES } from '../model/records';
import { equalJson } from './equal';

export type TableDeltas = { readonly [T in Table]?: TableDelta<T> };

/** A whole-record put is as good as a patch of this many fields. */
const PATCH_FIELDS = 24;

/** Null when equal. */
export function patchOf<T extends Table>(before: RecordByTable[T], after: RecordByTable[T]): RecordPatch<T> | null {
  if (before === after) return null;
  const set: Record<string, unknown> = {};
  let addresses: RecordPatch<'enis'>['addresses'];
  let prefixes: RecordPatch<'enis'>['prefixes'];
  for (const key of Object.keys(after) as (keyof RecordByTable[T] & string)[]) {
    if (equalJson(before[key], after[key])) continue;
    if (isEni(before) && isEni(after) && key === ('addresses' as string))
      addresses = diffList(before.addresses, after.addresses, ({ ip }) => ip);
    else if (isEni(before) && isEni(after) && key === ('prefixes' as string))
      prefixes = diffList(before.prefixes, after.prefixes, ({ cidr }) => cidr);
    else set[key] = after[key];
  }
  if (Object.keys(set).length === 0 && addresses === undefined && prefixes === undefined) return null;
  return {
    id: after.id,
    set: set as Partial<RecordByTable[T]>,
    ...(addresses === undefined ? {} : { addresses }),
    ...(prefixes === undefined ? {} : { prefixes }),
  };
}

const isEni = (record: object): record is EniRecord => 'interfaceType' in record && 'addresses' in record;

function diffList<E>(
  before: readonly E[],
  after: readonly E[],
  keyOf: (entry: E) => string,
): { readonly put: readonly E[]; readonly drop: readonly string[] } {
  const old = new Map(before.map((entry) => [keyOf(entry), entry]));
  const put = after.filter((entry) => !equalJson(old.get(keyOf(entry)), entry));
  const kept = new Set(after.map(keyOf));
  return { put, drop: [...old.keys()].filter((key) => !kept.has(key)) };
}

/** What leads from `before` to `after` in one table; null when nothing does. */
export function diffTable<T extends Table>(
  before: ReadonlyMap<string, RecordByTable[T]>,
  after: ReadonlyMap<string, RecordByTable[T]>,
): TableDelta<T> | null {
  const put: RecordByTable[T][] = [];
  const patch: RecordPatch<T>[] = [];
  const drop: string[] = [];
  for (const [id, record] of after) {
    const old = before.get(id);
    if (old === undefined) {
      put.push(record);
      continue;
    }
    const change = patchOf<T>(old, record);
    if (change === null) continue;
    if (Object.keys(change.set).length > PATCH_FIELDS) put.push(record);
    else patch.push(change);
  }
  for (const id of before.keys()) if (!after.has(id)) drop.push(id);
  return put.length + patch.length + drop.length === 0 ? null : { put, patch, drop };
}

/** What leads from one record set to another, all tables. */
export function diffTables(before: RecordMaps, after: RecordMaps): TableDeltas {
  const deltas: { -readonly [T in Table]?: TableDelta<Table> } = {};
  for (const table of TABLES) {
    const delta = diffTable<Table>(before[table], after[table]);
    if (delta !== null) deltas[table] = delta;
  }
  return deltas as TableDeltas;
}
