// Builds the test API server once, and fetches definitions of kinds for it. Prints its path. `KUBEBUILDER_ASSETS` (a folder with kube-apiserver and etcd) is taken as
// it is.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildGo, goVersion, keptAt, keyOf, runAsProgram, type Missing } from '../built';
import { fetchCrds, missingCrds } from './foreign-crds';

const KUBERNETES = 'v1.35.3';
const source = path.join(import.meta.dirname, 'server');

/** `etcd` is null if it runs inside the API server's process. */
export interface Found {
  readonly apiserver: string;
  readonly etcd: string | null;
}

/** Where the built binary is, or would be. */
function builtBinary(): string {
  const key = keyOf(['go.mod', 'go.sum', 'main.go'].map((file) => path.join(source, file)));
  return keptAt(`kube-apiserver-${KUBERNETES}-${key}`, 'kube-apiserver-with-etcd');
}

/** The binaries to run, or the reason when there are none. */
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
  fetchCrds();
  const target = builtBinary();
  if (process.env.KUBEBUILDER_ASSETS !== undefined || existsSync(target)) return;
  const go = goVersion(
    'building kube-apiserver needs Go 1.26 or later on the PATH; or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd',
  );
  const stamp = 'k8s.io/component-base/version';
  const [major = '', minor = ''] = KUBERNETES.slice(1).split('.');
  console.log(`building kube-apiserver ${KUBERNETES} with ${go}; once, about 4 minutes on 2 cores`);
  buildGo(
    target,
    source,
    `-s -w -X ${stamp}.gitVersion=${KUBERNETES} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`,
  );
}

if (process.argv[1] === import.meta.filename) {
  runAsProgram(build, () => {
    const found = missingCrds() ?? findServer();
    return 'missing' in found ? found : found.apiserver;
  });
}
