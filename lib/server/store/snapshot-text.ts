/** The record set as a snapshot file. */
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

/** Whole, at once: for who serves nobody meanwhile. */
export const snapshotText = (served: Served): string => [...piecesOf(served)].join('');

/** The longest that writing blocks the event loop at a time, and the characters that go out together. */
const SLICE_MS = 10;
const CHARACTERS = 64 * 1024;

/**
 * The same, as it is read: all of the moment of the call, whatever changes meanwhile. Who reads slowly holds the records of
 * that moment, and no text. `forFollower`: the states of sources are as recorded (`withRecordedStates`).
 */
export function snapshotBytes(served: Served, forFollower = false): AsyncIterable<Uint8Array> {
  const pieces = piecesOf(served, forFollower ? withRecordedStates(served) : withSourcesNow(served));
  // The first piece is made now: with it the records are taken.
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
