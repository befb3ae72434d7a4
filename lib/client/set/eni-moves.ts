/** ENIs that have moved to a node of another chunk while the chunk with their record has not arrived. */
import type { Chunk } from './chunk';

/** The waiting moves, by the chunk that has the record. */
export class EniMoves {
  readonly #waiting = new Map<Chunk, Set<string>>();

  wait(chunk: Chunk, id: string): void {
    this.#waiting.set(chunk, (this.#waiting.get(chunk) ?? new Set<string>()).add(id));
  }

  cancel(chunk: Chunk, id: string): void {
    this.#waiting.get(chunk)?.delete(id);
  }

  /** The chunk that still has an ENI waiting to be moved. */
  holderOf(id: string): Chunk | undefined {
    for (const [chunk, ids] of this.#waiting) if (ids.has(id)) return chunk;
    return undefined;
  }

  /** Removes and returns the ENIs that wait for a chunk. */
  take(chunk: Chunk): Iterable<string> {
    const ids = this.#waiting.get(chunk) ?? [];
    this.#waiting.delete(chunk);
    return ids;
  }
}
