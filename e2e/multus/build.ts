// Builds the program that asks the real Multus, once, and keeps it outside the checkout, keyed by its sources.
// Prints its path.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

// What the release is built with (its images/Dockerfile): Go 1.26 takes MAC addresses without separators, 1.25 does not.
const TOOLCHAIN = 'go1.25.8';
const source = path.join(import.meta.dirname, 'oracle');

/** Where the built program is, or would be. */
function builtBinary(): string {
  const hash = createHash('sha256').update(TOOLCHAIN);
  for (const file of ['go.mod', 'go.sum', 'main.go', 'linkname.s']) hash.update(readFileSync(path.join(source, file)));
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
  return path.join(cache, 'ifscope', `multus-oracle-${hash.digest('hex').slice(0, 12)}`, 'oracle');
}

/** The program to ask, or null with the reason when there is none. */
export function findOracle(): { readonly oracle: string } | { readonly missing: string } {
  const built = builtBinary();
  return existsSync(built)
    ? { oracle: built }
    : { missing: 'no Multus is built yet: npm run test:multus builds one (Go, about 2 minutes)' };
}

function build(): void {
  const target = builtBinary();
  if (existsSync(target)) return;
  const go = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (go.status !== 0) {
    console.error(`building Multus needs Go 1.21 or later on the PATH, which fetches ${TOOLCHAIN}`);
    process.exit(1);
  }
  mkdirSync(path.dirname(target), { recursive: true });
  console.log(`building Multus with ${TOOLCHAIN}; once, about 2 minutes on 2 cores`);
  const partial = `${target}.${process.pid}`;
  const { status } = spawnSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', partial, '.'], {
    cwd: source,
    stdio: 'inherit',
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: TOOLCHAIN },
  });
  if (status !== 0) process.exit(1);
  renameSync(partial, target);
}

if (process.argv[1] === import.meta.filename) {
  if (!process.argv.includes('--check')) build();
  const found = findOracle();
  if ('missing' in found) {
    console.error(found.missing);
    process.exit(1);
  }
  console.log(found.oracle);
}
