/** Parts the records that a keyframe needs by node. */
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

/** The records of all chunks, as they are now. */
export type ChunkLists = readonly (readonly [table: keyof ChunkRecords, records: readonly object[]])[];

export const chunkLists = (records: RecordMaps): ChunkLists =>
  CHUNK_TABLES.map((table) => [table, [...records[table].values()]]);

export const isChunkTable = (table: Table): table is keyof ChunkRecords =>
  (CHUNK_TABLES as readonly Table[]).includes(table);

/** The node that a record names; null for a record of a table without nodes too. */
export const nodeNamed = (record: object): string | null =>
  'node' in record && typeof record.node === 'string' ? record.node : null;

/** Records that are looked at between two pauses. */
const RECORDS_A_STEP = 5_000;
/** An ENI with its addresses counts for so many rows. */
const ENI_ROWS = 5;

/** Rows of a node: what reading them takes. */
export const weightOf = (records: ChunkRecords | undefined): number =>
  records === undefined ? 0 : CHUNK_TABLES.reduce((sum, table) => sum + records[table].length * rowsOf(table), 0);

const rowsOf = (table: keyof ChunkRecords): number => (table === 'enis' ? ENI_ROWS : 1);

/** Rows of each of these nodes. */
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

export interface Parted {
  readonly byNode: ReadonlyMap<string, ChunkRecords>;
  /** Without a node, or of one that is not there. */
  readonly rest: ChunkRecords;
}

/** `wanted`: nodes whose records are wanted; those of the others of `nodes` are passed over. */
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
      // A table's records and its list belong together; a variable table hides that from the compiler.
      (part?.[table] as object[] | undefined)?.push(record);
      if (++looked % RECORDS_A_STEP === 0) yield;
    }
  return { byNode, rest };
}

/** The records of several nodes in one. */
export function together(parts: readonly (ChunkRecords | undefined)[]): ChunkRecords {
  const all = noRecords();
  for (const part of parts)
    if (part !== undefined)
      for (const table of CHUNK_TABLES) for (const one of part[table]) (all[table] as object[]).push(one);
  return all;
}

/** Divides records into several with at most so many rows of each table. None for no records. */
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
