/** Reads a capture folder from disk; `lib/snapshot/capture/read` interprets the files. */
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readCapture } from '../../../snapshot/capture/read';
import type { Capture, CaptureFile } from '../../../snapshot/capture/read';
import { FileProblem, systemReason } from './problem';

/** Files read at a time: enough to keep a disk busy, few enough for any limit on open files. */
const AT_ONCE = 16;
/** Limits what is read of a folder that is not a capture, such as a home directory. */
const MOST_FILES = 20_000;
const DEEPEST = 4;

const REMEDY =
  'make one with `ifscope capture -o DIR`, or by hand with `kubectl get … -o json` and `aws ec2 describe-… --output json`';

/** The files of a capture folder, not yet interpreted. */
export interface CaptureFolder {
  readonly files: readonly CaptureFile[];
  /** One line per file, beginning with its path. */
  readonly unreadable: readonly string[];
  readonly skipped: readonly string[];
}

/**
 * The files of a capture folder as text. Throws a `FileProblem` when the folder cannot be read or has no such files.
 */
export async function readCaptureFiles(folder: string): Promise<CaptureFolder> {
  const unreadable: string[] = [];
  const paths = await listFiles(folder, unreadable);
  const wanted = paths.filter((one) => one.endsWith('.json') || one.endsWith('.prom'));
  if (wanted.length === 0) {
    throw new FileProblem(folder, 'holds no capture (no .json or .prom file in it)', REMEDY);
  }
  const files: CaptureFile[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const one = wanted[next++];
      if (one === undefined) return;
      try {
        const file = path.join(folder, one);
        // Reading a pipe without a writer, or a link to a device, would never end.
        if (!(await stat(file)).isFile()) unreadable.push(`${one}: is not a regular file`);
        else files.push({ path: one, text: await readFile(file, 'utf8') });
      } catch (error) {
        unreadable.push(`${one}: ${systemReason(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const skipped = paths
    .filter((one) => !wanted.includes(one))
    .map((one) => `${one}: not read (only .json and .prom files are)`);
  return { files, unreadable: unreadable.toSorted(), skipped: skipped.toSorted() };
}

/**
 * Reads a capture folder. Throws a `FileProblem` when the folder cannot be read or is not a capture. Single files that
 * cannot be read are listed in `problems`, and the rest is used.
 */
export async function readCaptureFolder(folder: string): Promise<Capture> {
  const { files, unreadable, skipped } = await readCaptureFiles(folder);
  const capture = readCapture(files);
  // A source that was denied when the capture was taken is content as well.
  const answered = capture.batches
    .flatMap(({ observations }) => observations)
    .some((one) => one.op === 'replaceAll' || (one.op === 'status' && one.source.state !== 'absent'));
  if (!answered) {
    const [first = 'nothing in it is a Kubernetes or EC2 answer'] = [
      ...unreadable,
      ...capture.problems.filter((one) => !one.startsWith('capture.json')),
    ];
    throw new FileProblem(folder, `holds nothing that can be read (${first})`, REMEDY);
  }
  return { ...capture, problems: [...unreadable, ...capture.problems, ...skipped] };
}

/** Relative paths with `/`, sorted, without hidden files; folders that cannot be read are listed. */
async function listFiles(folder: string, unreadable: string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (relative: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(folder, relative), { withFileTypes: true });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const one = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        if (depth < DEEPEST) {
          await visit(one, depth + 1).catch((error: unknown) => {
            if (error instanceof FileProblem) throw error;
            unreadable.push(`${one}: ${systemReason(error)}`);
          });
        }
      } else found.push(one);
      if (found.length > MOST_FILES) {
        throw new FileProblem(folder, `holds more than ${MOST_FILES} files`, 'name the capture folder itself');
      }
    }
  };
  try {
    await visit('', 0);
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(
      folder,
      systemReason(error),
      'give a folder that `ifscope capture -o DIR` or kubectl and aws made',
    );
  }
  return found.toSorted();
}
