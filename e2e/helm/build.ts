// Builds, once, Helm and promtool from their modules, and prints their folder.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildGo, goVersion, keptAt, keyOf, orMissing, runAsProgram, type Missing } from '../built';

/** The Kubernetes version that Helm renders and lints for without a cluster. */
const KUBERNETES = { major: '1', minor: '35' };
const PROGRAMS = { helm: 'helm.sh/helm/v3/cmd/helm', promtool: 'github.com/prometheus/prometheus/cmd/promtool' };
const source = (name: string): string => path.join(import.meta.dirname, name);

/** The path of the programs, built or not. */
function programsFolder(): string {
  const files = Object.keys(PROGRAMS).flatMap((name) => [
    path.join(source(name), 'go.mod'),
    path.join(source(name), 'go.sum'),
  ]);
  return keptAt(`helm-${keyOf(files, JSON.stringify([KUBERNETES, PROGRAMS]))}`);
}

/** The folder with `helm` and `promtool`, or why they are missing. */
export const findPrograms = (): string | Missing => {
  const folder = programsFolder();
  const found = orMissing(
    path.join(folder, 'promtool'),
    'Helm and promtool are not built yet: npm run test:helm builds them (Go 1.26, about 10 minutes)',
  );
  return typeof found === 'string' ? folder : found;
};

function build(): void {
  const folder = programsFolder();
  if (existsSync(path.join(folder, 'promtool'))) return;
  const go = goVersion('building Helm and promtool needs Go 1.26 or later on the PATH');
  console.log(`building Helm and promtool with ${go}; once, about 10 minutes on 2 cores`);
  mkdirSync(folder, { recursive: true });
  const version = (where: string): string =>
    `-X helm.sh/helm/v3/pkg/${where}.k8sVersionMajor=${KUBERNETES.major} -X helm.sh/helm/v3/pkg/${where}.k8sVersionMinor=${KUBERNETES.minor}`;
  for (const [name, what] of Object.entries(PROGRAMS))
    buildGo(
      path.join(folder, name),
      source(name),
      `-s -w ${version('chartutil')} ${version('lint/rules')}`,
      { CGO_ENABLED: '0' },
      what,
    );
}

if (process.argv[1] === import.meta.filename) runAsProgram(build, findPrograms);
