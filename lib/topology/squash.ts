/**
 * Two consecutive deltas as one. Any split of a span squashes to the same state: `apply(apply(s, a), b) = apply(s, squash(a, b))`.
 */
import type { Delta, RecordPatch, TableDelta } from '../model/delta';
import type { RecordByTable, Table } from '../model/records';
import { TABLES } from '../model/records';
import { applyPatch } from './apply';

/** `b` must follow `a` in the same epoch; anything else is our mistake and throws. */
export function squash(a: Delta, b: Delta): Delta {
  if (a.epoch !== b.epoch || a.to !== b.from) {
    throw new Error(`cannot squash ${a.epoch}.${a.from}–${a.to} with ${b.epoch}.${b.from}–${b.to}`);
  }
  const tables: { -readonly [T in Table]?: TableDelta<Table> } = {};
  for (const table of TABLES) {
    const merged = squashTable(
      a.tables[table] as TableDelta<Table> | undefined,
      b.tables[table] as TableDelta<Table> | undefined,
    );
    if (merged !== undefined) tables[table] = merged;
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

export function squashTable<T extends Table>(
  a: TableDelta<T> | undefined,
  b: TableDelta<T> | undefined,
): TableDelta<T> | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const put = new Map<string, RecordByTable[T]>(a.put.map((record) => [record.id, record]));
  const patch = new Map<string, RecordPatch<T>>(a.patch.map((one) => [one.id, one]));
  const drop = new Set(a.drop);
  for (const record of b.put) {
    put.set(record.id, record);
    patch.delete(record.id);
    drop.delete(record.id);
  }
  for (const change of b.patch) {
    const whole = put.get(change.id);
    const earlier = patch.get(change.id);
    if (whole !== undefined) put.set(change.id, applyPatch<T>(whole, change));
    else if (drop.has(change.id)) continue;
    else patch.set(change.id, earlier === undefined ? change : mergePatches(earlier, change));
  }
  for (const id of b.drop) {
    put.delete(id);
    patch.delete(id);
    drop.add(id);
  }
  return { put: [...put.values()], patch: [...patch.values()], drop: [...drop] };
}

function mergePatches<T extends Table>(a: RecordPatch<T>, b: RecordPatch<T>): RecordPatch<T> {
  const addresses = mergeLists(a.addresses, b.addresses, ({ ip }) => ip);
  const prefixes = mergeLists(a.prefixes, b.prefixes, ({ cidr }) => cidr);
  return {
    id: a.id,
    set: { ...a.set, ...b.set },
    ...(addresses === undefined ? {} : { addresses }),
    ...(prefixes === undefined ? {} : { prefixes }),
  };
}

interface ListChange<E> {
  readonly put: readonly E[];
  readonly drop: readonly string[];
}

function mergeLists<E>(
  a: ListChange<E> | undefined,
  b: ListChange<E> | undefined,
  keyOf: (entry: E) => string,
): ListChange<E> | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const put = new Map(a.put.map((entry) => [keyOf(entry), entry]));
  const drop = new Set(a.drop);
  for (const key of b.drop) {
    put.delete(key);
    drop.add(key);
  }
  for (const entry of b.put) {
    put.set(keyOf(entry), entry);
    drop.delete(keyOf(entry));
  }
  return { put: [...put.values()], drop: [...drop] };
}
