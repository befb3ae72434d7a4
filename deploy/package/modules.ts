/** The `node_modules` of the package: installed packages, and those needed. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

/** The packages directly in a `node_modules` folder, by name. */
export function packagesBelow(modules: string): readonly Package[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules)
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(modules, name)).map((part) => `${name}/${part}`) : [name],
    )
    .filter((name) => existsSync(path.join(modules, name, 'package.json')))
    .sort()
    .map((name) => ({
      name,
      version: manifestOf(path.join(modules, name)).version,
      folder: path.join(modules, name),
    }));
}

/** All packages, including nested ones. */
export const allPackages = (modules: string): readonly Package[] =>
  packagesBelow(modules).flatMap((each) => [each, ...allPackages(path.join(each.folder, 'node_modules'))]);

/** Dependencies of all packages in `folder`, including nested ones. */
const asked = (folder: string): string[] =>
  [folder, ...allPackages(path.join(folder, 'node_modules')).map((each) => each.folder)].flatMap((each) => {
    const { dependencies, peerDependencies, optionalDependencies } = manifestOf(each);
    return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  });

/** Manifest fields that Node or users read. */
const KEPT = new Set(['name', 'version', 'license', 'type', 'main', 'module', 'exports', 'imports', 'browser']);

/**
 * Removes packages that none of `roots` needs, and the dependencies of the remaining manifests: the needed ones were
 * traced, and npm would install more.
 */
export function pruneModules(modules: string, roots: readonly string[]): void {
  const needed = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const folder = path.join(modules, name);
    if (needed.has(name) || !existsSync(path.join(folder, 'package.json'))) continue;
    needed.add(name);
    waiting.push(...asked(folder));
  }
  for (const { name, folder } of packagesBelow(modules)) if (!needed.has(name)) rmSync(folder, { recursive: true });
  for (const { folder } of allPackages(modules)) {
    const file = path.join(folder, 'package.json');
    const manifest = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
    writeFileSync(file, JSON.stringify(Object.fromEntries(manifest.filter(([key]) => KEPT.has(key)))));
  }
}
