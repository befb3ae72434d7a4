import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { skippedParts } from './skipped-parts.mjs';
import { skipped } from './testing/skipped';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ifscope-skipped-'));
  vi.stubEnv('IFSCOPE_SKIPPED', path.join(folder, 'skipped'));
  vi.spyOn(console, 'log').mockReturnValue(undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it('CI fails for skipped parts that the machine can run, and only for those', () => {
  expect(skipped('the shell zsh', 'there is no zsh', false)).toBe(true);
  expect(skipped('Krew', 'it is not built', true)).toBe(true);
  expect(skipped('Krew', 'it is not built', true)).toBe(true);
  expect(skipped('something else', null, true)).toBe(false);
  const written = readFileSync(path.join(folder, 'skipped'), 'utf8');
  const zsh = { line: '· within a gate, skipped: the shell zsh: there is no zsh', failed: false };
  const krew = 'Krew: it is not built';
  expect(skippedParts(written, true)).toEqual([
    zsh,
    { line: `✗ within a gate, skipped although this machine can run it: ${krew}`, failed: true },
  ]);
  expect(skippedParts(written, false)).toEqual([zsh, { line: `· within a gate, skipped: ${krew}`, failed: false }]);
  expect(skippedParts('', true)).toEqual([]);
});
