/** Where commands write: results to standard output, everything else to standard error. */
import { fstatSync, writeFileSync } from 'node:fs';
import { harmless } from '../../model/harmless';
import { Problem, reasonOf } from '../../server/runtime/problem';

/** Where a command writes. */
export interface Output {
  /** Resolves when the text has been written, so that a large one is complete when the process ends. */
  out(text: string): Promise<void>;
  err(line: string): void;
}

const withListener = new WeakSet<NodeJS.WriteStream>();

/**
 * Node reports a failed write twice, to the writer and as an event; without our listener the event ends the process.
 * Listeners of other writers do not help: a stream that pipes into this one, as loader threads do, emits the event
 * again.
 */
function withErrorListener(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (!withListener.has(stream)) stream.on('error', () => undefined);
  withListener.add(stream);
  return stream;
}

/** For files, Node's stream mistakes a short write, as on a full disk, for a complete one. */
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
        withErrorListener(process.stdout).write(text, (error) => {
          // The reader has closed the pipe (`| head`): there is nothing left to do, and that is not a failure.
          if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(unwritable(error));
          else resolve();
        });
    }),
  err: (line) => void withErrorListener(process.stderr).write(`${line}\n`),
};

/** An answer as JSON or as lines of text, as `--output` requests. */
export const answerText = (output: string, value: object, lines: readonly string[]): string =>
  output === 'json' ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join('\n')}\n`;

/** A message on one line, without Commander's `error: ` and without control characters. */
export const oneLine = (message: string): string =>
  harmless(
    message
      .replace(/^error: /, '')
      .replace(/\s*\n\s*/g, ' ')
      .trim(),
  );
