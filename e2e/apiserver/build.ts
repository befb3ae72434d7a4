// Builds the test API server once and keeps it outside the checkout, keyed by its sources: a second run finds it there.
// Prints the folder that holds it. `KUBEBUILDER_ASSETS` (a folder with kube-apiserver and etcd) is taken as it is.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const KUBERNETES = 'v1.35.3';
const source = path.join(import.meta.dirname, 'server');

/** `etcd` is null where it runs inside the API server's process. */
export interface Found {
  readonly apiserver: string;
  readonly etcd: string | null;
}
export interface Missing {
  readonly missing: string;
}

/** Where the built binary is, or would be. */
export function builtBinary(): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(path.join(source, file)));
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
  return path.join(
    cache,
    'ifscope',
    `kube-apiserver-${KUBERNETES}-${hash.digest('hex').slice(0, 12)}`,
    'kube-apiserver-with-etcd',
  );
}

/** The binaries to run, or null with the reason when there are none. */
export function findServer(): Found | Missing {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets) {
    const apiserver = path.join(assets, 'kube-apiserver');
    const etcd = path.join(assets, 'etcd');
    if (existsSync(apiserver) && existsSync(etcd)) return { apiserver, etcd };
    return { missing: `KUBEBUILDER_ASSETS=${assets} holds no kube-apiserver and etcd` };
  }
  const built = builtBinary();
  return existsSync(built)
    ? { apiserver: built, etcd: null }
    : { missing: 'no kube-apiserver is built yet: npm run test:apiserver builds one (Go 1.26, about 4 minutes)' };
}

function build(): void {
  const target = builtBinary();
  if (existsSync(target)) return;
  const go = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (go.status !== 0) {
    console.error(
      'building kube-apiserver needs Go 1.26 or later on the PATH; or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd',
    );
    process.exit(1);
  }
  mkdirSync(path.dirname(target), { recursive: true });
  const stamp = 'k8s.io/component-base/version';
  const [major = '', minor = ''] = KUBERNETES.slice(1).split('.');
  console.log(`building kube-apiserver ${KUBERNETES} with ${go.stdout.trim()}; once, about 4 minutes on 2 cores`);
  const partial = `${target}.${process.pid}`;
  const { status } = spawnSync(
    'go',
    [
      'build',
      '-trimpath',
      '-ldflags',
      `-s -w -X ${stamp}.gitVersion=${KUBERNETES} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`,
      '-o',
      partial,
      '.',
    ],
    { cwd: source, stdio: 'inherit', env: { ...process.env, GOFLAGS: '-mod=readonly' } },
  );
  if (status !== 0) process.exit(1);
  renameSync(partial, target);
}

if (process.argv[1] === import.meta.filename) {
  if (process.env['KUBEBUILDER_ASSETS'] === undefined && !process.argv.includes('--check')) build();
  const found = findServer();
  if ('missing' in found) {
    console.error(found.missing);
    process.exit(1);
  }
  console.log(found.apiserver);
}
