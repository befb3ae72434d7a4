/** Where commands write: results to standard output, everything else to standard error. */
import { fstatSync, writeFileSync } from 'node:fs';
import { harmless } from '../../model/harmless';
import { Problem, reasonOf } from '../../server/runtime/problem';

/** Where a command writes. */
export interface Output {
  /** Resolves when the text has been written, so that a large one is complete when the process ends. */
  out(text: string): Promise<void>;
  /** One line. */
  err(line: string): void;
}

const listened = new WeakSet<NodeJS.WriteStream>();

/**
 * A stream reports a failed write twice, to the writer and as an event; without our listener the event ends the
 * process. Listeners of others do not help: what pipes into the stream, as loader threads do, emits the event again.
 */
function heard(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (!listened.has(stream)) stream.on('error', () => undefined);
  listened.add(stream);
  return stream;
}

/** Node's stream takes a file's short write, of a disk that gets full, for a whole one. */
function isStandardOutputFile(): boolean {
  try {
    return fstatSync(process.stdout.fd).isFile();
  } catch {
    return false;
  }
}

const unwritable = (error: unknown): Problem =>
  new Problem('runtime', `cannot write to standard output (${reasonOf(error)}): send it elsewhere`);

/** Standard output and standard error of this process. */
export const processOutput: Output = {
  out: (text) =>
    new Promise((resolve, reject) => {
      if (isStandardOutputFile())
        try {
          writeFileSync(process.stdout.fd, text);
          resolve();
        } catch (error) {
          reject(unwritable(error));
        }
      else
        heard(process.stdout).write(text, (error) => {
          // The reader has gone (`| head`): there is nothing left to do, and that is not a failure.
          if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(unwritable(error));
          else resolve();
        });
    }),
  err: (line) => void heard(process.stderr).write(`${line}\n`),
};

/** A message on one line, without Commander's `error: ` and without control characters. */
export const oneLine = (message: string): string =>
  harmless(
    message
      .replace(/^error: /, '')
      .replace(/\s*\n\s*/g, ' ')
      .trim(),
  );
