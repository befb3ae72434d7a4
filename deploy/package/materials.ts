/**
 * What the package is made of, with licences: `sbom.cdx.json` (CycloneDX) and `THIRD-PARTY-LICENSES.txt`. Not by `npm sbom`,
 * which leaves out what is an optional peer of something else (yaml, streamx).
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../lib/cli/page/build';
import rootPackage from '../../package.json' with { type: 'json' };
import { allPackages, manifestOf } from './modules';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
}

interface Material extends Locked {
  readonly name: string;
  /** Relative to the root. */
  readonly place: string;
}

/** Where Node finds `name` from a package at `place`; null where it is not installed. */
function placeOf(name: string, place: string): string | null {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules') - 1))) {
    const found = path.posix.join(at, 'node_modules', name);
    if (existsSync(path.join(ROOT, found, 'package.json'))) return found;
    if (at === '') return null;
  }
}

/** Everything that the production dependencies need, by the order of names. */
function materials(): readonly Material[] {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const found = new Map<string, Material>();
  const visit = (name: string, from: string): void => {
    const place = placeOf(name, from);
    if (place === null || found.has(place) || name.startsWith('@types/')) return;
    const locked = packages[place];
    if (locked === undefined) throw new Error(`${place} is not in package-lock.json`);
    found.set(place, { ...locked, name, place });
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(path.join(ROOT, place));
    for (const each of Object.keys(dependencies)) if (!(each in optionalDependencies)) visit(each, place);
  };
  for (const name of Object.keys(rootPackage.dependencies)) visit(name, '');
  return [...found.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** npm writes sha512 in base64, CycloneDX in hex. */
const hashesOf = ({ integrity = '' }: Material): object[] => {
  const sha512 = /sha512-(\S+)/.exec(integrity)?.[1];
  return sha512 === undefined ? [] : [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }];
};

const component = (type: string, name: string, { version, license }: Locked, hashes: object[]): object => {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const licenses =
    license === undefined ? [] : [/\s/.test(license) ? { expression: license } : { license: { id: license } }];
  return { type, 'bom-ref': purl, name, version, purl, licenses, hashes };
};

function licenceText(folder: string): string {
  const name = readdirSync(folder).find((file) => /^(licen[cs]e|copying|ofl)/i.test(file));
  return name === undefined
    ? 'The package holds no licence text.'
    : readFileSync(path.join(folder, name), 'utf8').trim();
}

/** `files`: what was compiled into the command. Throws if something is held that is not listed. */
export function writeBillOfMaterials(folder: string, files: readonly string[]): void {
  const list = materials();
  const listed = new Set(list.map(({ name }) => name));
  const compiled = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  const held = [...allPackages(path.join(folder, 'node_modules')).map((each) => each.name), ...compiled];
  const missing = new Set(held.filter((name) => !listed.has(name)));
  if (missing.size > 0) throw new Error(`not among the production dependencies: ${[...missing].join(', ')}`);
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', rootPackage.name, rootPackage, []) },
    components: list.map((each) => component('library', each.name, each, hashesOf(each))),
  };
  writeFileSync(path.join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
  const texts = list.map(
    ({ name, version, license = 'unknown', place }) =>
      `${name} ${version} (${license})\n\n${licenceText(path.join(ROOT, place))}\n`,
  );
  writeFileSync(
    path.join(folder, 'THIRD-PARTY-LICENSES.txt'),
    `ifscope is made with these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`,
  );
}
