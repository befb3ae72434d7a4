/** Writes the record set as a snapshot file. */
import { setImmediate } from 'node:timers/promises';
import type { ClusterInfo, RecordMaps, SourceRecord } from '../../model/records';
import { topologyPieces } from '../../snapshot/encode';
import { withRecordedStates, withSourcesNow } from './sources-now';

interface Served {
  readonly replica: { readonly records: RecordMaps; readonly cluster: ClusterInfo };
  sources(): readonly SourceRecord[];
  /** Epoch milliseconds. */
  now(): number;
}

const piecesOf = (served: Served, records = withSourcesNow(served)): Generator<string, void> =>
  topologyPieces(records, served.replica.cluster, new Date(served.now()).toISOString());

/** The whole text at once, for processes without other work. */
export const snapshotText = (served: Served): string => [...piecesOf(served)].join('');

/** How long generating blocks the event loop at a time (milliseconds), and how many characters are sent together. */
const SLICE_MS = 10;
const CHARACTERS = 64 * 1024;

/**
 * The same text, generated while it is read. It shows the moment of the call, whatever changes meanwhile; a slow reader
 * keeps the records of that moment in memory, but no text. `forFollower`: sources have their recorded states
 * (`withRecordedStates`).
 */
export function snapshotBytes(served: Served, forFollower = false): AsyncIterable<Uint8Array> {
  const pieces = piecesOf(served, forFollower ? withRecordedStates(served) : withSourcesNow(served));
  // The first piece is generated now, which captures the records.
  const first = pieces.next();
  return inSlices(first.done === true ? '' : first.value, pieces);
}

async function* inSlices(first: string, pieces: Iterator<string, void>): AsyncGenerator<Uint8Array, void> {
  let text = first;
  let until = performance.now() + SLICE_MS;
  for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
    text += next.value;
    if (text.length < CHARACTERS && performance.now() < until) continue;
    if (text !== '') yield Buffer.from(text);
    text = '';
    await setImmediate();
    until = performance.now() + SLICE_MS;
  }
  yield Buffer.from(text);
}
