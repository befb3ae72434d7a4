/** Writes the log to standard error. */
import { writeSync } from 'node:fs';

/**
 * Throws if the text cannot be written. Not through `process.stderr`, which gives up for good after one error, and makes
 * the server wait for a reader that has stopped reading.
 */
export function writeToStandardError(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(2, bytes, at);
}
