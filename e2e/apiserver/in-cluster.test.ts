/**
 * ifscope as in a pod, against a real API server: with the environment, rights and probe of `deploy/ifscope.yaml`, the
 * service account mounted at its usual path, and the CA file. The token is replaced as the kubelet does it, and the old
 * one expires. What runs is the package, installed from its archive.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { clusterRules, PROXY_RULE, type PolicyRule } from '../testing/permissions';
import { follow, type Follower } from '../follower';
import { install, remove, stage, type Installed } from '../installed';
import { serve, type Served } from '../server';
import { ControlPlane } from './control-plane';
import { CNI_NODE, NAD } from './crds';
import { mountAccount, type MountedAccount } from './pod';
import { hasMountRight, mountObstacle } from '../testing/own-mounts';
import { skipped } from '../testing/skipped';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PODS = '/api/v1/namespaces/shop/pods';
const SECRETS = '/api/v1/namespaces/ifscope/secrets';
/** Long enough to start in, short enough to wait for. */
const SHORT_S = 25;
const LONG_S = 3_600;
const why = mountObstacle();

const plane = new ControlPlane();
let installed: Installed;
let account: MountedAccount;
let served: Served | undefined;
let follower: Follower;
let first = '';
let url = '';
/** When the pod's process was started, and how long creating its objects took before that. */
let [began, createMs] = [0, 0];
const MINUTE_MS = 60_000;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly spec?: { readonly template?: { readonly spec: { readonly containers: readonly Container[] } } };
}
interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: FromSecret }[];
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
}
interface FromSecret {
  readonly secretKeyRef: { readonly name: string; readonly key: string };
}
const RESOURCES: Readonly<Record<string, string>> = {
  ServiceAccount: '/api/v1/namespaces/NAMESPACE/serviceaccounts',
  ClusterRole: `${RBAC}/clusterroles`,
  ClusterRoleBinding: `${RBAC}/clusterrolebindings`,
  Role: `${RBAC}/namespaces/NAMESPACE/roles`,
  RoleBinding: `${RBAC}/namespaces/NAMESPACE/rolebindings`,
};

const MANIFESTS = parseAllDocuments(
  readFileSync(path.resolve(import.meta.dirname, '../../deploy/ifscope.yaml'), 'utf8'),
).map((document) => document.toJS() as Manifest | null);
const container = MANIFESTS.flatMap((manifest) => manifest?.spec?.template?.spec.containers ?? [])[0];
/** The defaults at the head of the file, with what visitors have to present. */
const TOKEN = 'as-openssl-prints-it';
const AUTHORIZATION = { authorization: `Bearer ${TOKEN}` };

/** The chart's manifests, installed without Helm. */
async function applyRights(): Promise<void> {
  for (const manifest of MANIFESTS) {
    const place = RESOURCES[manifest?.kind ?? ''];
    if (place !== undefined)
      await plane.must('POST', place.replace('NAMESPACE', manifest?.metadata.namespace ?? ''), manifest);
  }
  const data = { token: Buffer.from(TOKEN).toString('base64') };
  await plane.must('POST', SECRETS, { metadata: { name: 'ifscope-token' }, data });
}

/** The environment of the container as the kubelet sets it, including values from Secrets. */
async function containerEnv(): Promise<Readonly<Record<string, string>>> {
  const entries = (container?.env ?? []).map(async ({ name, value, valueFrom }) => {
    if (valueFrom === undefined) return [name, value ?? ''] as const;
    const { key, name: secret } = valueFrom.secretKeyRef;
    const { data } = (await plane.must('GET', `${SECRETS}/${secret}`)) as { readonly data: Record<string, string> };
    return [name, Buffer.from(data[key] ?? '', 'base64').toString()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const createPod = (name: string): Promise<unknown> =>
  plane.must('POST', PODS, {
    metadata: { name },
    spec: { nodeName: 'ip-10-0-1-9', containers: [{ name: 'main', image: 'example.com/app:1' }] },
  });

/**
 * The API server accepts an expired token for another minute (the leeway of go-jose), and caches its decision about a
 * token for ten seconds. The time that the test took so far does not count: on a fast machine, all of `SHORT_S` is
 * left.
 */
const REFUSED_MS = (SHORT_S + 60 + 10 + 30) * 1000;

async function untilRefused(token: string): Promise<void> {
  const nodes = () => plane.call('GET', '/api/v1/nodes', undefined, token);
  await expect.poll(async () => (await nodes()).status, { timeout: REFUSED_MS, interval: 500 }).toBe(401);
}

/** The states of a source, in the order of the log. */
const statesOf = (id: string): string[] =>
  (served?.log() ?? '').split('\n').flatMap((line) => {
    const said = line.startsWith('{')
      ? (JSON.parse(line) as { readonly sources?: readonly string[]; readonly state?: string })
      : {};
    return said.sources?.includes(id) === true && said.state !== undefined ? [said.state] : [];
  });

beforeAll(async () => {
  if (why !== null) return;
  // Before a token expires.
  stage();
  installed = install();
  await plane.start();
  for (const name of ['ifscope', 'shop']) await plane.must('POST', '/api/v1/namespaces', { metadata: { name } });
  for (const crd of [NAD, CNI_NODE])
    await plane.must('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
  const applying = performance.now();
  await applyRights();
  createMs = performance.now() - applying;
  await plane.must('POST', '/api/v1/nodes', { metadata: { name: 'ip-10-0-1-9' } });
  await createPod('before');
  account = mountAccount(plane.ca);
  first = await plane.serviceAccountToken(SHORT_S);
  account.write(first);
  began = performance.now();
  served = await serve(
    (container?.args ?? []).filter((word) => word !== 'serve'),
    {
      ...account.env,
      ...(await containerEnv()),
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(plane.port),
      KUBECONFIG: '',
      // It is reachable only from this machine, and has no AWS credentials.
      HOST: '127.0.0.1',
      IFSCOPE_EC2: 'off',
    },
    account.within,
    installed.command,
  );
  url = new URL(served.url).origin;
  follower = await follow(url, AUTHORIZATION);
}, 240_000);
afterAll(async () => {
  if (why !== null) return;
  follower.stop();
  await served?.stop();
  account.remove();
  remove(installed);
  await plane.dispose();
});

describe.skipIf(skipped('serving as in a pod', why, hasMountRight()))('in a cluster', () => {
  it('connects with the mounted service account', async () => {
    for (const kind of ['pods', 'nodes', 'network-attachment-definitions', 'cninodes'])
      await follower.until(
        `${kind} to be live`,
        ({ records }) => records.sources.get(`kubernetes/${kind}`)?.state === 'live',
      );
    expect(follower.replica.records.pods.has('pod:shop/before')).toBe(true);
    const states = [...follower.replica.records.sources.values()].map(({ state }) => state);
    expect(states).not.toContain('denied');
  });

  it('serves the page to clients with the token, and passes the readiness probe', async () => {
    expect((await fetch(`${url}/`)).status).toBe(401);
    const page = await fetch(`${url}/`, { headers: AUTHORIZATION });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const { status } = await fetch(`${url}${container?.readinessProbe.httpGet.path ?? ''}`);
    expect(status).toBe(200);
    // Excludes the time for scheduling the pod and pulling its image.
    const ms = createMs + performance.now() - began;
    console.log(`from the chart's objects to the page: ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(MINUTE_MS);
  });

  it('has exactly the permissions that the code requires', async () => {
    const rules = async (namespace: string): Promise<readonly PolicyRule[]> => {
      const url = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
      const { body } = await plane.call('POST', url, { spec: { namespace } }, await plane.serviceAccountToken(LONG_S));
      const { status } = body as {
        readonly status: { readonly incomplete: boolean; readonly resourceRules: readonly PolicyRule[] };
      };
      expect(status.incomplete).toBe(false);
      // Every authenticated user may review their own rights (system:basic-user).
      return status.resourceRules.filter(({ resources }) => !resources.every((name) => name.startsWith('selfsubject')));
    };
    const each = (all: readonly PolicyRule[]): string[] =>
      all
        .flatMap(({ apiGroups, resources, verbs }) =>
          apiGroups.flatMap((group) => resources.flatMap((name) => verbs.map((verb) => `${verb} ${name}.${group}`))),
        )
        .sort();
    expect(each(await rules('shop'))).toEqual(each(clusterRules()));
    expect(each(await rules('kube-system'))).toEqual(each([...clusterRules(), PROXY_RULE]));
  });

  it('stays live when the token is rotated and the old one expires', async () => {
    account.write(await plane.serviceAccountToken(LONG_S));
    await untilRefused(first);
    await createPod('between');
    await follower.until('the pod', ({ records }) => records.pods.has('pod:shop/between'));
    // New requests, all with the new token, because the API server has closed every connection.
    await plane.stop();
    const before = statesOf('kubernetes/pods');
    expect(before).toEqual(['live']);
    await plane.start();
    await createPod('after');
    await follower.until('the next pod', ({ records }) => records.pods.has('pod:shop/after'), 60);
    await follower.until(
      'pods to be live',
      ({ records }) => records.sources.get('kubernetes/pods')?.state === 'live',
      60,
    );
  }, 300_000);

  it('reports an expired token that is not rotated, and recovers once it is', async () => {
    const short = await plane.serviceAccountToken(1);
    account.write(short);
    await untilRefused(short);
    await plane.stop();
    await plane.start();
    const stale = await follower.until(
      'the reason',
      ({ records }) => {
        const source = records.sources.get('kubernetes/pods');
        return source?.reason?.includes('credentials') === true && source;
      },
      120,
    );
    expect(stale.state).not.toBe('live');
    expect(follower.replica.records.pods.has('pod:shop/after')).toBe(true);
    account.write(await plane.serviceAccountToken(LONG_S));
    await follower.until(
      'pods to be live',
      ({ records }) => records.sources.get('kubernetes/pods')?.state === 'live',
      120,
    );
    await createPod('last');
    await follower.until('the last pod', ({ records }) => records.pods.has('pod:shop/last'));
  }, 300_000);
});
