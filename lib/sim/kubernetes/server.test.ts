/** Lists, pages, watches and errors over plain HTTP, as in a real kube-apiserver. */
import { small } from '../../../e2e/scenes/small';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../e2e/testing/sim/manual-clock';
import { startTestSim, type TestSim } from '../../../e2e/testing/sim/sim';
import { addObject } from '../scenes/base/scene';
import type { SimOptions } from '../sim';
import { get, getJson, openWatch } from '../../../e2e/testing/sim-client';

let sim: TestSim | null = null;
const start = async (options: SimOptions = {}): Promise<TestSim> =>
  (sim = await startTestSim({ scene: small, clock: createManualClock(), ...options }));
afterEach(async () => {
  await sim?.stop();
  sim = null;
});

const podOn = (on: TestSim, name: string) =>
  on.ops.createPod({ namespace: 'shop', name, app: 'extra', node: [...on.state.nodes.keys()][0] ?? '' });

describe('lists', () => {
  it('serves a custom kind without a table entry once there is an object of it', async () => {
    const on = await start();
    const path = '/apis/example.io/v1beta1/namespaces/shop/gadgets';
    expect((await get(on, path)).status).toBe(404);
    addObject(on.state, 'example.io/gadgets', {
      apiVersion: 'example.io/v1beta1',
      kind: 'Gadget',
      metadata: { name: 'one', namespace: 'shop' },
    });
    const list = await getJson(on, path);
    expect([list.kind, list.items.map(({ metadata }) => metadata.name)]).toEqual(['GadgetList', ['one']]);
    const found = (await (await get(on, '/apis/example.io/v1beta1')).json()) as { resources: unknown };
    expect(found.resources).toMatchObject([{ name: 'gadgets', kind: 'Gadget', namespaced: true }]);
  });

  it('pages by limit and continue, with every page of one revision', async () => {
    const on = await start();
    const all = await getJson(on, '/api/v1/pods');
    const first = await getJson(on, '/api/v1/pods?limit=20');
    expect(first.items).toHaveLength(20);
    expect(first.metadata.remainingItemCount).toBe(all.items.length - 20);
    // A change between two pages does not appear in the second.
    podOn(on, 'zz-late');
    on.ops.deletePod(`${all.items.at(-1)?.metadata.namespace ?? ''}/${all.items.at(-1)?.metadata.name ?? ''}`);
    const rest = await getJson(on, `/api/v1/pods?limit=500&continue=${first.metadata.continue ?? ''}`);
    expect([...first.items, ...rest.items].map((item) => item.metadata.name)).toEqual(
      all.items.map((item) => item.metadata.name),
    );
    expect(rest.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  });

  it('ignores limit at resourceVersion=0', async () => {
    const on = await start();
    const body = await getJson(on, '/api/v1/pods?limit=5&resourceVersion=0');
    expect(body.items).toHaveLength(on.state.pods.size);
    expect(body.metadata.continue).toBeUndefined();
  });

  it('answers an expired token with 410 and a new continue token', async () => {
    const on = await start();
    const first = await getJson(on, '/api/v1/pods?limit=5');
    on.compact();
    const response = await get(on, `/api/v1/pods?limit=5&continue=${first.metadata.continue ?? ''}`);
    const body = (await response.json()) as typeof first;
    expect([response.status, body.reason]).toEqual([410, 'Expired']);
    const onward = await getJson(on, `/api/v1/pods?limit=5&continue=${body.metadata.continue ?? ''}`);
    expect(onward.items).toHaveLength(5);
  });

  it('compresses long answers', async () => {
    const response = await get(await start(), '/api/v1/pods', { 'accept-encoding': 'gzip' });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(((await response.json()) as { items: unknown[] }).items.length).toBeGreaterThan(20);
  });

  it.each([
    ['/api/v1/pods?fieldSelector=spec.nodeName%3Dnone', 0],
    ['/api/v1/namespaces/shop/pods?labelSelector=app%3Dredis', 3],
    ['/api/v1/pods?labelSelector=app+in+(redis,nothing),!k8s-app', 3],
    ['/api/v1/pods?labelSelector=k8s-app%3Daws-node&fieldSelector=status.phase%3DRunning', 8],
    ['/apis/apps/v1/namespaces/kube-system/daemonsets', 2],
  ])('%s has %i', async (path, count) => {
    expect((await getJson(await start(), path)).items).toHaveLength(count);
  });

  it('rejects a field selector that the kind does not support', async () => {
    const response = await get(await start(), '/api/v1/pods?fieldSelector=spec.color%3Dred');
    expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([
      400,
      'field label not supported: spec.color',
    ]);
  });

  it('renders pods of realistic size, or small ones', async () => {
    const size = async (realistic: boolean): Promise<number> => {
      const on = await startTestSim({ scene: small, clock: createManualClock(), realistic });
      const text = await (await get(on, '/api/v1/pods')).text();
      await on.stop();
      return text.length / on.state.pods.size;
    };
    expect(await size(true)).toBeGreaterThan(5000);
    expect(await size(false)).toBeLessThan(3000);
  });
});

describe('watches', () => {
  it('delivers what changed since a revision, in order', async () => {
    const on = await start();
    const { metadata } = await getJson(on, '/api/v1/pods');
    podOn(on, 'early');
    const watch = await openWatch(on, `/api/v1/pods?watch=1&resourceVersion=${metadata.resourceVersion}`);
    on.ops.deletePod('shop/early');
    const seen = [await watch.next(), await watch.next(), await watch.next()];
    expect(seen.map((event) => [event?.type, event?.object.metadata?.name])).toEqual([
      ['ADDED', 'early'],
      ['MODIFIED', 'early'],
      ['DELETED', 'early'],
    ]);
    const versions = seen.map((event) => Number(event?.object.metadata?.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    await watch.close();
  });

  it('adds and deletes objects that start and stop matching', async () => {
    const on = await start();
    const { metadata } = await getJson(on, '/api/v1/pods');
    const watch = await openWatch(
      on,
      `/api/v1/pods?watch=1&resourceVersion=${metadata.resourceVersion}&fieldSelector=status.phase%3DPending`,
    );
    podOn(on, 'passing');
    expect([(await watch.next())?.type, (await watch.next())?.type]).toEqual(['ADDED', 'DELETED']);
    await watch.close();
  });

  it('answers a forgotten revision with one ERROR event of code 410', async () => {
    const on = await start();
    on.compact();
    const watch = await openWatch(on, '/api/v1/pods?watch=1&resourceVersion=5');
    expect(watch.status).toBe(200);
    const event = await watch.next();
    expect([event?.type, event?.object.code, event?.object.reason]).toEqual(['ERROR', 410, 'Expired']);
    expect(event?.object.message).toMatch(/^too old resource version: 5 \(\d+\)$/);
    expect(await watch.next()).toBeNull();
  });

  it('is silent for a future revision until the timeout', async () => {
    const on = await start();
    const watch = await openWatch(on, '/api/v1/pods?watch=1&resourceVersion=99999999&timeoutSeconds=1');
    podOn(on, 'unseen');
    expect(await watch.next()).toBeNull();
  });

  it('sends bookmarks with a rising revision', async () => {
    const on = await start({ bookmarkMs: 20 });
    const { metadata } = await getJson(on, '/api/v1/nodes');
    const watch = await openWatch(
      on,
      `/api/v1/nodes?watch=1&resourceVersion=${metadata.resourceVersion}&allowWatchBookmarks=true`,
    );
    podOn(on, 'elsewhere');
    const event = await watch.next();
    expect([event?.type, event?.object['kind']]).toEqual(['BOOKMARK', 'Node']);
    expect(Number(event?.object.metadata?.resourceVersion)).toBeGreaterThan(Number(metadata.resourceVersion));
    await watch.close();
  });

  it('sends the initial events and marks their end', async () => {
    const on = await start();
    const watch = await openWatch(
      on,
      '/api/v1/nodes?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
    );
    for (let index = 0; index < 8; index += 1) expect((await watch.next())?.type).toBe('ADDED');
    expect((await watch.next())?.object.metadata?.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    await watch.close();
    expect((await get(on, '/api/v1/nodes?watch=1&sendInitialEvents=true')).status).toBe(422);
  });

  it('ends the watch of a slow reader after the list and about a second of changes', async () => {
    const on = await start();
    // More than the buffers between client and server hold.
    for (let index = 0; index < 3000; index += 1) podOn(on, `first-${index}`);
    const { metadata, items } = await getJson(on, '/api/v1/pods');
    const watch = await openWatch(
      on,
      '/api/v1/pods?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
    );
    for (let index = 0; index < 150; index += 1) podOn(on, `later-${index}`);
    for (let index = 0; index < items.length; index += 1) expect((await watch.next())?.type).toBe('ADDED');
    const bookmark = await watch.next();
    expect(bookmark?.object.metadata?.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    // A watch that continues from there misses nothing.
    expect(bookmark?.object.metadata?.resourceVersion).toBe(metadata.resourceVersion);
    for (let index = 0; index < 100; index += 1) expect((await watch.next())?.type).toBe('ADDED');
    expect(await watch.next()).toBeNull();
  });
});

describe('discovery and errors', () => {
  it('serves only kinds that the cluster has', async () => {
    const on = await start();
    const groups = async (): Promise<string[]> =>
      ((await (await get(on, '/apis')).json()) as { groups: { name: string }[] }).groups.map((group) => group.name);
    expect(await groups()).not.toContain('k8s.cni.cncf.io');
    expect((await get(on, '/apis/k8s.cni.cncf.io/v1/network-attachment-definitions')).status).toBe(404);
    on.ops.createNad({ namespace: 'shop', name: 'late', plugin: 'bridge', range: '192.168.0.0/24' });
    expect(await groups()).toContain('k8s.cni.cncf.io');
    expect((await getJson(on, '/apis/k8s.cni.cncf.io/v1/network-attachment-definitions')).items).toHaveLength(1);
    on.faults.set({ absent: ['network-attachment-definitions'] });
    expect(await groups()).not.toContain('k8s.cni.cncf.io');
  });

  it('checks the token and RBAC', async () => {
    const on = await start();
    expect((await fetch(`${on.kubernetesUrl}/api/v1/nodes`)).status).toBe(401);
    on.faults.set({ denied: ['nodes'] });
    const body = (await (await get(on, '/api/v1/nodes')).json()) as { code: number; message: string };
    expect(body.code).toBe(403);
    expect(body.message).toBe(
      'nodes is forbidden: User "system:serviceaccount:ifscope:ifscope" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    expect((await get(on, '/api/v1/pods?limit=1')).status).toBe(200);
  });

  it('is read-only', async () => {
    const on = await start();
    const response = await fetch(`${on.kubernetesUrl}/api/v1/namespaces/shop/pods`, {
      method: 'POST',
      headers: { authorization: `Bearer ${on.token}` },
      body: '{}',
    });
    expect(response.status).toBe(403);
  });

  it('renders aws-node metrics through the pod proxy', async () => {
    const on = await start();
    const pod = on.state.pods.values().find((candidate) => candidate.app === 'aws-node');
    const path = `/api/v1/namespaces/kube-system/pods/${pod?.name ?? ''}:61678/proxy/metrics`;
    const text = await (await get(on, path)).text();
    const node = on.ops.node(pod?.node ?? '');
    const assigned = [...node.stores.values()].reduce((sum, store) => sum + store.assigned, 0);
    expect(text).toContain(`\nawscni_assigned_ip_addresses ${assigned}\n`);
    expect(text).toContain(`awscni_assigned_ip_per_eni{eni="${node.primaryEni ?? ''}"}`);
    on.faults.set({ awsNode: 'denied' });
    expect((await get(on, path)).status).toBe(403);
    on.faults.set({ awsNode: 'absent' });
    expect((await get(on, path)).status).toBe(503);
  });
});
