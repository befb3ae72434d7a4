/**
 * Records between threads: a field of which nothing is to be said (null, an empty list or map, where the schema has that as its absent
 * value) is left out. Most fields of most records are such, and who reads them again shares one value for all.
 */
import type { RecordByTable, Table } from '../model/records';
import { absentValueOf } from '../model/schema/shape';
import { perTable, RECORDS } from '../model/schema/tables';

type Fields = Record<string, unknown>;

const isEmpty = (value: object): boolean =>
  Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;

/** Whether a value equals the field's value when absent. */
const isAbsent = (value: unknown, absent: unknown): boolean =>
  absent === null || typeof value !== 'object' || value === null
    ? value === absent
    : Array.isArray(value) === Array.isArray(absent) && isEmpty(value);

/** By table the fields that may be left out, with what that means. */
const ABSENT: Readonly<Record<Table, Fields>> = perTable((table) => {
  const fields: Fields = {};
  for (const [name, shape] of RECORDS[table].fields) {
    const absent = absentValueOf(shape);
    if (absent === null || (typeof absent === 'object' && isEmpty(absent))) fields[name] = Object.freeze(absent);
  }
  return fields;
});
const NAMES = perTable((table) => Object.keys(ABSENT[table]));

/** The record as it travels: fields that are left out are undefined, which JSON does not write. */
export function withoutAbsent(table: Table, record: RecordByTable[Table]): object {
  const copy = { ...record } as unknown as Fields;
  const absent = ABSENT[table];
  for (const name of NAMES[table]) if (isAbsent(copy[name], absent[name])) copy[name] = undefined;
  return copy;
}

/** Of what `withoutAbsent` made, read back. */
export const withAbsent = <T extends Table>(table: T, record: object): RecordByTable[T] =>
  ({ ...ABSENT[table], ...record }) as unknown as RecordByTable[T];
