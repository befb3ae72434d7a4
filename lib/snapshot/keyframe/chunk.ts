/** Encodes and decodes chunks of records. */
import type { IpPoolRecord, SignalRecord } from '../../model/records';
import type { ParseLike } from '../columns/alike';
import { decodeTable, encodeTable } from '../columns/own-tables';
import { NodeList } from '../columns/nodes';
import { locateRows, type LocatedTables } from '../columns/located-rows';
import { decodeNodeTables, encodeNodeTables } from '../columns/node-tables';
import type { PackedTable } from '../columns/node-rows';
import type { NodeTables } from '../columns/node-tables';
import type { SharedWords } from '../columns/shared';
import type { ChunkText } from './format';

/** The records of a chunk: those of some nodes, or some of those without a node. */
export interface ChunkRecords extends NodeTables {
  readonly ipPools: readonly IpPoolRecord[];
  readonly signals: readonly SignalRecord[];
}

type OwnTable = Exclude<keyof ChunkRecords, keyof NodeTables>;

/** Encodes a chunk as JSON text. `nodes` must contain every node that the records refer to. */
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

/** The inverse of `encodeChunk`. `words`: all shared texts sent before the chunk; `parse` is shared by all chunks. */
export const decodeChunk = (
  { nodes, tables }: ChunkText,
  words: readonly string[],
  parse: ParseLike,
): ChunkRecords => ({
  ...decodeNodeTables(tables, new NodeList(nodes), words, parse),
  ipPools: decodeTable('ipPools', tables.ipPools),
  signals: decodeTable('signals', tables.signals),
});

/** Like `decodeChunk`, but only what locates the records. */
export const locateChunk = ({ nodes, tables }: ChunkText, words: readonly string[], parse: ParseLike): LocatedTables =>
  locateRows(tables, new NodeList(nodes), words, parse);
