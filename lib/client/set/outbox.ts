/** The parts of one delta, by the chunk that each goes to. */
import type { RecordPatch } from '../../model/delta';
import type { RecordByTable } from '../../model/records';
import type { Chunk, ChunkDelta, ChunkedTable } from './chunk';

interface Lists<T extends ChunkedTable> {
  readonly put: RecordByTable[T][];
  readonly patch: RecordPatch<T>[];
  readonly drop: string[];
}

/** Collects the changes for each chunk. */
export class Outbox {
  readonly #of = new Map<Chunk, Map<ChunkedTable, unknown>>();

  to<T extends ChunkedTable>(chunk: Chunk, table: T): Lists<T> {
    const tables = this.#of.get(chunk) ?? new Map<ChunkedTable, unknown>();
    this.#of.set(chunk, tables);
    const lists = (tables.get(table) ?? { put: [], patch: [], drop: [] }) as Lists<T>;
    tables.set(table, lists);
    return lists;
  }

  *parts(): Iterable<readonly [Chunk, ChunkDelta]> {
    for (const [chunk, tables] of this.#of) yield [chunk, Object.fromEntries(tables)];
  }
}
