/**
 * A value of every chunk, computed a few milliseconds at a time and again only for chunks that have changed: what looks at
 * all pods or interfaces (a filter, a table) never holds the page up.
 */
import type { ChunkRecords } from './chunk';
import type { ChunkedReplica } from './chunked-replica';

/** What it passes over; a set that is not there yet has no chunks. */
type Chunks = Partial<Pick<ChunkedReplica, 'chunks' | 'read'>>;

/** Milliseconds of work in one task. */
const SLICE = 8;

interface Entry<R> {
  readonly revision: number;
  readonly value: R;
}

export interface PassResult<R> {
  /** By chunk; those that have not come, or have not been looked at, are not there. */
  readonly values: readonly R[];
  /** Whether every record has been looked at. */
  readonly complete: boolean;
  /** Of all chunks, how many have been looked at, 0 to 1. */
  readonly share: number;
}

export class ChunkPass<R> {
  readonly #compute: (records: ChunkRecords) => R;
  readonly #onResult: () => void;
  readonly #entries = new Map<number, Entry<R>>();
  #replica: Chunks | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #result: PassResult<R> = { values: [], complete: false, share: 0 };

  /** `onResult` is called when `result` is another one. */
  constructor(compute: (records: ChunkRecords) => R, onResult: () => void) {
    this.#compute = compute;
    this.#onResult = onResult;
  }

  get result(): PassResult<R> {
    return this.#result;
  }

  /** Looks at what has changed, soon. */
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
    // The first time progress is shown; later the last complete result stays until the next one is.
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
