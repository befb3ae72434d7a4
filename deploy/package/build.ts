/**
 * Creates `out/package`, the content for `npm publish` and for the image: the built page, the server's dependencies,
 * the compiled command, licences and a bill of materials. Installing it compiles, builds and downloads nothing.
 *
 * npm run package        then  npm pack ./out/package
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ensureBuilt, ROOT } from '../../lib/cli/page/build';
import { offlinePage } from '../../lib/cli/page/offline';
import rootPackage from '../../package.json' with { type: 'json' };
import { writeBillOfMaterials } from './materials';
import { packagesBelow, pruneModules } from './modules';

export const PACKAGE = path.join(ROOT, 'out', 'package');
const inPackage = (...names: readonly string[]): string => path.join(PACKAGE, ...names);

/** Loaded from `node_modules`, by the server and by the command. */
const EXTERNAL = ['@aws-sdk/client-ec2', '@kubernetes/client-node', 'pino', 'prom-client', 'undici'];
/** Globals that CommonJS code expects in a module. */
const BANNER =
  "import{createRequire as createRequire_}from'node:module';const require=createRequire_(import.meta.url);";

function copyServer(): void {
  rmSync(PACKAGE, { recursive: true, force: true });
  mkdirSync(PACKAGE, { recursive: true });
  const traced = path.join(ROOT, '.next', 'standalone');
  cpSync(path.join(traced, 'node_modules'), inPackage('node_modules'), { recursive: true, dereference: true });
  cpSync(path.join(traced, '.next'), inPackage('.next'), {
    recursive: true,
    filter: (file) => !/\.(map|nft\.json)$|[/\\]server[/\\]assets$/.test(file),
  });
  cpSync(path.join(ROOT, '.next', 'static'), inPackage('.next', 'static'), {
    recursive: true,
    filter: (file) => !/\.(map|ts)$/.test(file),
  });
  cpSync(offlinePage(ROOT), offlinePage(PACKAGE));
  cpSync(path.join(ROOT, 'public'), inPackage('public'), { recursive: true });
  for (const name of [
    ...Object.values(rootPackage.bin),
    'lib/cli/page/server.mjs',
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
  ])
    cpSync(path.join(ROOT, name), inPackage(name));
  cpSync(path.join(ROOT, 'deploy', 'rbac.json'), inPackage('deploy', 'rbac.json'));
  cpSync(path.join(ROOT, 'deploy', 'iam-policy.json'), inPackage('deploy', 'iam-policy.json'));
  nameExternals();
  // Removes the paths of the build machine, which are private and of no use.
  for (const name of readdirSync(inPackage('.next')).filter((file) => file.endsWith('.json'))) {
    const file = inPackage('.next', name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(ROOT, '.'));
  }
}

/**
 * The build refers to packages by links with a hash (`prom-client-cb39b826407dce36`), which a package cannot contain.
 */
function nameExternals(): void {
  const links = inPackage('.next', 'node_modules');
  const hashed = readdirSync(links, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /-[0-9a-f]{16}$/.test(name),
  );
  rmSync(links, { recursive: true });
  const server = inPackage('.next', 'server');
  for (const name of readdirSync(server, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  )) {
    const file = path.join(server, name);
    const text = readFileSync(file, 'utf8');
    const named = hashed.reduce((so, link) => so.replaceAll(link, link.replace(/-[0-9a-f]{16}$/, '')), text);
    if (named !== text) writeFileSync(file, named);
  }
}

const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  minifyWhitespace: true,
  minifySyntax: true,
  metafile: true,
  legalComments: 'none',
  banner: { js: BANNER },
  logLevel: 'warning',
} as const;

/** Compiles the command. Returns the files it includes, relative to the root. */
async function compileCommand(): Promise<readonly string[]> {
  const { metafile } = await build({
    ...common,
    entryPoints: { main: path.join(ROOT, 'lib', 'cli', 'main.ts') },
    outdir: inPackage('lib', 'cli', 'built'),
    outExtension: { '.js': '.mjs' },
    splitting: true,
    // The package contains the built page, so it does not need what builds it.
    external: [...EXTERNAL, 'esbuild'],
    absWorkingDir: ROOT,
  });
  return Object.keys(metafile.inputs);
}

/**
 * Only the configuration reader of the Kubernetes client is used; the rest (a class per kind) is 26 MB and takes
 * seconds to load.
 */
async function reduceKubernetesClient(): Promise<readonly string[]> {
  const folder = inPackage('node_modules', '@kubernetes', 'client-node');
  const { metafile } = await build({
    ...common,
    stdin: { contents: "export { KubeConfig } from '@kubernetes/client-node';", resolveDir: ROOT },
    outfile: path.join(folder, 'dist', 'reduced.js'),
    external: ['supports-color', 'undici'],
    absWorkingDir: ROOT,
  });
  const manifest = path.join(folder, 'package.json');
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
  for (const entry of readdirSync(path.join(folder, 'dist')))
    if (entry !== 'reduced.js') rmSync(path.join(folder, 'dist', entry), { recursive: true });
  writeFileSync(manifest, JSON.stringify({ name, version, license, type: 'module', main: 'dist/reduced.js' }));
  return Object.keys(metafile.inputs);
}

function writeManifest(): void {
  const { name, version, description, license, type, engines, bin } = rootPackage;
  const bundled = packagesBelow(inPackage('node_modules'));
  writeFileSync(
    inPackage('package.json'),
    `${JSON.stringify(
      {
        name,
        version,
        description,
        license,
        type,
        keywords: ['kubernetes', 'eks', 'multus', 'vpc-cni', 'eni', 'network'],
        engines,
        bin,
        // All dependencies are bundled: installing downloads only this package.
        dependencies: Object.fromEntries(bundled.map((each) => [each.name, each.version])),
        bundleDependencies: bundled.map((each) => each.name),
      },
      null,
      2,
    )}\n`,
  );
}

/** Next writes some files as group-writable; in the image, on some clusters, that is the group of the process. */
function writableByOwner(): void {
  for (const name of ['', ...readdirSync(PACKAGE, { recursive: true, encoding: 'utf8' })]) {
    const file = inPackage(name);
    chmodSync(file, statSync(file).mode & 0o755);
  }
}

async function main(): Promise<void> {
  await ensureBuilt(ROOT, (line) => console.log(line));
  if (!existsSync(path.join(ROOT, '.next', 'standalone', 'node_modules')))
    throw new Error('.next/standalone is missing: remove .next and run this again');
  copyServer();
  const command = await compileCommand();
  const client = await reduceKubernetesClient();
  pruneModules(inPackage('node_modules'), ['next', 'react', 'react-dom', ...EXTERNAL]);
  writeManifest();
  writeBillOfMaterials(PACKAGE, [...command, ...client]);
  writableByOwner();
  console.log(PACKAGE);
}

await main();
