/**
 * Reads a record set in columns. A very large one is read in a worker and handed over in slices, so that the page stays
 * responsive. The handover costs half as much again as reading, so a set of the usual size is read here: until it is
 * there, the page has nothing else to do.
 */
import { TABLES, type RecordByTable, type RecordMaps, type Table } from '../model/records';
import { decodeColumns } from '../snapshot/columns';
import type { FromDecoder } from './decode-worker';
import { harmlessJson } from './harmless-json';
import { ServerError, type Get } from '../follow/requests';
import type { WholeSet } from '../follow/follower';

/** Characters above which a worker is worth its cost: some 50,000 pods. */
const LARGE = 8_000_000;

export async function decodeWhole(text: string): Promise<WholeSet> {
  return text.length < LARGE || typeof Worker === 'undefined' ? decodeHere(text) : decodeInWorker(text);
}

const unreadable = (error: unknown): Error =>
  new ServerError(
    `The server sent a record set that this page cannot read: ${error instanceof Error ? error.message : String(error)}`,
  );

function decodeHere(text: string): WholeSet {
  try {
    const { records, cluster, meta } = decodeColumns(harmlessJson(text));
    return { records, cluster, epoch: meta.epoch, version: meta.version };
  } catch (error) {
    throw unreadable(error);
  }
}

type MutableMaps = { readonly [T in Table]: Map<string, RecordByTable[T]> };

function decodeInWorker(text: string): Promise<WholeSet> {
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' });
  const records = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as unknown as MutableMaps;
  const put = <T extends Table>(table: T, rows: readonly RecordByTable[T][]): void => {
    const into: Map<string, RecordByTable[T]> = records[table];
    for (const row of rows) into.set(row.id, row);
  };
  return new Promise<WholeSet>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromDecoder>) => {
      if (data.kind === 'rows') put(data.table, data.rows);
      else if (data.kind === 'error') reject(unreadable(data.error));
      else {
        const whole: RecordMaps = records;
        resolve({ records: whole, cluster: data.cluster, epoch: data.meta.epoch, version: data.meta.version });
      }
    };
    worker.onerror = () => reject(unreadable('its worker stopped'));
    worker.postMessage(text);
  }).finally(() => worker.terminate());
}

/** The record set as text in columns. It arrives as a gzip file, compressed once for all viewers (docs/decisions/0002). */
export async function getColumns(get: Get, signal: AbortSignal): Promise<string> {
  const { body } = await get('/api/topology?format=columns.gz', signal);
  if (body === null) throw new ServerError('The server sent an empty record set');
  try {
    const unpacked = body.pipeThrough(new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>);
    return await new Response(unpacked as ReadableStream<Uint8Array<ArrayBuffer>>).text();
  } catch (error) {
    throw signal.aborted ? error : new ServerError('The server sent a record set that this page cannot read');
  }
}
