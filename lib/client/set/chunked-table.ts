/** A table of records in chunks, as a map: `get` reads one chunk, a pass over all of them reads every chunk once. */
import type { RecordByTable } from '../../model/records';
import type { ChunkedTable } from './chunk';
import type { ChunkRouter } from './chunk-router';
import type { ChunkStore } from './chunk-store';

export class ChunkedMap<T extends ChunkedTable> implements ReadonlyMap<string, RecordByTable[T]> {
  readonly #table: T;
  readonly #store: ChunkStore;
  readonly #router: ChunkRouter;

  readonly #before: (id: string) => RecordByTable[T] | undefined;

  /** `before`: a record whose chunk has not come, where the head has it. */
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

  /** All records, those included that have not come. */
  get size(): number {
    return this.#router.sizeOf(this.#table);
  }

  /** Undefined also for a record whose chunk has not come, unless the head has it. */
  get(id: string): RecordByTable[T] | undefined {
    const chunk = this.#router.chunkOf(this.#table, id);
    return chunk === undefined ? this.#before(id) : this.#store.records(chunk)[this.#table].get(id);
  }

  /** Of an ENI whose chunk has not come this is true already. */
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

/** Ids of all tables lie in one place; their kind stands at their beginning. */
const PREFIX: Readonly<Record<ChunkedTable, string>> = {
  pods: 'pod:',
  interfaces: 'if:',
  enis: 'eni-',
  hostNics: 'nic:',
  attachments: 'att:',
};
