/**
 * From what was dropped on a page to the text files of a capture, or to the text of one file. An archive is unpacked in memory;
 * no path in it leads anywhere, links are not followed, and what it unpacks to is limited.
 */
import {
  type CaptureFiles,
  type CaptureLimits,
  insidePath,
  isGzip,
  TextFiles,
  withoutTop,
} from '../snapshot/capture/text-files';
import { tarFiles, type ArchivedFile } from './tar';
import { TooLarge, unpacked } from './unpacked';
import { zipFiles } from './zip';

/** One file as it was dropped; `path` with its folders where a folder was. */
export interface Dropped {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Why nothing of it can be shown, in one line. */
export class Unreadable extends Error {}

const MEBI = 1 << 20;
/** What a browser tab can hold beside its page. */
export const PAGE_LIMITS: CaptureLimits = { files: 20_000, file: 100 * MEBI, total: 200 * MEBI };

const starts = (bytes: Uint8Array, ...head: readonly number[]): boolean =>
  head.every((byte, index) => bytes[index] === byte);
const isZip = (bytes: Uint8Array): boolean => starts(bytes, 0x50, 0x4b, 3, 4) || starts(bytes, 0x50, 0x4b, 5, 6);
const isTar = (bytes: Uint8Array): boolean => new TextDecoder().decode(bytes.subarray(257, 262)) === 'ustar';

/** Throws `Unreadable`. */
export async function collectDropped(
  dropped: readonly Dropped[],
  limits: CaptureLimits = PAGE_LIMITS,
): Promise<CaptureFiles> {
  const into = new TextFiles((what, remedy) => new Unreadable(`It ${what}; ${remedy}`), limits);
  for (const one of dropped) await takeDropped(one, into, limits);
  return withoutTop(into.end());
}

async function takeDropped({ path, bytes }: Dropped, into: TextFiles, limits: CaptureLimits): Promise<void> {
  const readable = isGzip(bytes) ? await gunzipped(path, bytes, limits) : bytes;
  if (isZip(readable)) await takeArchive(path, zipFiles(readable), into);
  else if (isTar(readable)) await takeArchive(path, tarFiles(readable), into);
  else {
    const name = isGzip(bytes) ? path.replace(/\.gz$/i, '') : path;
    const inside = insidePath(name);
    if (inside !== null && into.fits(inside, readable.byteLength) && into.wants(inside)) into.add(inside, readable);
  }
}

async function gunzipped(path: string, bytes: Uint8Array, { total }: CaptureLimits): Promise<Uint8Array> {
  try {
    // An archive has headers beside its files.
    return await unpacked(bytes, 'gzip', 2 * total);
  } catch (error) {
    if (error instanceof TooLarge)
      throw new Unreadable(`${path} unpacks to more than ${(2 * total) / MEBI} MiB, more than a page can hold`);
    throw new Unreadable(`${path} cannot be unpacked: it is damaged`);
  }
}

async function takeArchive(path: string, files: Iterable<ArchivedFile>, into: TextFiles): Promise<void> {
  try {
    for (const { name, type, size, bytes } of files) {
      const inside = insidePath(name);
      if (inside === null) into.unreadable(name, 'is not read: its path leads out of the archive');
      else if (type === 'link') into.unreadable(inside, 'is a link, which is not followed');
      else if (type === 'encrypted') into.unreadable(inside, 'is encrypted');
      else if (into.fits(inside, size) && into.wants(inside))
        await into.addPacked(inside, await bytes(), (packed, most) => unpacked(packed, 'gzip', most));
    }
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`${path} cannot be read: ${error instanceof Error ? error.message : 'it is damaged'}`);
  }
}
