/**
 * Reads a keyframe as it comes: the head at once, which is a whole picture at the far levels, then the records of every
 * node, a chunk at a time.
 */
import { ServerError, type Get } from '../../follow/requests';
import { rememberingParser } from '../../snapshot/columns/alike';
import { decodeChunk } from '../../snapshot/keyframe/chunk';
import type { ChunkText, HeadText, WordsText } from '../../snapshot/keyframe/format';
import { FrameCutter } from '../../snapshot/keyframe/frames';
import { decodeHead, type Head } from '../../snapshot/keyframe/head';
import { TABLES } from '../../model/records';
import type { RecordMaps } from '../../model/records';
import { ChunkQueue, readChunks } from './chunk-reader';
import { createChunkedReplica, type ChunkedReplica, type SetHead } from './chunked-replica';
import { recordsOfColumns, textOf, type ChunkContext } from './read-chunk';

export interface ArrivingSet {
  readonly replica: ChunkedReplica;
  readonly epoch: string;
  readonly version: number;
  /** Settles when everything has come; rejects when it cannot. */
  readonly rest: Promise<void>;
}

export interface Arriving {
  readonly signal: AbortSignal;
  /** After every chunk. */
  readonly onArrival: () => void;
  /** Whether the records of any of these nodes are looked at: they are read first. */
  readonly isWanted: (nodes: readonly string[]) => boolean;
}

const byId = (records: readonly { readonly id: string }[]): ReadonlyMap<string, unknown> =>
  new Map(records.map((record) => [record.id, record]));

function setHeadOf(head: Head, context: ChunkContext): SetHead {
  const records = Object.fromEntries(
    TABLES.map((table) => [
      table,
      table in head.records ? byId(head.records[table as keyof Head['records']]) : new Map(),
    ]),
  ) as unknown as RecordMaps;
  return {
    cluster: head.cluster,
    records,
    enis: head.enis,
    pods: head.pods,
    hostNics: head.hostNics,
    sums: head.sums,
    nodeOf: head.nodeOf,
    sizes: head.rows,
    parts: head.chunks.nodes,
    rest: head.chunks.rest,
    decode: (columns) => recordsOfColumns(columns, context),
  };
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const cutter = new FrameCutter();
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) yield* cutter.push(piece);
  if (!cutter.isBetween) throw new Error('it ends within a chunk');
}

/** The newest keyframe of the record set, chunk after chunk (`lib/snapshot/keyframe/format`). */
export async function getKeyframe(get: Get, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const { body } = await get('/api/topology?format=keyframe', signal);
  if (body === null) throw new ServerError('The server sent an empty record set');
  return body;
}

/** Resolves with the head. Rejects on what is no keyframe of this build. */
export async function readArrivingSet(body: ReadableStream<Uint8Array>, arriving: Arriving): Promise<ArrivingSet> {
  const chunks = chunksOf(body);
  const first = await chunks.next();
  if (first.done === true) throw new Error('it is empty');
  const head = decodeHead(JSON.parse(await textOf(first.value)) as HeadText);
  const words: string[] = [];
  const context: ChunkContext = { words, parse: rememberingParser() };
  const replica = createChunkedReplica(setHeadOf(head, context));
  const rest = readRest(chunks, head, { replica, words, context, arriving });
  return { replica, epoch: head.meta.epoch, version: head.meta.version, rest };
}

interface Underway {
  readonly replica: ChunkedReplica;
  readonly words: string[];
  readonly context: ChunkContext;
  readonly arriving: Arriving;
}

async function readRest(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
  head: Head,
  { replica, words, context, arriving }: Underway,
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
    for (const word of (JSON.parse(await textOf(bytes)) as WordsText).texts) words.push(word);
  }
  for (let i = 0; i < head.chunks.rest; i++) {
    const chunk = JSON.parse(await textOf(await next())) as ChunkText;
    if (signal.aborted) return;
    replica.arriveRest(decodeChunk(chunk, context.words, context.parse));
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
  // What cannot be read ends the wait for the next chunk, too.
  const failed = reading.then(() => new Promise<never>(() => undefined));
  for (const [part, nodes] of parts.entries())
    queue.push({ part, first: replica.numberOf(nodes[0] ?? null), bytes: await Promise.race([next(), failed]) });
  queue.end();
  await reading;
}
