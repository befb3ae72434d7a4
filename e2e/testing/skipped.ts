/** Tests that a machine cannot run, listed in the summary of `npm test`, so that none is skipped unnoticed. */
import { appendFileSync } from 'node:fs';

/** Whether these tests are skipped. `why`: the reason in one sentence, null if they run. */
export function skipped(what: string, why: string | null): boolean {
  if (why === null) return false;
  const line = `${what}: ${why}`;
  console.log(`skipped: ${line}`);
  const file = process.env.IFSCOPE_SKIPPED ?? '';
  if (file !== '') appendFileSync(file, `${line}\n`);
  return true;
}
