/**
 * Computes a value for every chunk, a few milliseconds at a time, and again only for changed chunks, so that a pass
 * never blocks the page.
 */
import type { ChunkRecords } from './chunk';
import type { ChunkedReplica } from './chunked-replica';

/** The chunks to pass over; none before a set has arrived. */
type Chunks = Partial<Pick<ChunkedReplica, 'chunks' | 'read'>>;

/** Milliseconds of work in one task. */
const SLICE = 8;

interface Entry<R> {
  readonly revision: number;
  readonly value: R;
}

/** The result of a pass so far. */
export interface PassResult<R> {
  /** The values by chunk; chunks that have not arrived or not been read are left out. */
  readonly values: readonly R[];
  /** Whether every record has been read. */
  readonly complete: boolean;
  /** The fraction of chunks that have been read, 0 to 1. */
  readonly share: number;
}

/** A repeated pass of one computation. */
export class ChunkPass<R> {
  readonly #compute: (records: ChunkRecords) => R;
  readonly #onResult: () => void;
  readonly #entries = new Map<number, Entry<R>>();
  #replica: Chunks | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #result: PassResult<R> = { values: [], complete: false, share: 0 };

  /** `onResult` is called when `result` has changed. */
  constructor(compute: (records: ChunkRecords) => R, onResult: () => void) {
    this.#compute = compute;
    this.#onResult = onResult;
  }

  get result(): PassResult<R> {
    return this.#result;
  }

  /** Schedules a pass over changed chunks. */
  refresh(replica: Chunks): void {
    if (replica !== this.#replica) this.#entries.clear();
    this.#replica = replica;
    this.#timer ??= setTimeout(() => this.#slice(), 0);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #slice(): void {
    this.#timer = null;
    const replica = this.#replica;
    if (replica === null) return;
    const until = performance.now() + SLICE;
    let changed = false;
    const { chunks = [], read } = replica;
    const due = [...chunks.keys()].filter((index) => this.#isDue(chunks[index], index));
    while (read !== undefined && due.length > 0 && performance.now() < until) {
      const index = due.shift() ?? 0;
      const revision = chunks[index]?.revision ?? 0;
      this.#entries.set(index, { revision, value: read(index, this.#compute) });
      changed = true;
    }
    const left = due.length;
    if (left > 0) this.#timer = setTimeout(() => this.#slice(), 0);
    const all = chunks.length;
    // Progress is shown the first time; later the last complete result stays until the next one is complete.
    if ((changed || (all === 0 && !this.#result.complete)) && (left === 0 || !this.#result.complete))
      this.#publish(all, left === 0);
  }

  #isDue(chunk: { readonly here: boolean; readonly revision: number } | undefined, index: number): boolean {
    return chunk?.here === true && this.#entries.get(index)?.revision !== chunk.revision;
  }

  #publish(all: number, done: boolean): void {
    const share = all === 0 ? 1 : this.#entries.size / all;
    this.#result = {
      values: [...this.#entries].sort(([a], [b]) => a - b).map(([, { value }]) => value),
      complete: done && this.#entries.size === all,
      share,
    };
    this.#onResult();
  }
}
