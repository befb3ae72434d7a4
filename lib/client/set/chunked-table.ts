/** A table in chunks as a map: `get` reads one chunk, iteration reads every chunk once. */
import type { RecordByTable } from '../../model/records';
import type { ChunkedTable } from './chunk';
import type { ChunkRouter } from './chunk-router';
import type { ChunkStore } from './chunk-store';

/** The records of one chunked table. */
export class ChunkedMap<T extends ChunkedTable> implements ReadonlyMap<string, RecordByTable[T]> {
  readonly #table: T;
  readonly #store: ChunkStore;
  readonly #router: ChunkRouter;

  readonly #before: (id: string) => RecordByTable[T] | undefined;

  /** `before` looks up a record of the head whose chunk has not arrived. */
  constructor(
    table: T,
    store: ChunkStore,
    router: ChunkRouter,
    before: (id: string) => RecordByTable[T] | undefined = () => undefined,
  ) {
    this.#table = table;
    this.#before = before;
    this.#store = store;
    this.#router = router;
  }

  /** Number of records, including those that have not arrived. */
  get size(): number {
    return this.#router.sizeOf(this.#table);
  }

  /** The record; undefined also when its chunk has not arrived and the head lacks it. */
  get(id: string): RecordByTable[T] | undefined {
    const chunk = this.#router.chunkOf(this.#table, id);
    return chunk === undefined ? this.#before(id) : this.#store.records(chunk)[this.#table].get(id);
  }

  /** Already true for an ENI whose chunk has not arrived. */
  has(id: string): boolean {
    return this.#router.chunkOf(this.#table, id) !== undefined && id.startsWith(PREFIX[this.#table]);
  }

  *entries(): MapIterator<[string, RecordByTable[T]]> {
    for (const records of this.#store.all()) yield* records[this.#table];
  }

  *keys(): MapIterator<string> {
    for (const records of this.#store.all()) yield* records[this.#table].keys();
  }

  *values(): MapIterator<RecordByTable[T]> {
    for (const records of this.#store.all()) yield* records[this.#table].values();
  }

  [Symbol.iterator](): MapIterator<[string, RecordByTable[T]]> {
    return this.entries();
  }

  forEach(each: (record: RecordByTable[T], id: string, map: ReadonlyMap<string, RecordByTable[T]>) => void): void {
    for (const [id, record] of this.entries()) each(record, id, this);
  }
}

/** Ids of all tables share one id table; their prefix tells the kind. */
const PREFIX: Readonly<Record<ChunkedTable, string>> = {
  pods: 'pod:',
  interfaces: 'if:',
  enis: 'eni-',
  hostNics: 'nic:',
  attachments: 'att:',
};
