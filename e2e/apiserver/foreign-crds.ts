/**
 * The CustomResourceDefinitions of the Prometheus Operator and of the Gateway API, from their Go modules: downloaded once and
 * stored outside the checkout.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { giveUp, keptAt, keyOf, type Missing } from '../built';

/** A module version, with the checksum of its files as in go.sum. */
interface Module {
  readonly module: string;
  readonly sum: string;
  readonly folder: string;
  readonly files: readonly string[];
}

const MODULES: readonly Module[] = [
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    folder: 'example/prometheus-operator-crd',
    files: ['monitoring.coreos.com_servicemonitors.yaml', 'monitoring.coreos.com_prometheusrules.yaml'],
  },
  {
    module: 'sigs.k8s.io/gateway-api@v1.4.0',
    sum: 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=',
    folder: 'config/crd/standard',
    files: ['gateway.networking.k8s.io_httproutes.yaml'],
  },
];

const folder = (): string => keptAt(`crds-${keyOf([], JSON.stringify(MODULES))}`);
const files = (): readonly string[] => MODULES.flatMap((of) => of.files.map((file) => path.join(folder(), file)));

/** Downloads them if they are missing. */
export function fetchCrds(): void {
  mkdirSync(folder(), { recursive: true });
  for (const { module, sum, folder: within, files: names } of MODULES) {
    if (names.every((name) => existsSync(path.join(folder(), name)))) continue;
    const { status, stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' });
    if (status !== 0) giveUp(`${module} cannot be downloaded: ${stdout}${stderr}`);
    const { Dir, Sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
    if (Sum !== sum) giveUp(`${module} has the checksum ${Sum}, not ${sum}`);
    for (const name of names) copyFileSync(path.join(Dir, within, name), path.join(folder(), name));
  }
}

/** Why they are missing; null if they are present. */
export const missingCrds = (): Missing | null =>
  files().every((file) => existsSync(file))
    ? null
    : {
        missing:
          'the definitions of the Prometheus Operator and the Gateway API are missing: npm run test:apiserver downloads them (Go)',
      };

export interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string; readonly kind: string };
  };
}

/** ServiceMonitor, PrometheusRule and HTTPRoute. */
export const foreignCrds = (): readonly Crd[] => files().map((file) => parse(readFileSync(file, 'utf8')) as Crd);
