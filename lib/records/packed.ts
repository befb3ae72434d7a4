/**
 * Records as sent between threads: field by field, and a value that several records share once. Most fields of most
 * records are absent or repeat, so this takes less than half the bytes of the records as JSON, and the receiver holds one
 * object for equal values, as the sender does.
 */
import type { RecordPatch } from '../model/delta';
import type { RecordByTable, Table } from '../model/records';
import { absentValueOf } from '../model/schema/shape';
import { perTable, RECORDS } from '../model/schema/tables';
import type { SharedValues } from './shared-values';

/** The values of one field. */
interface Column {
  readonly values: readonly unknown[];
  /** The position in `values` by record; without it, there is one value for each record or one for all. */
  readonly at?: readonly number[];
}

/** Records of one table. A field whose value is absent in all of them is left out. */
export interface Packed {
  readonly count: number;
  readonly fields: Readonly<Record<string, Column>>;
}

/** Patches that set the same fields. */
export interface PackedPatches {
  readonly set: Packed;
  /** Ids and keyed lists. */
  readonly rest: Packed;
}

type Fields = Record<string, unknown>;

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Array.isArray(value) ? value : Object.keys(value)).length === 0;

/** By table: every field in the schema's order with its value when absent (null, an empty list or map), else null. */
const TEMPLATES: Readonly<Record<Table, Fields>> = perTable((table) => {
  // A parsed object has exactly as much room as it has fields, and so have its copies.
  const names = RECORDS[table].fields.map(([name]) => [name, null]);
  const template = JSON.parse(JSON.stringify(Object.fromEntries(names))) as Fields;
  for (const [name, shape] of RECORDS[table].fields) {
    const absent = absentValueOf(shape);
    if (isEmpty(absent)) template[name] = Object.freeze(absent);
  }
  return template;
});

/** The template's own value for an equal one, so that both are the same object. */
const orAbsent = (value: unknown, absent: unknown): unknown =>
  isEmpty(value) && isEmpty(absent) && Array.isArray(value) === Array.isArray(absent) ? absent : value;

/** The column of one field. Values are compared by identity. */
function columnOf(objects: readonly Fields[], name: string, absent: unknown): Column {
  const positions = new Map<unknown, number>();
  const at = objects.map((object) => {
    const value = orAbsent(object[name], absent);
    const known = positions.get(value);
    if (known === undefined) positions.set(value, positions.size);
    return known ?? positions.size - 1;
  });
  const values = [...positions.keys()];
  return values.length === 1 || values.length === objects.length ? { values } : { values, at };
}

/**
 * Among fewer records than this, whether a value repeats cannot be seen: pods are replaced a few at a time, and have the
 * labels and owners of those before.
 */
const FEW = 32;

/** Sets one field of all objects from its column. */
function fillIn(objects: readonly Fields[], name: string, column: Column, absent: unknown, shared: SharedValues): void {
  const { values, at } = column;
  const repeats = objects.length < FEW || values.length <= objects.length / 2;
  const own = values.map((value) => orAbsent(repeats ? shared.of(value) : value, absent));
  objects.forEach((object, index) => {
    object[name] = own.length === 1 ? own[0] : own[at === undefined ? index : (at[index] ?? 0)];
  });
}

/** Packs whole records. */
export function packRecords<T extends Table>(table: T, records: readonly RecordByTable[T][]): Packed {
  const fields: Record<string, Column> = {};
  for (const [name, absent] of Object.entries(TEMPLATES[table])) {
    const column = columnOf(records, name, absent);
    if (column.values.length !== 1 || column.values[0] !== absent) fields[name] = column;
  }
  return { count: records.length, fields };
}

/** Restores the output of `packRecords`. `shared`: the values of previous calls. */
export function unpackRecords<T extends Table>(
  table: T,
  { count, fields }: Packed,
  shared: SharedValues,
): RecordByTable[T][] {
  const template: Fields = TEMPLATES[table];
  // All records have one hidden class, with their fields in the object itself.
  const records = Array.from({ length: count }, () => ({ ...template }));
  for (const [name, column] of Object.entries(fields)) fillIn(records, name, column, template[name], shared);
  return records as unknown as RecordByTable[T][];
}

/** Packs patches, those that set the same fields together. A patch's keyed lists are one field each, beside the set ones. */
export function packPatches<T extends Table>(patches: readonly RecordPatch<T>[]): readonly PackedPatches[] {
  const groups = new Map<string, { readonly set: Fields[]; readonly rest: Fields[] }>();
  for (const { set, ...rest } of patches) {
    const key = JSON.stringify([Object.keys(set), Object.keys(rest)]);
    const group = groups.get(key) ?? { set: [], rest: [] };
    groups.set(key, group);
    group.set.push(set);
    group.rest.push(rest);
  }
  const pack = (objects: readonly Fields[]): Packed => {
    const names = Object.keys(objects[0] ?? {});
    const fields = names.map((name) => [name, columnOf(objects, name, undefined)] as const);
    return { count: objects.length, fields: Object.fromEntries(fields) };
  };
  return [...groups.values()].map(({ set, rest }) => ({ set: pack(set), rest: pack(rest) }));
}

/** Restores the output of `packPatches`, in the order of the groups. */
export function unpackPatches<T extends Table>(
  table: T,
  groups: readonly PackedPatches[],
  shared: SharedValues,
): RecordPatch<T>[] {
  const template: Fields = TEMPLATES[table];
  const unpack = ({ count, fields }: Packed): Fields[] => {
    const objects = Array.from({ length: count }, (): Fields => ({}));
    for (const [name, column] of Object.entries(fields)) fillIn(objects, name, column, template[name], shared);
    return objects;
  };
  return groups.flatMap(({ set, rest }) => {
    const all = unpack(rest);
    return unpack(set).map((fields, index) => ({ ...all[index], set: fields }) as unknown as RecordPatch<T>);
  });
}
