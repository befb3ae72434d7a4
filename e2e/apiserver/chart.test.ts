/**
 * The chart's rendered manifests, sent to the real kube-apiserver: every object of every case with a server-side dry
 * run, and every pod into a namespace that enforces the Pod Security level `restricted`. `e2e/helm` has the rendered
 * cases.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ControlPlane } from './control-plane';
import { foreignCrds } from './foreign-crds';

const GOLDEN = path.resolve(import.meta.dirname, '..', 'helm', '__golden__');
const MANIFESTS = path.resolve(import.meta.dirname, '..', '..', 'deploy', 'ifscope.yaml');
const FILES = [MANIFESTS, ...readdirSync(GOLDEN).map((name) => path.join(GOLDEN, name))];

interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly template?: { readonly metadata: object; readonly spec: object } };
}

const objectsIn = (file: string): readonly Rendered[] =>
  parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => (document.toJS() as Rendered | null) ?? []);

const plane = new ControlPlane();
beforeAll(async () => {
  await plane.start();
  for (const crd of foreignCrds())
    await plane.must('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
  // Custom kinds are served shortly after their definitions have been accepted.
  for (const { spec } of foreignCrds())
    await vi.waitFor(() => plane.must('GET', `/apis/${spec.group}/v1/${spec.names.plural}`), { timeout: 30_000 });
  await plane.must('POST', '/api/v1/namespaces', {
    metadata: { name: 'ifscope', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  // Roles are also placed in the namespaces that ifscope may read.
  const named = new Set(FILES.flatMap(objectsIn).flatMap(({ metadata }) => metadata.namespace ?? []));
  for (const name of named)
    if ((await plane.call('GET', `/api/v1/namespaces/${name}`)).status === 404)
      await plane.must('POST', '/api/v1/namespaces', { metadata: { name } });
});
afterAll(() => plane.dispose());

/** The path at which objects of a kind are created, according to the server's discovery. */
async function placeOf({ apiVersion, kind, metadata }: Rendered): Promise<string> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = (await plane.must('GET', root)) as {
    readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
  };
  const found = resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
  if (found === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
  return found.namespaced
    ? `${root}/namespaces/${metadata.namespace ?? 'ifscope'}/${found.name}`
    : `${root}/${found.name}`;
}

describe.each(FILES)('%s', (file) => {
  const objects = objectsIn(file).map((object) => [`${object.kind} ${object.metadata.name}`, object] as const);
  it.each(objects)('%s is accepted', async (_, object) => {
    const place = await placeOf(object);
    const strict = await plane.call('POST', `${place}?dryRun=All&fieldValidation=Strict`, object);
    expect([strict.status, strict.body]).toEqual([201, expect.anything()]);
  });
  const pods = objects.flatMap(([name, { kind, metadata, spec }]) => {
    const template = kind === 'Pod' ? { metadata, spec: spec ?? {} } : spec?.template;
    return template === undefined ? [] : [[name, template] as const];
  });
  it.each(pods)('pods of %s are restricted', async (_, template) => {
    const pod = { apiVersion: 'v1', kind: 'Pod', ...template };
    const named = { ...pod, metadata: { ...pod.metadata, name: 'one' } };
    const { status, body } = await plane.call(
      'POST',
      '/api/v1/namespaces/ifscope/pods?dryRun=All&fieldValidation=Strict',
      named,
    );
    expect([status, body]).toEqual([201, expect.anything()]);
  });
});

it.each([
  ['ServiceMonitor', { selector: {}, endpoints: [{ port: 8080 }] }, 'endpoints[0].port'],
  ['ServiceMonitor', { selector: {}, endpoints: [{ prot: 'http' }] }, 'unknown field'],
  ['PrometheusRule', { groups: [{ name: 'a', rules: [{ alert: 'A' }] }] }, 'expr'],
  ['HTTPRoute', { rules: [{ matches: [{ path: { type: 'Glob', value: '/' } }] }] }, 'Unsupported value'],
])('would reject %s', async (kind, spec, said) => {
  const group = kind === 'HTTPRoute' ? 'gateway.networking.k8s.io' : 'monitoring.coreos.com';
  const named = { apiVersion: `${group}/v1`, kind, metadata: { name: 'wrong' } };
  const { status, body } = await plane.call('POST', `${await placeOf(named)}?dryRun=All&fieldValidation=Strict`, {
    ...named,
    spec,
  });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(JSON.stringify(body)).toContain(said);
});

it('would reject a pod that is not restricted', async () => {
  const pod = {
    metadata: { name: 'free' },
    spec: { containers: [{ name: 'a', image: 'a', securityContext: { privileged: true } }] },
  };
  const { status, body } = await plane.call('POST', '/api/v1/namespaces/ifscope/pods?dryRun=All', pod);
  expect([status, JSON.stringify(body)]).toEqual([403, expect.stringContaining('violates PodSecurity')]);
});
