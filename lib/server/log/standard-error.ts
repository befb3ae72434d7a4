/** Writes the log to standard error. */
import { writeSync } from 'node:fs';

/** Whether the last line was truncated, for example by a disk that filled up while it was written. */
let isCut = false;

/**
 * Throws if the text cannot be written. Does not use `process.stderr`, which stops working for good after one error,
 * and makes the server wait for a reader that has stopped reading.
 */
export function writeToStandardError(text: string): void {
  const bytes = Buffer.from(isCut ? `\n${text}` : text);
  for (let at = 0; at < bytes.length; isCut = at < bytes.length) at += writeSync(2, bytes, at);
}
