/**
 * The image's root file system without a container engine: what the Dockerfile copies, on what its base image has (Node, the C
 * and C++ libraries that it is linked with, certificates, users; read off this machine). It is run as a kubelet would with
 * `readOnlyRootFilesystem`: read-only, as the Dockerfile's user, in mounts of its own.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { STAGED } from './installed';

const DOCKERFILE = path.resolve(import.meta.dirname, '..', '..', 'Dockerfile');
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** What the last stage of the Dockerfile says. */
export interface Recipe {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly user: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

export function readRecipe(): Recipe {
  const stage =
    readFileSync(DOCKERFILE, 'utf8')
      .split(/^FROM /m)
      .at(-1) ?? '';
  const said = (word: string): string => {
    const found = new RegExp(`^${word} (.+)$`, 'm').exec(stage)?.[1];
    if (found === undefined) throw new Error(`the Dockerfile's last stage has no ${word}`);
    return found;
  };
  const list = (word: string): string[] => JSON.parse(said(word)) as string[];
  return {
    entrypoint: list('ENTRYPOINT'),
    command: list('CMD'),
    user: said('USER'),
    folder: /^COPY .*\/out\/package (\S+)$/m.exec(stage)?.[1] ?? '',
    env: Object.fromEntries([said('ENV').split('=') as [string, string]]),
  };
}

/** Libraries that a program is linked with, and the loader. */
function librariesOf(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\/\S+)(?= \(0x)/g)].map(([, file]) => file ?? '');
}

export interface Root {
  readonly folder: string;
  /** Why it cannot be run here; null where it can. */
  readonly obstacle: string | null;
  remove(): void;
}

export function assembleRoot({ folder: target }: Recipe): Root {
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-root-'));
  // Made for its owner alone; the image's user is another one.
  chmodSync(folder, 0o755);
  const inRoot = (file: string): string => path.join(folder, file);
  const put = (file: string, from: string): void => {
    mkdirSync(path.dirname(inRoot(file)), { recursive: true });
    copyFileSync(realpathSync(from), inRoot(file));
  };
  put('/nodejs/bin/node', process.execPath);
  for (const library of librariesOf(process.execPath)) put(library, library);
  if (existsSync(CERTIFICATES)) put(CERTIFICATES, CERTIFICATES);
  for (const name of ['proc', 'dev', 'tmp']) mkdirSync(inRoot(name));
  writeFileSync(inRoot('etc/passwd'), 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n');
  cpSync(STAGED, inRoot(target), { recursive: true });
  const tried = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
  const obstacle = tried.status === 0 ? null : `no mounts of its own here: ${tried.error?.message ?? tried.stderr}`;
  return { folder, obstacle, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts the image's process; it has this machine's network. */
export function runRoot({ folder }: Root, recipe: Recipe, env: Readonly<Record<string, string>>): ChildProcess {
  const script = [
    'set -e',
    'mount --bind "$ROOT" "$ROOT"',
    'mount --rbind /dev "$ROOT/dev"',
    'mount -t proc proc "$ROOT/proc"',
    'mount -o remount,bind,ro "$ROOT"',
    'cd /',
    'root=$ROOT; unset ROOT',
    `exec chroot --userspec=${recipe.user} "$root" "$@"`,
  ].join('\n');
  return spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', ...recipe.entrypoint, ...recipe.command],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { NODE_ENV: 'production', PATH: process.env.PATH ?? '', ROOT: folder, ...recipe.env, ...env },
    },
  );
}
