/** The image, as far as it can be tried without a container engine: its root file system, read-only, as its user. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort } from '../free-port';
import { assembleRoot, readRecipe, runRoot } from './image-root';

const recipe = readRecipe();
const root = assembleRoot(recipe);
afterAll(() => root.remove());

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
const megabytes = (list: readonly string[]): string =>
  `${(list.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6).toFixed(0)} MB`;

it('runs as uid 65532, by number, so that Kubernetes can see that it is not root', () => {
  expect(recipe.user).toBe('65532:65532');
  expect(existsSync(path.join(root.folder, recipe.entrypoint[1] ?? ''))).toBe(true);
});

it('holds no shell, no link, nothing that is set-uid', () => {
  const all = files(root.folder);
  expect(all.filter((file) => /\/(sh|bash|busybox|npm|apt|apk)$/.test(file))).toEqual([]);
  expect(all.filter((file) => (lstatSync(file).mode & 0o6000) !== 0)).toEqual([]);
  const layer = files(path.join(root.folder, recipe.folder));
  console.log(`our layer ${megabytes(layer)}; with Node and its libraries ${megabytes(all)} (uncompressed)`);
});

describe.skipIf(root.obstacle !== null)('with a read-only root', () => {
  let server: ChildProcess;
  let url = '';
  let log = '';
  afterAll(() => void server.kill('SIGKILL'));

  it('serves the page, and is ready', async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = runRoot(root, recipe, { HOST: '127.0.0.1', PORT: String(port), IFSCOPE_FROM: 'demo' });
    server.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const status = async (): Promise<number | string> =>
      server.exitCode === null
        ? fetch(`${url}/readyz`).then(
            (answer) => answer.status,
            () => 0,
          )
        : `it ended with ${server.exitCode}: ${log}`;
    await expect.poll(status, { timeout: 50_000 }).toBe(200);
    expect((await fetch(`${url}/`)).status).toBe(200);
    expect(log).toBe('');
  });

  it('runs as its user, cannot write, and has written nothing', () => {
    const of = (name: string): string => readFileSync(`/proc/${server.pid}/${name}`, 'utf8');
    expect(of('status')).toMatch(/^Uid:\s+65532\s+65532\s+65532\s+65532$/m);
    expect(of('status')).toMatch(/^CapEff:\s+0+$/m);
    const rootMount = of('mountinfo')
      .split('\n')
      .find((line) => line.split(' ')[4] === '/');
    expect(rootMount?.split(' ')[5]).toMatch(/^ro\b/);
    expect(readdirSync(path.join(root.folder, 'tmp'))).toEqual([]);
  });

  it('ends within seconds of SIGTERM, with a stream open', async () => {
    const gone = new AbortController();
    await fetch(`${url}/api/stream`, { signal: gone.signal });
    const started = performance.now();
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    gone.abort();
    expect(code).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
if (root.obstacle !== null) console.log(`the image was not run: ${root.obstacle}`);
