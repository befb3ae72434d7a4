/**
 * Builds the page if its sources have changed since the last build.
 *
 * The fingerprint covers the inputs of a build (sources, configuration, lockfile) and the version of Node; it is
 * written after a successful build. A failed build is deleted, because Next would repeat its cached failure.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Problem } from '../../server/runtime/problem';
import { buildDesk, deskAddress } from './desk';
import { withLock } from './lock';
import { buildOfflinePage } from './offline';

/** The root folder of the checkout or package. */
export const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

const FOLDERS = ['app', 'components', 'lib', 'pages', 'public'];
const FILES = [
  'instrumentation.ts',
  'instrumentation-node.ts',
  'proxy.ts',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
  'docs/schema/topology-v1.json',
];
/** Not part of the page: the command and the tests. */
const IRRELEVANT = /^lib[/\\]cli[/\\](?!page[/\\](desk|offline))|\.test\.tsx?$|\.bench\.tsx?$/;

/** A hash of everything that a build depends on. */
export async function fingerprint(root: string): Promise<string> {
  const listed = await Promise.all(
    FOLDERS.filter((folder) => existsSync(path.join(root, folder))).map(async (folder) => {
      const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
    }),
  );
  const files = [...FILES.filter((file) => existsSync(path.join(root, file))), ...listed.flat()]
    .filter((file) => !IRRELEVANT.test(file))
    .sort();
  const hash = createHash('sha256').update(`${process.version}\n`);
  for (const file of files) {
    const content = await readFile(path.join(root, file));
    hash.update(`${file} ${content.byteLength}\n`).update(content);
  }
  return hash.digest('hex');
}

const marker = (root: string): string => path.join(root, '.next', 'ifscope-fingerprint');

/** Whether the build in `.next` has this fingerprint. */
export async function isBuilt(root: string, print: string): Promise<boolean> {
  if (!existsSync(path.join(root, '.next', 'BUILD_ID'))) return false;
  return (await readFile(marker(root), 'utf8').catch(() => '')).trim() === print;
}

function runNextBuild(root: string, print: string): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve, reject) => {
    const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
    const child = spawn(process.execPath, [next, 'build'], {
      cwd: root,
      env: {
        ...process.env,
        NEXT_TELEMETRY_DISABLED: '1',
        NODE_ENV: 'production',
        NEXT_PUBLIC_DESK: deskAddress(print),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-20_000)));
    const release = endWith(child);
    child.on('error', reject).on('close', (code) => {
      release();
      resolve({ code, printed });
    });
  });
}

/** Ends the build with this process: Next refuses another one while it runs. Returns a function that stops this. */
function endWith(child: ChildProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (signal: NodeJS.Signals): void => {
    release();
    child.once('close', () => process.kill(process.pid, signal));
    child.kill();
  };
  const release = (): void => {
    for (const signal of signals) process.off(signal, end);
  };
  for (const signal of signals) process.on(signal, end);
  return release;
}

/** A lock file: two concurrent builds of one checkout would delete each other's files. */
const lockOf = (root: string): string =>
  path.join(tmpdir(), `ifscope-build-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`);

/** Builds `.next` unless it is up to date (a package has no sources). `say` gets one line. Throws a `Problem`. */
export async function ensureBuilt(root: string, say: (line: string) => void): Promise<void> {
  if (!existsSync(path.join(root, 'app'))) return;
  const print = await fingerprint(root);
  if (await isBuilt(root, print)) return;
  await withLock(
    lockOf(root),
    () => {
      say('ifscope: another process is building the page; waiting for it …');
    },
    async () => {
      if (!(await isBuilt(root, print))) await build(root, print, say);
    },
  );
}

async function build(root: string, print: string, say: (line: string) => void): Promise<void> {
  const again = existsSync(path.join(root, '.next', 'BUILD_ID'));
  say(`ifscope: building the page (${again ? 'its sources changed' : 'once, about half a minute'}) …`);
  await rm(marker(root), { force: true });
  const { code, printed } = await runNextBuild(root, print);
  if (code !== 0) {
    await rm(path.join(root, '.next'), { recursive: true, force: true });
    say(printed.trimEnd());
    throw new Problem(
      'runtime',
      'the page could not be built (the output is above): fix the sources, then start again',
    );
  }
  await buildDesk(root, print);
  await buildOfflinePage(root, print);
  await writeFile(marker(root), `${print}\n`);
}
