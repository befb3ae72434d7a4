/** `npm pack` of the staged package, installed into an empty folder and started there: the same as `npx ifscope`. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import rootPackage from '../../package.json' with { type: 'json' };
import { freePort } from '../free-port';
import { runCommand, start, type Started } from '../installed';
import { skipped } from '../testing/skipped';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

const installed = inject('installed');
let server: Started;
beforeAll(async () => {
  server = await start(installed, ['--from', 'demo']);
});

const inPackage = (...names: readonly string[]): string =>
  path.join(installed.folder, 'node_modules', 'ifscope', ...names);

/** Files of the package, relative to it. */
const files = (): string[] =>
  readdirSync(inPackage(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(inPackage(), path.join(entry.parentPath, entry.name)));

it('is one package that fetches nothing else and runs no script', () => {
  const modules = readdirSync(path.join(installed.folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(modules).toEqual(['ifscope']);
  const manifest = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as Record<string, unknown>;
  expect(manifest).not.toHaveProperty('private');
  expect(manifest).not.toHaveProperty('scripts');
  const megabytes = (file: string): string => `${(statSync(file).size / 1e6).toFixed(1)} MB`;
  const whole = files().reduce((sum, file) => sum + statSync(inPackage(file)).size, 0);
  console.log(
    `archive ${megabytes(installed.archive)}, installed ${(whole / 1e6).toFixed(1)} MB in ${installed.ms} ms`,
  );
  expect(statSync(installed.archive).size).toBeLessThan(12e6);
});

/** Programs and libraries of Linux, macOS and Windows, by their first bytes. */
const MACHINE_CODE = /^(7f454c46|feedfac[ef]|c[ef]faedfe|cafebabe|4d5a)/;

it('contains no machine code, so one layer serves every architecture', () => {
  const code = files().filter((file) =>
    MACHINE_CODE.test(readFileSync(inPackage(file)).subarray(0, 4).toString('hex')),
  );
  expect(code).toEqual([]);
  expect(MACHINE_CODE.test(readFileSync(process.execPath).subarray(0, 4).toString('hex'))).toBe(true);
});

// Krew rejects them, whether or not they lead out of the folder.
it('contains no file name with two dots', () => expect(files().filter((file) => file.includes('..'))).toEqual([]));

it('contains no development dependency, source or test', () => {
  for (const name of Object.keys(rootPackage.devDependencies))
    expect(existsSync(inPackage('node_modules', name))).toBe(false);
  const own = files().filter((file) => !file.startsWith('node_modules'));
  expect(own.filter((file) => /\.tsx?$|\.test\.|\.map$/.test(file))).toEqual([]);
});

it('contains no path of the build machine', () => {
  const texts = files().filter((file) => /\.(m?js|cjs|json|html|txt|md)$/.test(file));
  expect(texts.filter((file) => readFileSync(inPackage(file), 'utf8').includes(ROOT))).toEqual([]);
});

it('lists its components, each with a licence', () => {
  const bill = JSON.parse(readFileSync(inPackage('sbom.cdx.json'), 'utf8')) as {
    readonly components: readonly { readonly name: string; readonly licenses: readonly unknown[] }[];
  };
  const names = bill.components.map(({ name }) => name);
  for (const name of Object.keys(rootPackage.dependencies)) expect(names).toContain(name);
  expect(bill.components.filter(({ licenses }) => licenses.length === 0)).toEqual([]);
  const licences = readFileSync(inPackage('THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of names) expect(licences).toContain(`\n${name} `);
});

it('prints once, from the demo cluster', () => {
  expect(runCommand(installed, ['--version']).trim()).toBe(rootPackage.version);
  expect(runCommand(installed, ['lookup', '10.0.0.1', '--from', 'demo'])).toMatch(/^10\.0\.0\.1 · /);
});

it('reports on an old Node.js how to update, with advice for an installed package', () => {
  const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})`;
  const entry = inPackage('lib', 'cli', 'ifscope.mjs');
  const { status, stderr } = spawnSync(process.execPath, ['--import', old, entry], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    2,
    'ifscope: needs Node 22.19 or later, this is 20.20.2: install Node 24 (https://nodejs.org)\n',
  ]);
});

it('serves the page and everything it references, and becomes ready', async () => {
  console.log(`says its address after ${server.ms} ms`);
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status, { timeout: 30_000 }).toBe(200);
  const response = await fetch(`${server.url}/`);
  expect(response.status).toBe(200);
  const html = await response.text();
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, address]) => address ?? '');
  expect(named.filter((address) => address.includes('/_next/static/')).length).toBeGreaterThan(5);
  for (const address of new Set(named)) {
    const { status } = await fetch(`${server.url}${address}`);
    expect([address, status]).toEqual([address, 200]);
  }
  const keyframe = await fetch(`${server.url}/api/topology?format=keyframe`);
  expect((await keyframe.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
});

/** Writing to it fails, as on a full disk. */
const FULL = '/dev/full';

it
  .skipIf(
    skipped(
      'output that cannot be written',
      existsSync(FULL) ? null : `there is no ${FULL}`,
      process.platform === 'linux',
    ),
  )
  .each(['log', 'address'] as const)('serves although its %s cannot be written', async (what) => {
  const full = openSync(FULL, 'w');
  const port = await freePort();
  const child = spawn(installed.command, ['serve', '--from', 'demo', '--port', String(port), '--log-level', 'info'], {
    stdio: ['ignore', what === 'address' ? full : 'ignore', what === 'log' ? full : 'pipe'],
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  try {
    const ready = (): Promise<number> =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(ready, { timeout: 30_000 }).toBe(200);
    if (what === 'address')
      await expect
        .poll(() => log)
        .toContain('ifscope: cannot write to standard output (no space left on device, write): send it elsewhere\n');
    expect(await ready()).toBe(200);
  } finally {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    closeSync(full);
    expect(await gone).toEqual([0, null]);
  }
});

it.each([
  ['debug', /^ifscope: debug: kubernetes\/nodes: listed \d+ objects in /m],
  ['info', /^ifscope: info: (?=.*kubernetes\/nodes).* (?:is|are) live$/m],
])('logs what collecting does, in its thread, at level %s', async (level, line) => {
  const talking = await start(installed, ['--from', 'demo', '--log-level', level]);
  await expect.poll(() => talking.log(), { timeout: 30_000 }).toMatch(line);
  expect(await talking.stop()).toBe(0);
  expect(talking.log().includes(': debug: ')).toBe(level === 'debug');
});

it('exits on a signal with a stream open', async () => {
  const gone = new AbortController();
  const stream = await fetch(`${server.url}/api/stream`, { signal: gone.signal });
  expect(stream.status).toBe(200);
  expect(await server.stop()).toBe(0);
  expect(server.log()).toBe('');
  gone.abort();
});
