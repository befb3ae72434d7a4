/**
 * Reads a capture from disk: a folder, an archive of one, or a single file; `lib/snapshot/capture/read` interprets the
 * text.
 */
import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Capture } from '../../../snapshot/capture/read';
import type { CaptureFiles } from '../../../snapshot/capture/text-files';
import { wholeCapture } from '../../../snapshot/capture/whole';
import { archiveType, readArchive, textFilesOf } from './archive';
import { FileProblem, systemReason } from './problem';

/** Files read concurrently: enough to keep a disk busy, few enough for any limit on open files. */
const AT_ONCE = 16;
/** Limits the listing of a folder that is not a capture, such as a home directory. */
const MOST_ENTRIES = 20_000;
const DEEPEST = 16;

const REMEDY =
  'make one with `ifscope capture -o DIR`, or by hand with `kubectl get … -o json` and `aws ec2 describe-… --output json`';

/**
 * The files of a capture as text. Throws a `FileProblem` if the folder or archive cannot be read or has no such files.
 */
export async function readCaptureFiles(where: string): Promise<CaptureFiles> {
  const read = await readAny(where);
  if (read.files.length + read.unreadable.length === 0) {
    const [skipped] = read.skipped;
    const why = skipped === undefined ? '' : `; ${skipped}`;
    throw new FileProblem(where, `holds no capture (no JSON, YAML or metrics text in it${why})`, REMEDY);
  }
  return read;
}

async function readAny(where: string): Promise<CaptureFiles> {
  try {
    const stats = await stat(where);
    // The user named the pipe explicitly, so it has a writer.
    if (stats.isFIFO()) {
      const into = textFilesOf(where);
      await into.take(path.basename(where), await readFile(where));
      return into.end();
    }
    if (stats.isFile()) {
      // A link that the user named explicitly may lead anywhere.
      const real = await realpath(where);
      const type = await archiveType(where);
      return type === null
        ? await readFiles(path.dirname(real), [path.basename(real)], 'given alone')
        : await readArchive(where, type);
    }
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(where, systemReason(error), `give a folder or archive; ${REMEDY}`);
  }
  const unlisted: string[] = [];
  return readFiles(where, await listFiles(where, unlisted), unlisted);
}

async function readFiles(
  folder: string,
  paths: readonly string[],
  unlisted: readonly string[] | 'given alone',
): Promise<CaptureFiles> {
  const isGiven = unlisted === 'given alone';
  const into = textFilesOf(folder);
  const wanted = paths.filter((one) => into.wants(one, isGiven));
  const root = path.join(await realpath(folder), path.sep);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const one = wanted[next++];
      if (one === undefined) return;
      try {
        const file = await realpath(path.join(folder, one));
        const stats = await stat(file);
        // Reading a pipe without a writer, or a link to a device, would never end.
        if (!stats.isFile()) into.unreadable(one, 'is not a regular file');
        // A capture from somebody else must not make ifscope read the user's other files.
        else if (!file.startsWith(root)) into.unreadable(one, 'is a link out of the folder, which is not followed');
        else if (into.fits(one, stats.size)) await into.take(one, await readFile(file));
      } catch (error) {
        if (error instanceof FileProblem) throw error;
        into.unreadable(one, systemReason(error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const read = into.end();
  return isGiven ? read : { ...read, unreadable: [...unlisted, ...read.unreadable].toSorted() };
}

/**
 * Reads a capture. Throws a `FileProblem` if there is none; individual unreadable files are listed in `problems`, and
 * the rest is used.
 */
export async function readCaptureFolder(folder: string): Promise<Capture> {
  const read = wholeCapture(await readCaptureFiles(folder));
  if ('nothing' in read) throw new FileProblem(folder, read.nothing, REMEDY);
  return read;
}

/** Relative paths with `/`, sorted, without hidden files; unreadable folders are added to `unreadable`. */
async function listFiles(folder: string, unreadable: string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (relative: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(folder, relative), { withFileTypes: true });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const one = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        if (depth >= DEEPEST) unreadable.push(`${one}: is a folder too deep in folders; name it itself`);
        else
          await visit(one, depth + 1).catch((error: unknown) => {
            if (error instanceof FileProblem) throw error;
            unreadable.push(`${one}: ${systemReason(error)}`);
          });
      } else found.push(one);
      if (found.length > MOST_ENTRIES)
        throw new FileProblem(folder, `holds more than ${MOST_ENTRIES} files`, 'name the capture folder itself');
    }
  };
  try {
    await visit('', 0);
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(folder, systemReason(error), `give a folder or archive; ${REMEDY}`);
  }
  return found.toSorted();
}
