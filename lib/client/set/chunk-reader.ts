/**
 * Reads chunks, wanted ones first: many in a worker, which keeps the page responsive; a few here, because a worker
 * starts slowly.
 */
import type { FromReader, ToReader } from './chunk-worker';
import { readChunk, type ChunkContext, type ReadChunk } from './read-chunk';
import { startReader } from './start-reader';
import { textOf } from './text-of';

interface WaitingChunk {
  /** Position among the chunks of nodes. */
  readonly part: number;
  /** The number of its first node. */
  readonly first: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Reading {
  /** The words of all chunks, as received. */
  readonly words: readonly Uint8Array<ArrayBuffer>[];
  readonly context: ChunkContext;
  /** Whether a chunk should be read before others. */
  readonly isWanted: (part: number) => boolean;
  readonly onChunk: (part: number, chunk: ReadChunk) => void;
  readonly signal: AbortSignal;
}

/** Chunks in the worker at a time: enough to keep it busy while this thread draws a large picture. */
const IN_WORKER = 6;
/** Up to this many chunks are read in this thread. */
const FEW = 6;

/** Chunks that wait to be read. */
export class ChunkQueue {
  readonly #waiting: WaitingChunk[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  push(chunk: WaitingChunk): void {
    this.#waiting.push(chunk);
    this.#wake();
  }

  /** No more chunks will be added. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The next chunk to read; null after the last. */
  async next(isWanted: (part: number) => boolean): Promise<WaitingChunk | null> {
    while (this.#waiting.length === 0) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const wanted = this.#waiting.findIndex(({ part }) => isWanted(part));
    return this.#waiting.splice(Math.max(0, wanted), 1)[0] ?? null;
  }
}

/** Reads until the queue has ended. `count`: total number of chunks. Rejects on anything that is not a chunk. */
export const readChunks = (queue: ChunkQueue, count: number, reading: Reading): Promise<void> =>
  count <= FEW || typeof Worker === 'undefined' ? readHere(queue, reading) : readInWorker(queue, reading);

async function readHere(queue: ChunkQueue, { context, isWanted, onChunk, signal }: Reading): Promise<void> {
  for (let chunk = await queue.next(isWanted); chunk !== null; chunk = await queue.next(isWanted)) {
    const text = await textOf(chunk.bytes);
    if (signal.aborted) return;
    onChunk(chunk.part, readChunk(text, chunk.first, context));
  }
}

function readInWorker(queue: ChunkQueue, { words, isWanted, onChunk, signal }: Reading): Promise<void> {
  const worker = startReader();
  const post = (message: ToReader): void => worker.postMessage(message);
  let underway = 0;
  let ended = false;
  return new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve());
    if (signal.aborted) resolve();
    const feed = async (): Promise<void> => {
      if (ended) return;
      const chunk = await queue.next(isWanted);
      if (chunk === null) {
        ended = true;
        if (underway === 0) resolve();
        return;
      }
      underway++;
      post({ kind: 'chunk', ...chunk });
    };
    worker.onmessage = ({ data }: MessageEvent<FromReader>) => {
      if (signal.aborted) return;
      if (data.kind === 'error') reject(new Error(data.error));
      else {
        underway--;
        onChunk(data.part, data.chunk);
        if (ended && underway === 0) resolve();
        else void feed();
      }
    };
    worker.onerror = () => reject(new Error('its worker stopped'));
    for (const bytes of words) post({ kind: 'words', bytes });
    for (let i = 0; i < IN_WORKER; i++) void feed();
  }).finally(() => worker.terminate());
}
