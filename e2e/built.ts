/**
 * What a gate compares with and nobody ships: built or installed once and kept outside the checkout, keyed by what it is made
 * of, so that a second run finds it there and a change of the sources does not.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Why it is not there, and what brings it. */
export interface Missing {
  readonly missing: string;
}

/** The place of a name outside the checkout. */
export const keptAt = (...names: readonly string[]): string =>
  path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'ifscope', ...names);

/** Twelve digits that change with the content of the files, in their order, and with what else decides the result. */
export function keyOf(files: readonly string[], also = ''): string {
  const hash = createHash('sha256').update(also);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

export const orMissing = (place: string, missing: string): string | Missing =>
  existsSync(place) ? place : { missing };

/** What `go version` says. Ends the process with `needs` where there is no Go. */
export function goVersion(needs: string): string {
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (status !== 0) giveUp(needs);
  return stdout.trim();
}

/** Builds the package of a folder into `target`, whole or not at all, with what its go.mod and go.sum pin. */
export function buildGo(
  target: string,
  source: string,
  ldflags: string,
  env: Readonly<Record<string, string>> = {},
): void {
  mkdirSync(path.dirname(target), { recursive: true });
  const partial = `${target}.${process.pid}`;
  const { status } = spawnSync('go', ['build', '-trimpath', '-ldflags', ldflags, '-o', partial, '.'], {
    cwd: source,
    stdio: 'inherit',
    env: { ...process.env, GOFLAGS: '-mod=readonly', ...env },
  });
  if (status !== 0) process.exit(1);
  renameSync(partial, target);
}

export function giveUp(reason: string): never {
  console.error(reason);
  process.exit(1);
}

/** The program `build.ts` or `install.ts`: makes it unless `--check` is given, and prints where it is. */
export function runAsProgram(make: () => void, find: () => string | Missing): void {
  if (!process.argv.includes('--check')) make();
  const found = find();
  if (typeof found !== 'string') giveUp(found.missing);
  console.log(found);
}
