/** The lock file pins by content hash everything that `npm ci` installs, on any platform. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
}
const { packages } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const installed = Object.entries(packages).filter(([place]) => place !== '');
const has = (list: string | readonly string[] | undefined, word: string): boolean => [list ?? []].flat().includes(word);

it('contains the hash of each package, and only packages from the registry', () => {
  // `node e2e/complete-lock.mjs` adds what is missing.
  const unpinned = installed.filter(
    ([, { resolved, integrity = '' }]) => resolved !== undefined || !integrity.startsWith('sha512-'),
  );
  expect(unpinned.map(([place]) => place)).toEqual([]);
});

it('has the same packages for arm64 as for x64, on Linux and macOS', () => {
  const namesFor = (os: string, cpu: string): string[] =>
    installed
      .filter(([, entry]) => has(entry.os, os) && has(entry.cpu, cpu))
      .map(([place]) => place.replace(cpu, 'CPU'))
      .sort();
  for (const os of ['linux', 'darwin']) {
    expect(namesFor(os, 'arm64').length).toBeGreaterThan(5);
    expect(namesFor(os, 'arm64')).toEqual(namesFor(os, 'x64'));
  }
});

it('runs no install script: the only package with one also comes as a binary', () => {
  const scripts = installed.filter(([, { hasInstallScript = false }]) => hasInstallScript);
  expect(scripts.map(([place]) => place)).toEqual(['node_modules/esbuild']);
  expect(packageJson.allowScripts).toEqual({ esbuild: false });
  expect(Object.keys(packages['node_modules/esbuild']?.optionalDependencies ?? {})).toContain('@esbuild/linux-arm64');
});
