/** Tables whose rows are the records themselves. */
import { byCodeUnit } from '../../model/order';
import type { ValueOf } from '../../model/schema/shape';
import { RECORDS } from '../../model/schema/tables';
import { decodeColumn, encodeColumn } from './codec';
import type { PackedTable } from './node-rows';

/** Encodes a table, sorted by id. */
export const encodeTable = <T extends keyof typeof RECORDS>(
  table: T,
  records: readonly ValueOf<(typeof RECORDS)[T]>[],
): PackedTable =>
  records.length === 0
    ? [0, null]
    : [
        records.length,
        encodeColumn(
          RECORDS[table],
          records.toSorted((a, b) => byCodeUnit(a.id, b.id)),
        ),
      ];

/** The inverse of `encodeTable`. */
export const decodeTable = <T extends keyof typeof RECORDS>(
  table: T,
  [rows, columns]: PackedTable,
): readonly ValueOf<(typeof RECORDS)[T]>[] =>
  decodeColumn(RECORDS[table], columns, rows) as readonly ValueOf<(typeof RECORDS)[T]>[];
