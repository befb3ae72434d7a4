/**
 * Golden files, compared byte for byte. A difference writes `NAME.changed.EXT` beside the file: compare the two, and if
 * the new one is right, run the test again with `UPDATE_GOLDEN=1`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

export function expectGolden(folder: URL, name: string, extension: 'svg' | 'txt', actual: string): void {
  const file = new URL(`${name}.${extension}`, folder);
  const changed = new URL(`${name}.changed.${extension}`, folder);
  if (process.env.UPDATE_GOLDEN !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, actual);
  }
  const same = existsSync(file) && readFileSync(file, 'utf8') === actual;
  if (same) rmSync(changed, { force: true });
  else writeFileSync(changed, actual);
  expect(same, `${name}.${extension} differs; see ${changed.pathname}`).toBe(true);
}
