/**
 * Runs the image's root file system without a container engine, as with `readOnlyRootFilesystem`: read-only, as the
 * image's user, in its own mount namespace.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { ImageConfig } from './assemble';

const SCRIPT = [
  'set -e',
  'mount --bind "$ROOT" "$ROOT"',
  'mount --rbind /dev "$ROOT/dev"',
  'mount -t proc proc "$ROOT/proc"',
  'mount -o remount,bind,ro "$ROOT"',
  'cd /',
  'root=$ROOT; user=$IMAGE_USER; unset ROOT IMAGE_USER',
  'exec chroot --userspec="$user" "$root" "$@"',
].join('\n');

/** Starts the image's process, optionally with other arguments, on this machine's network. */
export function runRoot(
  root: string,
  { User, Entrypoint, Cmd, Env }: ImageConfig,
  env: Readonly<Record<string, string>>,
  args = Cmd,
): ChildProcess {
  const own = Object.fromEntries(
    Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, 'sh', ...Entrypoint, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The search path is for the tools that prepare it; the image's process gets it as well, but finds nothing there.
    env: { NODE_ENV: 'production', ...own, ...env, PATH: process.env.PATH ?? '', ROOT: root, IMAGE_USER: User },
  });
}
