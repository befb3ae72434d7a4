/**
 * The package on arm64, by emulation: where there is a root file system with Node and its libraries for arm64 (`IFSCOPE_ARM64_ROOT`, laid
 * out as the image's) and `qemu-aarch64-static` on the PATH.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../free-port';
import { STAGED } from './installed';

const root = process.env.IFSCOPE_ARM64_ROOT ?? '';
const QEMU = 'qemu-aarch64-static';
const node = (...args: readonly string[]): string[] => ['-L', root, path.join(root, 'nodejs/bin/node'), ...args];
const inPackage = (name: string): string => path.join(STAGED, 'lib/cli', name);

const canRun = root !== '' && spawnSync(QEMU, node('-p', 'process.arch'), { encoding: 'utf8' }).stdout === 'arm64\n';
if (!canRun) console.log('not run on arm64: IFSCOPE_ARM64_ROOT names no root file system that runs here');

/** Emulated, it is slower than the demo cluster changes. */
const LONG_MS = 600_000;

describe.skipIf(!canRun)('on arm64', { timeout: LONG_MS }, () => {
  it('the command answers from the demo cluster', () => {
    const args = ['lookup', '10.0.0.1', '--from', 'demo', '--timeout', '600'];
    const { status, stdout } = spawnSync(QEMU, node(inPackage('ifscope.mjs'), ...args), { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^10\.0\.0\.1 · /)]);
  });

  it('the server is ready and gives the page', async () => {
    const port = await freePort();
    const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port), IFSCOPE_FROM: 'demo' };
    const server = spawn(QEMU, node(inPackage('page/server.mjs')), { env, stdio: 'ignore' });
    const ended = once(server, 'exit');
    const status = (place: string): Promise<number> =>
      fetch(`http://127.0.0.1:${port}${place}`).then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(() => status('/readyz'), { timeout: LONG_MS }).toBe(200);
    expect(await status('/')).toBe(200);
    server.kill('SIGTERM');
    await ended;
  });
});
