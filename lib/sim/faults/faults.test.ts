/** Every fault has the effect that its name describes, and ends when cleared. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { small } from '../../../e2e/scenes/small';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../e2e/testing/sim/manual-clock';
import { startTestSim, type TestSim } from '../../../e2e/testing/sim/sim';
import { get, getJson, openWatch } from '../../../e2e/testing/sim-client';

let sim: TestSim | null = null;
const start = async (): Promise<TestSim> => (sim = await startTestSim({ scene: small, clock: createManualClock() }));
afterEach(async () => {
  await sim?.stop();
  sim = null;
});

const describeSubnets = (on: TestSim): Promise<Response> =>
  fetch(on.ec2Url, { method: 'POST', body: 'Action=DescribeSubnets&Version=2016-11-15' });

describe('Kubernetes: requests', () => {
  it('rejects a counted number of requests, with Retry-After', async () => {
    const on = await start();
    on.faults.set({ rejections: [{ status: 429, retryAfter: 2, times: 1, verb: 'list', resource: 'pods' }] });
    const first = await get(on, '/api/v1/pods?limit=1');
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '2']);
    expect((await get(on, '/api/v1/pods?limit=1')).status).toBe(200);
  });

  it('truncates a list in the middle of an object', async () => {
    const on = await start();
    on.faults.set({ cutLists: true });
    const response = await get(on, '/api/v1/pods?limit=1');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it.each([
    ['bad-gateway', 502],
    ['garbage', 200],
    ['absent', 503],
    ['denied', 403],
  ] as const)("answers for aws-node's proxy: %s gives %i", async (awsNode, status) => {
    const on = await start();
    on.faults.set({ awsNode });
    const agent = on.state.pods.values().find(({ app }) => app === 'aws-node');
    const path = `/api/v1/namespaces/kube-system/pods/${agent?.name ?? ''}:61678/proxy/metrics`;
    expect((await get(on, path)).status).toBe(status);
  });

  it('skews the clock of answers and objects', async () => {
    const on = await start();
    const before = on.state.now();
    on.faults.set({ skewMs: 3_600_000 });
    expect(on.state.now() - before).toBe(3_600_000);
    const date = (await get(on, '/api/v1/nodes?limit=1')).headers.get('date') ?? '';
    expect(Date.parse(date) - before).toBe(3_600_000);
  });
});

describe('Kubernetes: watches', () => {
  it('resets connections and refuses new ones', async () => {
    const on = await start();
    const watch = await openWatch(on, '/api/v1/pods?watch=1&resourceVersion=999999');
    on.faults.resetConnections();
    await expect(watch.next()).rejects.toThrow();
    on.faults.set({ refuse: true });
    await expect(get(on, '/api/v1/pods')).rejects.toThrow();
    on.faults.clear();
    expect((await get(on, '/api/v1/pods?limit=1')).status).toBe(200);
  });

  it('half-closes a stream: it ends without its last chunk', async () => {
    const on = await start();
    const watch = await openWatch(on, '/api/v1/pods?watch=1&resourceVersion=999999');
    on.faults.halfCloseStreams();
    await expect(watch.next()).rejects.toThrow();
  });

  it('truncates a stream in the middle of a line', async () => {
    const on = await start();
    const watch = await openWatch(on, '/api/v1/pods?watch=1&resourceVersion=999999');
    on.faults.cutLines();
    await expect(watch.next()).rejects.toThrow();
  });

  it('writes every event twice', async () => {
    const on = await start();
    const { metadata } = await getJson(on, '/api/v1/pods');
    const watch = await openWatch(on, `/api/v1/pods?watch=1&resourceVersion=${metadata.resourceVersion}`);
    on.faults.set({ duplicates: true });
    on.ops.createPendingPod({ namespace: 'shop', name: 'twice', app: 'extra', node: null });
    const [one, two] = [await watch.next(), await watch.next()];
    expect(one?.type).toBe('ADDED');
    expect(two).toEqual(one);
  });

  it('loses events, or gives them an unknown type', async () => {
    const on = await start();
    const { metadata } = await getJson(on, '/api/v1/pods');
    const watch = await openWatch(on, `/api/v1/pods?watch=1&resourceVersion=${metadata.resourceVersion}`);
    on.faults.set({ lossy: true });
    on.ops.createPendingPod({ namespace: 'shop', name: 'lost', app: 'extra', node: null });
    on.faults.set({ lossy: false, unknownEvents: true });
    on.ops.createPendingPod({ namespace: 'shop', name: 'strange', app: 'extra', node: null });
    expect(await watch.next()).toMatchObject({ type: 'RENAMED', object: { metadata: { name: 'strange' } } });
  });

  it('answers from a lagging replica only at resourceVersion=0', async () => {
    const on = await start();
    const versionOf = async (query: string): Promise<number> =>
      Number((await getJson(on, `/api/v1/pods?${query}`)).metadata.resourceVersion);
    const before = await versionOf('limit=1');
    on.faults.set({ replicaLag: 7 });
    expect([await versionOf('limit=1'), await versionOf('resourceVersion=0')]).toEqual([before, before - 7]);
  });

  it('restores etcd: objects and versions, without later changes', async () => {
    const on = await start();
    const before = await getJson(on, '/api/v1/pods');
    const restore = on.backUp();
    on.ops.createPendingPod({ namespace: 'shop', name: 'phantom', app: 'extra', node: null });
    const { metadata } = await getJson(on, '/api/v1/pods');
    const watch = await openWatch(on, `/api/v1/pods?watch=1&resourceVersion=${metadata.resourceVersion}`);
    restore();
    await expect(watch.next()).rejects.toThrow();
    expect(await getJson(on, '/api/v1/pods')).toEqual(before);
  });

  it('expires a stream, and can keep the connection open', async () => {
    const on = await start();
    const watch = await openWatch(on, '/api/v1/pods?watch=1&resourceVersion=999999');
    on.faults.expireStreams(true);
    expect((await watch.next())?.object.code).toBe(410);
    on.faults.endStreams();
    expect(await watch.next()).toBeNull();
  });

  it('freezes streams, and ends them when they thaw because of missed events', async () => {
    const on = await start();
    const { metadata } = await getJson(on, '/api/v1/pods');
    const watch = await openWatch(on, `/api/v1/pods?watch=1&resourceVersion=${metadata.resourceVersion}`);
    on.faults.set({ frozen: true });
    on.ops.createPod({ namespace: 'shop', name: 'unseen', app: 'extra', node: [...on.state.nodes.keys()][0] ?? '' });
    on.faults.clear();
    on.ops.deletePod('shop/unseen');
    expect(await watch.next()).toBeNull();
  });
});

describe('Kubernetes: answers', () => {
  it('swaps two events, and truncates objects', async () => {
    const on = await start();
    const { metadata } = await getJson(on, '/api/v1/pods');
    const watch = await openWatch(on, `/api/v1/pods?watch=1&resourceVersion=${metadata.resourceVersion}`);
    on.faults.set({ swapped: true });
    for (const name of ['first', 'second'])
      on.ops.createPendingPod({ namespace: 'shop', name, app: 'extra', node: null });
    expect((await watch.next())?.object).toMatchObject({ metadata: { name: 'second' } });
    expect((await watch.next())?.object).toMatchObject({ metadata: { name: 'first' } });
    on.faults.set({ swapped: false, truncated: true });
    on.ops.createPendingPod({ namespace: 'shop', name: 'cut', app: 'extra', node: null });
    await expect(watch.next()).rejects.toThrow(SyntaxError);
  });

  it('sends a list that is small until decompressed', async () => {
    const on = await start();
    on.faults.set({ bombs: true });
    const [packed] = (await once(
      request(`${on.kubernetesUrl}/api/v1/pods`, { headers: { authorization: `Bearer ${on.token}` } }).end(),
      'response',
    )) as [IncomingMessage];
    let bytes = 0;
    for await (const chunk of packed) bytes += (chunk as Buffer).length;
    expect([packed.headers['content-encoding'], bytes < 2_000_000]).toEqual(['gzip', true]);
  });
});

describe('EC2', () => {
  it.each([
    ['throttled', 503, 'RequestLimitExceeded'],
    ['denied', 403, 'UnauthorizedOperation'],
    ['error', 500, 'InternalError'],
  ] as const)('%s: %i %s', async (ec2, status, code) => {
    const on = await start();
    on.faults.set({ ec2 });
    const response = await describeSubnets(on);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
    on.faults.clear();
    expect((await describeSubnets(on)).status).toBe(200);
  });

  it('is down', async () => {
    const on = await start();
    on.faults.set({ ec2: 'down' });
    await expect(describeSubnets(on)).rejects.toThrow();
  });
});
