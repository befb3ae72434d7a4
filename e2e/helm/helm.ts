/** Runs the built Helm and promtool on the chart. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { findPrograms } from './build';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');
export const CHART = path.join(ROOT, 'deploy', 'helm', 'ifscope');
const VALUES = path.join(import.meta.dirname, 'values');

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly object[];
  readonly spec?: { readonly template?: { readonly spec: PodSpec } };
}

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly containers: readonly { readonly env: readonly { readonly name: string; readonly value?: string }[] }[];
}

/** The cases, by the names of their values files. */
export const CASES = readdirSync(VALUES).map((name) => name.replace('.yaml', ''));
export const valuesOf = (name: string): string => path.join(VALUES, `${name}.yaml`);

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export function run(program: 'helm' | 'promtool', args: readonly string[], input = ''): Ran {
  const folder = findPrograms();
  if (typeof folder !== 'string') throw new Error(folder.missing);
  const { status, stdout, stderr } = spawnSync(path.join(folder, program), args, { encoding: 'utf8', input });
  return { status, out: stdout, err: stderr };
}

/** `helm template` of a case, as text. */
export function render(name: string, more: readonly string[] = []): string {
  const { status, out, err } = run('helm', [
    'template',
    'ifscope',
    CHART,
    '--namespace',
    'ifscope',
    '--values',
    valuesOf(name),
    ...more,
  ]);
  if (status !== 0) throw new Error(err);
  return out;
}

export const objectsOf = (text: string): readonly KubernetesObject[] =>
  parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0] as Error;
    return (document.toJS() as KubernetesObject | null) ?? [];
  });

/** The pod template of a Deployment; by default, that of the serving pods. */
export const podOf = (text: string, deployment = 'ifscope'): PodSpec | undefined =>
  objectsOf(text).find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment)?.spec?.template
    ?.spec;

/** Their environment as the kubelet sets it; values from Secrets are empty. */
export const podEnv = (text: string, deployment = 'ifscope'): Readonly<Record<string, string>> =>
  Object.fromEntries(
    podOf(text, deployment)?.containers[0]?.env.map(({ name, value = '' }) => [
      name,
      value.replace('$(POD_IP)', 'fd00::7'),
    ]) ?? [],
  );

/** The minimum settings for sign-in. */
export const OIDC = [
  'auth.mode=oidc',
  'auth.oidc.issuer=https://login.b',
  'auth.oidc.clientId=ifscope',
  'auth.oidc.publicClient=true',
  'externalUrl=https://a.b',
];
