/** Groups the records of a keyframe's chunks by node. */
import type { NodeRecord, RecordMaps, Table } from '../../model/records';
import type { ChunkRecords } from './chunk';
import { CHUNK_TABLES } from './format';

type MutableRecords = { readonly [T in keyof ChunkRecords]: ChunkRecords[T][number][] };

const noRecords = (): MutableRecords => ({
  enis: [],
  pods: [],
  interfaces: [],
  hostNics: [],
  attachments: [],
  ipPools: [],
  signals: [],
});

/** The records of all chunk tables at one moment. */
export type ChunkLists = readonly (readonly [table: keyof ChunkRecords, records: readonly object[]])[];

/** Copies the lists, so that the records may change while the lists are read. */
export const chunkLists = (records: RecordMaps): ChunkLists =>
  CHUNK_TABLES.map((table) => [table, [...records[table].values()]]);

/** Whether the table's records are in `records` chunks. */
export const isChunkTable = (table: Table): table is keyof ChunkRecords =>
  (CHUNK_TABLES as readonly Table[]).includes(table);

/** The node that a record refers to; null without one, and for tables without nodes. */
export const nodeNamed = (record: object): string | null =>
  'node' in record && typeof record.node === 'string' ? record.node : null;

/** Records processed between two pauses. */
const RECORDS_A_STEP = 5_000;
/** An ENI with its addresses counts as this many rows. */
const ENI_ROWS = 5;

/** Number of rows of a node, with ENIs weighted: a measure of the time to read them. */
export const weightOf = (records: ChunkRecords | undefined): number =>
  records === undefined ? 0 : CHUNK_TABLES.reduce((sum, table) => sum + records[table].length * rowsOf(table), 0);

const rowsOf = (table: keyof ChunkRecords): number => (table === 'enis' ? ENI_ROWS : 1);

/** Counts the rows of each of these nodes, in steps. */
export function* rowsByNode(
  lists: ChunkLists,
  nodes: ReadonlySet<string>,
): Generator<undefined, ReadonlyMap<string, number>> {
  const rows = new Map([...nodes].map((id) => [id, 0]));
  let looked = 0;
  for (const [table, records] of lists)
    for (const record of records) {
      const node = nodeNamed(record);
      const known = node === null ? undefined : rows.get(node);
      if (node !== null && known !== undefined) rows.set(node, known + rowsOf(table));
      if (++looked % RECORDS_A_STEP === 0) yield;
    }
  return rows;
}

/** Records grouped by node. */
export interface Parted {
  readonly byNode: ReadonlyMap<string, ChunkRecords>;
  /** Records without a node, or whose node does not exist. */
  readonly rest: ChunkRecords;
}

/** Groups records by node, in steps. Records of `nodes` that are not `wanted` are skipped. */
export function* partByNode(
  lists: ChunkLists,
  nodes: ReadonlyMap<string, NodeRecord>,
  wanted: Iterable<string>,
): Generator<undefined, Parted> {
  const byNode = new Map([...wanted].map((id) => [id, noRecords()]));
  const rest = noRecords();
  let looked = 0;
  for (const [table, records] of lists)
    for (const record of records) {
      const node = nodeNamed(record);
      const part = node === null || !nodes.has(node) ? rest : byNode.get(node);
      // A table's records match its list, which the compiler cannot infer for a variable table.
      (part?.[table] as object[] | undefined)?.push(record);
      if (++looked % RECORDS_A_STEP === 0) yield;
    }
  return { byNode, rest };
}

/** Merges the records of several nodes. */
export function together(parts: readonly (ChunkRecords | undefined)[]): ChunkRecords {
  const all = noRecords();
  for (const part of parts)
    if (part !== undefined)
      for (const table of CHUNK_TABLES) for (const one of part[table]) (all[table] as object[]).push(one);
  return all;
}

/** Divides records into parts with at most `rows` rows of each table. No parts for no records. */
export function divided(records: ChunkRecords, rows: number): readonly ChunkRecords[] {
  const most = Math.max(...CHUNK_TABLES.map((table) => records[table].length));
  return Array.from(
    { length: Math.ceil(most / rows) },
    (_, index) =>
      Object.fromEntries(
        CHUNK_TABLES.map((table) => [table, records[table].slice(index * rows, (index + 1) * rows)]),
      ) as unknown as ChunkRecords,
  );
}
