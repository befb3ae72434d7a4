/**
 * Reads a keyframe while it arrives: first the head, which gives a complete picture at the far levels, then the records
 * chunk by chunk.
 */
import { ServerError, type Get } from '../../follow/requests';
import type { HeadText } from '../../snapshot/keyframe/format';
import { FrameCutter } from '../../snapshot/keyframe/frames';
import { decodeHead, type Head } from '../../snapshot/keyframe/head';
import { TABLES } from '../../model/records';
import type { RecordMaps } from '../../model/records';
import type { Arriving } from './arriving';
import type { DecodeChunk } from './chunk';
import { createChunkedReplica, type ChunkedReplica, type SetHead } from './chunked-replica';
import { textOf } from './text-of';
import { harmlessFrom } from '../wire/harmless-json';

/** A record set whose head has arrived. */
export interface ArrivingSet {
  readonly replica: ChunkedReplica;
  readonly epoch: string;
  readonly version: number;
  /** Resolves when everything has arrived; rejects on failure. */
  readonly rest: Promise<void>;
}

const byId = (records: readonly { readonly id: string }[]): ReadonlyMap<string, unknown> =>
  new Map(records.map((record) => [record.id, record]));

function setHeadOf(head: Head, decode: DecodeChunk): SetHead {
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
    decode,
  };
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const cutter = new FrameCutter();
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) yield* cutter.push(piece);
  if (!cutter.isBetween) throw new Error('it ends within a chunk');
}

/** Requests the newest keyframe (`lib/snapshot/keyframe/format`). */
export async function getKeyframe(get: Get, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const { body } = await get('/api/topology?format=keyframe', signal);
  if (body === null) throw new ServerError('The server sent an empty record set');
  return body;
}

/** Resolves with the head. Rejects if the body is not a keyframe of this build. */
export async function readArrivingSet(body: ReadableStream<Uint8Array>, arriving: Arriving): Promise<ArrivingSet> {
  const chunks = chunksOf(body);
  const first = await chunks.next();
  if (first.done === true) throw new Error('it is empty');
  const head = harmlessFrom(await textOf(first.value), (parsed) => decodeHead(parsed as HeadText));
  let decode: DecodeChunk = () => {
    throw new Error('no chunk has come');
  };
  const replica = createChunkedReplica(setHeadOf(head, (columns) => decode(columns)));
  const later = arriving.painted().then(() => import('./rest-of-set'));
  const rest = later.then(({ chunkContext, readRest, recordsOfColumns }) => {
    const context = chunkContext();
    decode = (columns) => recordsOfColumns(columns, context);
    return readRest(chunks, head, { replica, context, arriving });
  });
  return { replica, epoch: head.meta.epoch, version: head.meta.version, rest };
}
