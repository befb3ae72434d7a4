/**
 * The first stage of the Dockerfile: the files that `.dockerignore` admits, copied by buildah, are all that making the
 * package takes.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from '../../lib/cli/page/build';
import { STAGED } from './assemble';
import { buildah, run } from './build';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-context-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The number of files by folder: the names of chunks, and the build's own folder, differ from build to build. */
function filesByFolder(root: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const name = path.relative(root, entry.parentPath).replace(/(?<=\/static\/)[\w-]{21}$/, 'BUILD');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort());
}

it('builds the package from the files that .dockerignore admits', { timeout: 240_000 }, () => {
  const source = path.join(folder, 'src');
  const containerfile = path.join(folder, 'Containerfile');
  writeFileSync(containerfile, 'FROM scratch\nCOPY . /\n');
  buildah('build', '--isolation=chroot', `--file=${containerfile}`, `--output=type=local,dest=${source}`, ROOT);
  // In the stage, npm installs them.
  cpSync(path.join(ROOT, 'node_modules'), path.join(source, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  run(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'deploy/package/build.ts'], source);
  expect(filesByFolder(path.join(source, 'out', 'package'))).toEqual(filesByFolder(STAGED));
});
