import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { problemOfEnd } from './unasked-end';

/** How Node ends that runs this code, with a small heap. */
async function endOf(code: string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--max-old-space-size=20', '-e', code], { stdio: 'ignore' });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

describe('an unexpected end of the server process', () => {
  it.each([
    ['a full heap', 'for (const held = []; ;) held.push(new Array(1000).fill({}))', 'its heap was full'],
    ['the kernel, for lack of memory', "process.kill(process.pid, 'SIGKILL')", 'was killed, most likely'],
    ['another signal', "process.kill(process.pid, 'SIGTERM')", 'was terminated by SIGTERM'],
  ])('by %s has a reason', async (_, code, words) => {
    expect(problemOfEnd(await endOf(code))?.message).toContain(words);
  });

  it('by itself needs no further report', async () => {
    expect(problemOfEnd(await endOf('process.exit(3)'))).toBeNull();
  });
});
