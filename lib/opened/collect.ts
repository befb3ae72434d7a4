/**
 * Turns dropped items into the text files of a capture, or the text of one file. An archive is unpacked in memory; its
 * paths are not used as file system paths, links are not followed, and the unpacked size is limited.
 */
import { archivedFiles } from '../snapshot/capture/archives/archived';
import type { ArchivedFile } from '../snapshot/capture/archives/tar';
import { TooLarge, unpacked } from '../snapshot/capture/archives/unpacked';
import {
  type CaptureFiles,
  type CaptureLimits,
  insidePath,
  isGzip,
  TextFiles,
  withoutTop,
} from '../snapshot/capture/text-files';

/** A dropped file; `path` includes its folders if a folder was dropped. */
export interface Dropped {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Why nothing of the items can be shown, in one line. */
export class Unreadable extends Error {}

const MEBI = 1 << 20;
/** Limits for a browser tab, in addition to the page. */
export const PAGE_FILE_LIMITS: CaptureLimits = { files: 20_000, file: 100 * MEBI, total: 200 * MEBI };

/** Throws `Unreadable`. */
export async function collectDropped(
  dropped: readonly Dropped[],
  limits: CaptureLimits = PAGE_FILE_LIMITS,
): Promise<CaptureFiles> {
  const into = new TextFiles((what, remedy) => new Unreadable(`It ${what}; ${remedy}`), limits);
  for (const one of dropped) await takeDropped(one, into, { limits, isGiven: dropped.length === 1 });
  return withoutTop(into.end());
}

async function takeDropped(
  { path, bytes }: Dropped,
  into: TextFiles,
  { limits, isGiven }: { readonly limits: CaptureLimits; readonly isGiven: boolean },
): Promise<void> {
  const inside = insidePath(path);
  if (inside === null) return;
  const readable = isGzip(bytes) ? await gunzipped(path, bytes, limits) : bytes;
  const archived = archivedFiles(readable);
  // An archive dropped alone is read as a whole capture; among other files, it is one of them.
  if (archived !== null && isGiven) await takeArchive(path, archived, into);
  else if (into.fits(inside, readable.byteLength) && into.wants(inside, isGiven)) await into.take(inside, readable);
}

async function gunzipped(path: string, bytes: Uint8Array, { total }: CaptureLimits): Promise<Uint8Array> {
  try {
    // An archive has headers in addition to its files.
    return await unpacked(bytes, 'gzip', 2 * total);
  } catch (error) {
    if (error instanceof TooLarge)
      throw new Unreadable(`${path} unpacks to more than ${(2 * total) / MEBI} MiB, more than a page can hold`);
    throw new Unreadable(`${path} cannot be unpacked: it is damaged`);
  }
}

async function takeArchive(path: string, archived: Iterable<ArchivedFile>, into: TextFiles): Promise<void> {
  try {
    for (const file of archived) await into.takeArchived('', file);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`${path} cannot be read: ${error instanceof Error ? error.message : 'it is damaged'}`);
  }
}
