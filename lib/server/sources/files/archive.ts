/**
 * Reads a capture folder packed as one file (tar, tar.gz, zip). Nothing is written, and no path or link in it is followed.
 */
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { ArchivedFile } from '../../../snapshot/capture/archives/tar';
import { zipFiles, type ZipBytes } from '../../../snapshot/capture/archives/zip';
import { TextFiles, withoutTop, type CaptureFiles, type CaptureLimits } from '../../../snapshot/capture/text-files';
import { FileProblem, systemReason } from './problem';

/** A supported archive format. */
export type ArchiveType = 'tar' | 'gzip' | 'zip';

/** Offset of tar's magic. */
const TAR_MAGIC = 257;

async function isTarInside(file: string): Promise<boolean> {
  const bytes = createReadStream(file).pipe(createGunzip());
  let head = Buffer.alloc(0);
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    head = Buffer.concat([head, chunk]);
    if (head.length > TAR_MAGIC + 5) break;
  }
  return head.toString('latin1', TAR_MAGIC, TAR_MAGIC + 5) === 'ustar';
}

/** The format, identified by the file's first bytes; null if it is not an archive. Throws file system errors. */
export async function archiveType(file: string): Promise<ArchiveType | null> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(265);
    await handle.read(head, 0, head.length, 0);
    if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return 'gzip';
    if (/^PK(\x03\x04|\x05\x06)/.test(head.toString('latin1'))) return 'zip';
    return head.toString('latin1', 257, 262) === 'ustar' ? 'tar' : null;
  } finally {
    await handle.close();
  }
}

/** A collection of text files whose limits throw `FileProblem`. */
export const textFilesOf = (where: string, limits?: CaptureLimits): TextFiles =>
  new TextFiles((what, remedy) => new FileProblem(where, what, remedy), limits);

const REMEDY = 'give a tar, tar.gz or zip of a folder that `ifscope capture -o DIR` or kubectl and aws made';

/** Reads the files of an archive. Throws a `FileProblem` if it cannot be read or exceeds the limits. */
export async function readArchive(
  file: string,
  type: ArchiveType,
  into: TextFiles = textFilesOf(file),
): Promise<CaptureFiles> {
  try {
    if (type === 'gzip' && !(await isTarInside(file))) {
      const name = path.basename(file);
      if (into.wants(name, true) && into.fits(name, (await stat(file)).size))
        await into.take(name, await readFile(file));
    } else if (type === 'zip') await readZip(file, into);
    else await readTar(file, type === 'gzip', into);
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(file, `is no ${type} file that can be read (${systemReason(error)})`, REMEDY);
  }
  return withoutTop(into.end());
}

/** Reads only the directory of the archive and the files that are wanted. */
async function readZip(file: string, into: TextFiles): Promise<void> {
  const handle = openSync(file, 'r');
  try {
    const bytes: ZipBytes = {
      byteLength: fstatSync(handle).size,
      part(at, length) {
        const part = Buffer.alloc(length);
        return part.subarray(0, readSync(handle, part, 0, length, at));
      },
    };
    for (const entry of zipFiles(bytes)) await into.takeArchived('', entry);
  } finally {
    closeSync(handle);
  }
}

/** tar's types of entries that are read or reported; folders and devices are neither. */
const TYPES: Readonly<Partial<Record<string, ArchivedFile['type']>>> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'link',
  symlink: 'link',
};

async function readTar(file: string, zipped: boolean, into: TextFiles): Promise<void> {
  const archive = extract();
  const reading = async (): Promise<void> => {
    for await (const entry of archive) {
      const { name, size } = entry.header;
      const type = TYPES[entry.header.type];
      if (type !== undefined) await into.takeArchived('', { name, type, size, bytes: () => buffer(entry) });
      entry.resume();
    }
  };
  const source = createReadStream(file);
  await Promise.all([
    zipped
      ? pipeline(source, createGunzip(), (bytes: AsyncIterable<Buffer>) => into.limited(bytes), archive)
      : pipeline(source, archive),
    reading().catch((error: unknown) => {
      // Also ends the pipeline; the rest is not read.
      source.destroy();
      throw error;
    }),
  ]);
}
