import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';

const COMMAND = new URL('../ifscope.mjs', import.meta.url).pathname;

describe('output', () => {
  it.each([
    ['help', ['--help'], 0],
    ['findings of the demo', ['check', '--from', 'demo', '--fail-on', 'never', '--output', 'json'], 0],
  ])(
    '%s to a reader that has exited ends quietly',
    async (_, argv, code) => {
      const child = spawn(process.execPath, [COMMAND, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      const [said] = await Promise.all([text(child.stderr), once(child, 'close')]);
      expect([said, child.exitCode]).toEqual(['', code]);
    },
    60_000,
  );

  it('a partial write to a file is reported as a failure', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-output-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'completion');
    // In units of 1,024 bytes; a full disk also accepts only a part.
    const line = `ulimit -f 1; exec "$0" "$1" completion bash > ${file}`;
    const { status, stderr } = spawnSync('bash', ['-c', line, process.execPath, COMMAND], { encoding: 'utf8' });
    expect(statSync(file).size).toBe(1024);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^ifscope: cannot write to standard output \(file too large.*\): send it elsewhere\n$/),
    ]);
  }, 60_000);
});
