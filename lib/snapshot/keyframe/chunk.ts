/** Encodes and decodes chunks of records. */
import { byCodeUnit } from '../../model/order';
import type { IpPoolRecord, SignalRecord } from '../../model/records';
import type { ValueOf } from '../../model/schema/shape';
import { RECORDS } from '../../model/schema/tables';
import type { ParseLike } from '../columns/alike';
import { decodeColumn, encodeColumn } from '../columns/codec';
import { NodeList } from '../columns/nodes';
import { decodeNodeTables, encodeNodeTables } from '../columns/node-tables';
import type { NodeTables, PackedTable } from '../columns/node-tables';
import type { SharedWords } from '../columns/shared';
import type { ChunkText } from './format';

/** The records of a chunk: those of some nodes, or some of those without a node. */
export interface ChunkRecords extends NodeTables {
  readonly ipPools: readonly IpPoolRecord[];
  readonly signals: readonly SignalRecord[];
}

type OwnTable = Exclude<keyof ChunkRecords, keyof NodeTables>;

/** Encodes a table whose rows are the records themselves, sorted by id. */
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

/** Encodes a chunk as JSON text. `nodes` must contain every node that the records name. */
export function encodeChunk(records: ChunkRecords, nodes: readonly string[], words: SharedWords): string {
  words.nextChunk();
  const own = (table: OwnTable): PackedTable => encodeTable(table, records[table]);
  const chunk: ChunkText = {
    kind: 'records',
    nodes,
    tables: {
      ...encodeNodeTables(records, new NodeList(nodes), words),
      ipPools: own('ipPools'),
      signals: own('signals'),
    },
  };
  return JSON.stringify(chunk);
}

/** The inverse of `encodeChunk`. `words` are all shared texts sent before the chunk; `parse` is shared by all chunks. */
export const decodeChunk = (
  { nodes, tables }: ChunkText,
  words: readonly string[],
  parse: ParseLike,
): ChunkRecords => ({
  ...decodeNodeTables(tables, new NodeList(nodes), words, parse),
  ipPools: decodeTable('ipPools', tables.ipPools),
  signals: decodeTable('signals', tables.signals),
});
