/**
 * Records as sent between threads: a field that equals the schema's absent value (null, an empty list or map) is left
 * out. Most fields of most records are absent, and the receiver shares one value for all of them.
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

/** By table: the fields that may be left out, with their absent values. */
const ABSENT: Readonly<Record<Table, Fields>> = perTable((table) => {
  const fields: Fields = {};
  for (const [name, shape] of RECORDS[table].fields) {
    const absent = absentValueOf(shape);
    if (absent === null || (typeof absent === 'object' && isEmpty(absent))) fields[name] = Object.freeze(absent);
  }
  return fields;
});
const NAMES = perTable((table) => Object.keys(ABSENT[table]));

/** The record as sent: fields that are left out are undefined, which JSON omits. */
export function withoutAbsent(table: Table, record: RecordByTable[Table]): object {
  const copy = { ...record } as unknown as Fields;
  const absent = ABSENT[table];
  for (const name of NAMES[table]) if (isAbsent(copy[name], absent[name])) copy[name] = undefined;
  return copy;
}

/** Restores a record from the output of `withoutAbsent`. */
export const withAbsent = <T extends Table>(table: T, record: object): RecordByTable[T] =>
  ({ ...ABSENT[table], ...record }) as unknown as RecordByTable[T];
