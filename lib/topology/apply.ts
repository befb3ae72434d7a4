/**
 * One table's delta applied to its map. The same code on the server and in the browser; applying a delta twice changes nothing
 * more. Patches of records that are not there are left out: the delta that drops them may have come first.
 */
import type { RecordPatch, TableDelta } from '../model/delta';
import { compareIps } from '../model/ip';
import { byCodeUnit } from '../model/order';
import type { EniRecord, RecordByTable, Table } from '../model/records';

/** Called for each record that was put, patched or dropped, with the record before and after. */
export type OnChange<T extends Table> = (
  before: RecordByTable[T] | undefined,
  after: RecordByTable[T] | undefined,
) => void;

export function applyTable<T extends Table>(
  map: Map<string, RecordByTable[T]>,
  delta: TableDelta<T>,
  onChange?: OnChange<T>,
): void {
  for (const record of delta.put) {
    const before = map.get(record.id);
    map.set(record.id, record);
    onChange?.(before, record);
  }
  for (const patch of delta.patch) {
    const before = map.get(patch.id);
    if (before === undefined) continue;
    const after = applyPatch(before, patch);
    map.set(patch.id, after);
    onChange?.(before, after);
  }
  for (const id of delta.drop) {
    const before = map.get(id);
    if (before === undefined) continue;
    map.delete(id);
    onChange?.(before, undefined);
  }
}

export function applyPatch<T extends Table>(record: RecordByTable[T], patch: RecordPatch<T>): RecordByTable[T] {
  const after = { ...record, ...patch.set };
  if (patch.addresses === undefined && patch.prefixes === undefined) return after;
  const eni = after as unknown as EniRecord;
  return {
    ...eni,
    addresses: patchList(eni.addresses, patch.addresses, ({ ip }) => ip, compareIps),
    prefixes: patchList(eni.prefixes, patch.prefixes, ({ cidr }) => cidr, compareCidrs),
  } as unknown as RecordByTable[T];
}

/** `10.0.1.16/28` by its address, then by its text. */
export function compareCidrs(a: string, b: string): number {
  const base = (cidr: string): string => cidr.slice(0, cidr.indexOf('/'));
  return compareIps(base(a), base(b)) || byCodeUnit(a, b);
}

/** Entries of a list, some put and some dropped, in the list's own order. */
export function patchList<E>(
  list: readonly E[],
  change: { readonly put: readonly E[]; readonly drop: readonly string[] } | undefined,
  keyOf: (entry: E) => string,
  compare: (a: string, b: string) => number,
): readonly E[] {
  if (change === undefined) return list;
  const entries = new Map(list.map((entry) => [keyOf(entry), entry]));
  for (const key of change.drop) entries.delete(key);
  for (const entry of change.put) entries.set(keyOf(entry), entry);
  return [...entries.values()].sort((a, b) => compare(keyOf(a), keyOf(b)));
}
