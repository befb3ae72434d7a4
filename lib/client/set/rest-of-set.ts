/** Reads the part of a keyframe after the head. Loaded separately, because the first picture does not need it. */
import { rememberingParser } from '../../snapshot/columns/alike';
import { decodeChunk } from '../../snapshot/keyframe/chunk';
import type { ChunkText } from '../../snapshot/keyframe/format';
import type { Head } from '../../snapshot/keyframe/head';
import type { Arriving } from './arriving';
import { ChunkQueue, readChunks } from './chunk-reader';
import type { ChunkedReplica } from './chunked-replica';
import { recordsOfColumns, wordsIn } from './read-chunk';
import { textOf } from './text-of';
import { harmlessFrom } from '../wire/harmless-json';

export { recordsOfColumns };

/** The context of a set's chunks; `words` grows as they arrive. */
export const chunkContext = () => ({ words: [] as string[], parse: rememberingParser() });

interface Underway {
  readonly replica: ChunkedReplica;
  readonly context: ReturnType<typeof chunkContext>;
  readonly arriving: Arriving;
}

/** Resolves when everything has been read or `signal` aborts. Rejects when the keyframe is incomplete or cannot be read. */
export async function readRest(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
  head: Head,
  { replica, context, arriving }: Underway,
): Promise<void> {
  const { signal, onArrival, isWanted } = arriving;
  const next = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const chunk = await chunks.next();
    if (chunk.done === true) throw new Error('it is not whole');
    return chunk.value;
  };
  const wordChunks: Uint8Array<ArrayBuffer>[] = [];
  for (let i = 0; i < head.chunks.words; i++) {
    const bytes = await next();
    wordChunks.push(bytes);
    for (const word of wordsIn(await textOf(bytes))) context.words.push(word);
  }
  for (let i = 0; i < head.chunks.rest; i++) {
    const text = await textOf(await next());
    if (signal.aborted) return;
    replica.arriveRest(harmlessFrom(text, (parsed) => decodeChunk(parsed as ChunkText, context.words, context.parse)));
    onArrival();
  }
  const parts = head.chunks.nodes;
  const queue = new ChunkQueue();
  const reading = readChunks(queue, parts.length, {
    words: wordChunks,
    context,
    isWanted: (part) => isWanted(parts[part] ?? []),
    onChunk: (part, { columns, entries }) => {
      replica.arrive(part, columns, entries);
      onArrival();
    },
    signal,
  });
  // A chunk that cannot be read also ends the wait for the next one.
  const failed = reading.then(() => new Promise<never>(() => undefined));
  for (const [part, nodes] of parts.entries())
    queue.push({ part, first: replica.numberOf(nodes[0] ?? null), bytes: await Promise.race([next(), failed]) });
  queue.end();
  await reading;
}
