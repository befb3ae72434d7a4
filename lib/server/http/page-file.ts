/** The page with an embedded snapshot, as one file (`lib/export/html`), generated while it is read. */
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { aroundSnapshot } from '../../export/html';
import type { ClusterInfo, RecordMaps, SourceRecord } from '../../model/records';
import { snapshotBytes } from '../store/snapshot-text';
import { withSourcesNow } from '../store/sources-now';

interface Held {
  readonly replica: {
    readonly records: RecordMaps;
    readonly cluster: ClusterInfo;
    readonly indexes: Parameters<typeof aroundSnapshot>[1]['indexes'];
  };
  sources(): readonly SourceRecord[];
  now(): number;
}

/**
 * Writes the page. `file`: the offline page from the build. The data are those of the moment of the call. Rejects when
 * the file cannot be read.
 */
export async function pageFile(file: string, store: Held): Promise<AsyncIterable<Uint8Array>> {
  const page = await readFile(file, 'utf8');
  const takenAt = new Date(store.now()).toISOString();
  const [before, after] = aroundSnapshot(page, { ...store.replica, records: withSourcesNow(store) }, takenAt);
  return pieces(before, snapshotBytes(store), after);
}

async function* pieces(before: string, snapshot: AsyncIterable<Uint8Array>, after: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(before);
  const gzip = createGzip();
  // An error here also ends the reading of `gzip`, with the same error.
  const written = pipeline(Readable.from(snapshot), gzip, { end: true }).catch(() => undefined);
  yield* inBase64(gzip as AsyncIterable<Buffer>);
  await written;
  yield Buffer.from(after);
}

/** Three bytes encode as four characters; the remainder of a piece is encoded with the next one. */
async function* inBase64(bytes: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let left: Buffer = Buffer.alloc(0);
  for await (const piece of bytes) {
    const all = Buffer.concat([left, piece]);
    const whole = all.length - (all.length % 3);
    yield Buffer.from(all.toString('base64', 0, whole));
    left = all.subarray(whole);
  }
  yield Buffer.from(left.toString('base64'));
}
