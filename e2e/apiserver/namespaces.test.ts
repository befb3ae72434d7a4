/**
 * Rights in two namespaces only, as granted by the chart with `rbac.namespaces`, at a real API server: what these allow
 * is shown and kept up to date, the rest is reported as not permitted, and nothing is concluded from what is missing.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Topology } from '../../lib/model/records';
import { follow, type Follower } from '../follower';
import { serve, type Served } from '../server';
import { ControlPlane } from './control-plane';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const RENDERED = path.resolve(import.meta.dirname, '../helm/__golden__/namespaces.yaml');
const plane = new ControlPlane();
let served: Served | undefined;
let follower: Follower;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}
const isRight = ({ kind }: Manifest): boolean => /^(Cluster)?Role(Binding)?$/.test(kind);
const placeOf = ({ kind, metadata: { namespace } }: Manifest): string =>
  namespace === undefined ? `${RBAC}/${kind.toLowerCase()}s` : `${RBAC}/namespaces/${namespace}/${kind.toLowerCase()}s`;

const createPod = (namespace: string, name: string): Promise<unknown> =>
  plane.must('POST', `/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name },
    spec: { nodeName: 'ip-10-0-1-9', containers: [{ name: 'main', image: 'example.com/app:1' }] },
  });
const source = (id: string) => follower.replica.records.sources.get(id);

beforeAll(async () => {
  await plane.start();
  for (const name of ['ifscope', 'shop', 'bank'])
    await plane.must('POST', '/api/v1/namespaces', { metadata: { name } });
  for (const document of parseAllDocuments(readFileSync(RENDERED, 'utf8'))) {
    const manifest = document.toJS() as Manifest | null;
    if (manifest !== null && isRight(manifest)) await plane.must('POST', placeOf(manifest), manifest);
  }
  await plane.must('POST', '/api/v1/nodes', { metadata: { name: 'ip-10-0-1-9' } });
  await createPod('shop', 'web-0');
  await createPod('bank', 'ledger-0');
  served = await serve(['--from', 'real', '--namespaces', 'shop,kube-system'], {
    KUBECONFIG: plane.kubeconfig(),
    IFSCOPE_EC2: 'off',
  });
  follower = await follow(served.url);
}, 240_000);
afterAll(async () => {
  follower.stop();
  await served?.stop();
  await plane.dispose();
});

describe('permissions limited to some namespaces', () => {
  it('show the objects in these namespaces, and report that the view is incomplete', async () => {
    await follower.until('the pod', ({ records }) => records.pods.has('pod:shop/web-0'));
    await follower.until('its source', () => source('kubernetes/pods')?.state === 'denied');
    expect(source('kubernetes/pods')?.reason).toBe('only these namespaces are read: shop, kube-system');
    // Ages create no version, so the stream's records may predate the first one.
    await vi.waitFor(async () => {
      const { sources } = (await (await fetch(`${served?.url ?? ''}/api/topology`)).json()) as Topology;
      expect(sources.find(({ id }) => id === 'kubernetes/pods')?.asOf).toBeTypeOf('string');
    });
    expect([...follower.replica.records.pods.keys()]).toEqual(['pod:shop/web-0']);
    await follower.until('the nodes', () => source('kubernetes/nodes')?.state === 'live');
    expect(follower.replica.records.nodes.get('node:ip-10-0-1-9')?.gone).toBe(false);
    const ready = await fetch(`${served?.url ?? ''}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        ready: true,
        waiting: [],
        behind: [],
        troubled: expect.arrayContaining(['kubernetes/pods is denied']) as unknown,
      },
    ]);
  });

  it('suffice for every kind: no request is rejected', () => {
    const refused = [...follower.replica.records.sources.values()].filter(({ reason }) => reason?.includes('403'));
    expect(refused).toEqual([]);
  });

  it('deliver changes', async () => {
    await createPod('bank', 'ledger-1');
    await createPod('shop', 'web-1');
    await follower.until('the new pod', ({ records }) => records.pods.has('pod:shop/web-1'));
    await plane.must('DELETE', '/api/v1/namespaces/shop/pods/web-0?gracePeriodSeconds=0');
    await follower.until('its end', ({ records }) => !records.pods.has('pod:shop/web-0'));
    expect([...follower.replica.records.pods.keys()].filter((id) => id.startsWith('pod:bank'))).toEqual([]);
  });

  it('granted for only some of the namespaces are reported, and the rest is shown', async () => {
    await plane.must('DELETE', `${RBAC}/namespaces/shop/rolebindings/ifscope-read`);
    const again = await serve(['--from', 'real', '--namespaces', 'shop,kube-system'], {
      KUBECONFIG: plane.kubeconfig(),
      IFSCOPE_EC2: 'off',
    });
    const other = await follow(again.url);
    await other.until('the refusal', ({ records }) =>
      records.sources.get('kubernetes/pods')?.reason?.includes('lacks the right'),
    );
    await other.until('the node', ({ records }) => records.nodes.has('node:ip-10-0-1-9'));
    other.stop();
    await again.stop();
  }, 120_000);
});
