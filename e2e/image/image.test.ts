/**
 * The image of the Dockerfile, built by buildah for both architectures: its index, configuration and layers; that it
 * contains the package and nothing else; and that it runs as its user with a read-only root.
 */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, lstatSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import rootPackage from '../../package.json' with { type: 'json' };
import { freePort } from '../free-port';
import { assemble, BOTH, STAGED, type Assembled, type Image } from './assemble';
import { canInstallEmulator, EMULATOR, type Architecture } from './build';
import { runRoot } from './run-root';
import { hasMountRight, mountObstacle } from '../testing/own-mounts';
import { skipped } from '../testing/skipped';

let assembled: Assembled;
let images: Record<Architecture, Image>;
beforeAll(() => {
  assembled = assemble();
  images = { amd64: assembled.pull('amd64'), arm64: assembled.pull('arm64') };
});
afterAll(() => assembled.remove());

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name));
const digests = (folder: string): Map<string, string> =>
  new Map(
    files(folder).map((file) => [
      path.relative(folder, file),
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    ]),
  );
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const sizeOf = (folder: string): number => files(folder).reduce((sum, file) => sum + lstatSync(file).size, 0);

describe.each(BOTH)('for %s', (architecture) => {
  it('is labelled, and declares how to run it', () => {
    const { os, architecture: arch, config } = images[architecture];
    expect([os, arch]).toEqual(['linux', architecture]);
    expect(config).toMatchObject({
      // A number, so that Kubernetes can verify that it is not root.
      User: '65532:65532',
      Entrypoint: ['/nodejs/bin/node', '/ifscope/lib/cli/ifscope.mjs'],
      Cmd: ['serve'],
      WorkingDir: '/ifscope',
      ExposedPorts: { '3000/tcp': {} },
      Env: expect.arrayContaining(['NODE_ENV=production']) as string[],
      Labels: {
        'org.opencontainers.image.title': 'ifscope',
        'org.opencontainers.image.description': rootPackage.description.replace(/:.*/, ''),
        'org.opencontainers.image.version': rootPackage.version,
        'org.opencontainers.image.licenses': rootPackage.license,
      },
    });
  });

  it('contains the package file by file, not writable by its user', () => {
    const folder = path.join(images[architecture].root, 'ifscope');
    expect(digests(folder)).toEqual(digests(STAGED));
    const owners = files(folder).map((file) => lstatSync(file));
    expect(new Set(owners.map(({ uid, gid }) => `${uid}:${gid}`))).toEqual(new Set(['0:0']));
    expect(owners.filter(({ mode }) => (mode & 0o022) !== 0)).toEqual([]);
  });

  it('contains no shell, package manager or set-uid file', () => {
    const all = files(images[architecture].root);
    expect(all.filter((file) => /\/(sh|bash|busybox|npm|apt|apk|dpkg)$/.test(file))).toEqual([]);
    expect(all.filter((file) => (lstatSync(file).mode & 0o6000) !== 0)).toEqual([]);
  });
});

it('is one layer on the base image, identical for both architectures', () => {
  const [ofAmd64, ofArm64] = [images.amd64.layers, images.arm64.layers];
  expect(ofAmd64.at(-1)).toEqual(ofArm64.at(-1));
  for (const [name, { layers, root }] of Object.entries(images)) {
    const packed = layers.reduce((sum, { size }) => sum + size, 0);
    const unpacked = [path.join(root, 'ifscope'), root].map((folder) => megabytes(sizeOf(folder)));
    console.log(
      `${name}: our layer ${megabytes(layers.at(-1)?.size ?? 0)} of ${megabytes(packed)} compressed, ${unpacked.join(' of ')} unpacked`,
    );
  }
});

const why = mountObstacle();

describe.skipIf(skipped('running the image', why, hasMountRight()))('with a read-only root', () => {
  let server: ChildProcess;
  let url = '';
  let log = '';
  afterAll(() => void server.kill('SIGKILL'));

  it('serves the page, and becomes ready', async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const env = { HOST: '127.0.0.1', PORT: String(port), IFSCOPE_FROM: 'demo' };
    server = runRoot(images.amd64.root, images.amd64.config, env);
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

  it('runs as its user, cannot write, and writes nothing', () => {
    const of = (name: string): string => readFileSync(`/proc/${server.pid}/${name}`, 'utf8');
    expect(of('status')).toMatch(/^Uid:\s+65532\s+65532\s+65532\s+65532$/m);
    expect(of('status')).toMatch(/^CapEff:\s+0+$/m);
    const rootMount = of('mountinfo')
      .split('\n')
      .find((line) => line.split(' ')[4] === '/');
    expect(rootMount?.split(' ')[5]).toMatch(/^ro\b/);
    expect(readdirSync(path.join(images.amd64.root, 'tmp'))).toEqual([]);
  });

  it('exits within seconds of SIGTERM with a stream open', async () => {
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

  // OpenShift assigns each namespace its own user IDs, in group 0.
  it('runs as any other user', async () => {
    const config = { ...images.amd64.config, User: '1000650000:0' };
    const command = runRoot(images.amd64.root, config, { HOME: '/' }, ['lookup', '10.0.0.1', '--from', 'demo']);
    let said = '';
    for (const stream of [command.stdout, command.stderr])
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(command, 'close')) as [number | null];
    expect([code, said]).toEqual([0, expect.stringMatching(/^10\.0\.0\.1 · /)]);
  });
});

const lacking = spawnSync(EMULATOR, ['--version']).status === 0 ? null : `there is no ${EMULATOR}`;

// Under emulation, the command takes almost a minute.
it.skipIf(skipped('the image on arm64', lacking, canInstallEmulator()))(
  'responds on arm64 under emulation',
  { timeout: 600_000 },
  () => {
    const root = images.arm64.root;
    const [node = '', entry = ''] = images.arm64.config.Entrypoint.map((file) => path.join(root, file));
    const emulated = (...args: readonly string[]): string =>
      spawnSync(EMULATOR, ['-L', root, node, ...args], { encoding: 'utf8' }).stdout;
    expect(emulated('-p', 'process.arch')).toBe('arm64\n');
    expect(emulated(entry, '--version')).toBe(`${rootPackage.version}\n`);
    if (process.env.IFSCOPE_FULL === undefined) return;
    expect(emulated(entry, 'lookup', '10.0.0.1', '--from', 'demo', '--timeout', '600')).toMatch(/^10\.0\.0\.1 · /);
  },
);
