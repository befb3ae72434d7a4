/** Reads a capture folder from disk. What the files mean is `lib/snapshot/capture/read`'s business. */
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readCapture } from '../../../snapshot/capture/read';
import type { Capture, CaptureFile } from '../../../snapshot/capture/read';
import { FileProblem, systemReason } from './problem';

/** Files at a time: enough to keep a disk busy, few enough for any limit of open files. */
const AT_ONCE = 16;
/** A folder that is no capture (somebody's home) must not be read to its end. */
const MOST_FILES = 20_000;
const DEEPEST = 4;

const REMEDY =
  'make one with `ifscope capture -o DIR`, or by hand with `kubectl get … -o json` and `aws ec2 describe-… --output json`';

/** What stands in a capture folder, unread by anybody yet. */
export interface CaptureFolder {
  readonly files: readonly CaptureFile[];
  /** One line each, beginning with the file's path. */
  readonly unreadable: readonly string[];
  readonly skipped: readonly string[];
}

/** The files of a capture folder as text. Throws a `FileProblem` where the folder cannot be read or holds no such file. */
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
        // A pipe nobody writes to, or a link to a device, has no end.
        if (!(await stat(file)).isFile()) unreadable.push(`${one}: is no regular file`);
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
 * Everything of a capture folder, read. Throws a `FileProblem` where the folder cannot be read or holds no capture;
 * single files that cannot be read are named in `problems`, and the rest is used.
 */
export async function readCaptureFolder(folder: string): Promise<Capture> {
  const { files, unreadable, skipped } = await readCaptureFiles(folder);
  const capture = readCapture(files);
  // A source that was denied when the capture was taken is an answer, too.
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

/** Paths below the folder, `/` between their parts, sorted; hidden files are left out, folders that cannot be read are named. */
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
