/** Tests that a machine cannot run, listed in the summary of `npm test`, so that none is skipped unnoticed. */
import { appendFileSync } from 'node:fs';
import { DUE } from '../skipped-parts.mjs';

/**
 * Whether these tests are skipped. `why`: the reason in one sentence, null if they run. `isDue`: whether a machine like
 * this one can run them, so that CI fails if it does not.
 */
export function skipped(what: string, why: string | null, isDue: boolean): boolean {
  if (why === null) return false;
  const line = `${what}: ${why}`;
  console.log(`skipped: ${line}`);
  const file = process.env.IFSCOPE_SKIPPED ?? '';
  if (file !== '') appendFileSync(file, `${isDue ? DUE : ''}${line}\n`);
  return true;
}
