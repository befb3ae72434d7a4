import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const COMMAND = new URL('../ifscope.mjs', import.meta.url).pathname;

describe('output', () => {
  it.each([
    ['help', ['--help'], 0],
    ['findings of the demo', ['check', '--from', 'demo', '--fail-on', 'never', '--output', 'json'], 0],
  ])(
    '%s to a reader that has gone ends quietly',
    async (_, argv, code) => {
      const child = spawn(process.execPath, [COMMAND, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      const [said] = await Promise.all([text(child.stderr), once(child, 'close')]);
      expect([said, child.exitCode]).toEqual(['', code]);
    },
    60_000,
  );
});
