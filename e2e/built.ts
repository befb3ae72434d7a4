/**
 * Reference programs for gates to compare with: built or installed once, outside the checkout, and keyed by their
 * inputs. The next run reuses them; a changed source builds a new one.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Why it is missing, and the command that builds it. */
export interface Missing {
  readonly missing: string;
}

/** The path of a program with this name outside the checkout. */
export const keptAt = (...names: readonly string[]): string =>
  path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'ifscope', ...names);

/** A 12-digit key of the files' contents, in order, and of everything else that determines the result. */
export function keyOf(files: readonly string[], also = ''): string {
  const hash = createHash('sha256').update(also);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

export const orMissing = (place: string, missing: string): string | Missing =>
  existsSync(place) ? place : { missing };

/** Output of `go version`; exits with the message `needs` if Go is missing. */
export function goVersion(needs: string): string {
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (status !== 0) giveUp(needs);
  return stdout.trim();
}

/**
 * Builds the folder's package, or the named one, into `target` atomically, with the versions pinned in go.mod and
 * go.sum.
 */
export function buildGo(
  target: string,
  source: string,
  ldflags: string,
  env: Readonly<Record<string, string>> = {},
  what = '.',
): void {
  mkdirSync(path.dirname(target), { recursive: true });
  const partial = `${target}.${process.pid}`;
  const { status } = spawnSync('go', ['build', '-trimpath', '-ldflags', ldflags, '-o', partial, what], {
    cwd: source,
    stdio: 'inherit',
    env: { ...process.env, GOFLAGS: '-mod=readonly', ...env },
  });
  if (status !== 0) process.exit(1);
  renameSync(partial, target);
}

export function giveUp(reason: string, code = 1): never {
  console.error(reason);
  process.exit(code);
}

/** Body of `build.ts` and `install.ts`: builds unless `--check` is given, and prints the path. */
export function runAsProgram(make: () => void, find: () => string | Missing): void {
  if (!process.argv.includes('--check')) make();
  const found = find();
  if (typeof found !== 'string') giveUp(found.missing);
  console.log(found);
}
