/** Servers that follow another ifscope, over real HTTP on loopback. */
import { constants, inflateRawSync } from 'node:zlib';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { CA, SERVER_CERT, SERVER_KEY } from '../../../e2e/testing/servers/certificates';
import { serveIfscope, type ServedIfscope, type ServeOptions } from '../../../e2e/testing/servers/ifscope';
import { createPair } from '../../../e2e/testing/servers/pair';
import { serving, startReplica, type ReplicaOptions, type TestReplica } from '../../../e2e/testing/servers/replica';
import { allNodes, batch, nodeRemove, nodeUpsert, status } from '../../../e2e/testing/servers/store';
import type { Fetch } from '../../follow/requests';
import type { SourceState } from '../../model/records';
import { systemClock } from '../store/clock';

const NODES = 'kubernetes/nodes';
const ASOF = '2026-01-01T00:00:00.000Z';

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

async function serve(...args: Parameters<typeof serveIfscope>): Promise<ServedIfscope> {
  const served = await serveIfscope(...args);
  ending.push(served.stop);
  return served;
}
async function replicaOf(url: string, options?: ReplicaOptions): Promise<TestReplica> {
  const replica = await startReplica(url, options);
  ending.push(replica.stop);
  return replica;
}

/** A collector with two nodes, and a server for its records. */
async function origin(options: ServeOptions = {}, epoch = 'e1') {
  const pair = createPair(systemClock, { epoch });
  pair.collector.apply(batch(allNodes('a', 'b'), status(NODES, 'live', ASOF)));
  const runtime = serving(pair.store);
  return { ...pair, runtime, served: await serve(runtime, options) };
}

const names = ({ store }: Pick<TestReplica, 'store'>): string[] =>
  [...store.replica.records.nodes.values()].map(({ name }) => name).sort();
const state = (replica: TestReplica): SourceState | undefined => replica.own()?.state;
const isLive = (replica: TestReplica) => () => state(replica) === 'live';

describe('a server that follows another', () => {
  it('has its records, source states and ages, and follows changes', async () => {
    const { collector, served, store } = await origin({ prefix: '/map' });
    const replica = await replicaOf(served.url);
    await replica.until(isLive(replica));
    expect(names(replica)).toEqual(['a', 'b']);
    expect(replica.store.replica.records.nodes).toEqual(store.replica.records.nodes);
    expect(replica.source(NODES)).toMatchObject({ state: 'live', asOf: ASOF });
    expect(replica.own()?.id).toBe(`ifscope/127.0.0.1:${served.port}/map`);

    collector.apply(batch(nodeUpsert('c'), nodeRemove('a'), status(NODES, 'stale', ASOF)));
    await replica.until(() => replica.source(NODES)?.state === 'stale');
    expect(names(replica)).toEqual(['b', 'c']);
    expect(served.asked).toEqual(['/map/api/topology?sources=recorded', `/map/api/stream?since=e1.1`]);
  });

  it('logs at debug level when the stream was open, and how far it has read', async () => {
    const { collector, served, store } = await origin();
    const replica = await replicaOf(served.url, { token: 'hush' });
    await replica.until(isLive(replica));
    collector.apply(batch(nodeUpsert('c')));
    await replica.until(() => names(replica).length === 3);
    await served.stop();
    await replica.until(() => state(replica) !== 'live');
    const at = `${served.url}: `;
    expect(replica.debug).toEqual([
      `${at}read everything, as of version e1.1`,
      `${at}stream opened at version e1.1`,
      `${at}stream ended at version e1.${store.version}`,
    ]);
  });

  it('can itself be followed; all followers have the same records', async () => {
    const { collector, served } = await origin();
    const first = await replicaOf(served.url);
    const second = await replicaOf(served.url);
    const middle = await serve(serving(first.store));
    const last = await replicaOf(middle.url);
    for (const replica of [first, second, last]) await replica.until(isLive(replica));
    for (let i = 0; i < 20; i++) collector.apply(batch(nodeUpsert(`n${i % 7}`, { maxPods: i })));
    collector.apply(batch(nodeRemove('b'), nodeUpsert('end')));
    for (const replica of [first, second, last]) {
      await replica.until(() => names(replica).includes('end'));
      expect(new Map([...replica.store.replica.records.nodes].sort())).toEqual(
        new Map([...collector.replica.records.nodes].sort()),
      );
    }
    // A follower of a follower learns that the middle one is no longer live.
    await served.stop();
    await last.until(() => last.source(NODES)?.state === 'stale');
    expect(last.own()?.state).toBe('live');
    expect(last.source(first.own()?.id ?? '')?.state).toBe('failing');
  });

  it('resumes a broken stream; meanwhile nothing is shown as live', async () => {
    const { collector, served, store } = await origin();
    const replica = await replicaOf(served.url);
    await replica.until(isLive(replica));
    const states: (SourceState | undefined)[] = [];
    replica.store.onCommit(() => states.push(replica.source(NODES)?.state));
    served.cut();
    collector.apply(batch(nodeUpsert('c')));
    await replica.until(() => states.includes('stale') && isLive(replica)());
    await replica.until(() => names(replica).includes('c'));
    expect(served.asked.filter((path) => path.startsWith('/api/topology'))).toHaveLength(1);
    expect(served.asked.at(-1)).toMatch(/^\/api\/stream\?since=e1\.\d+$/);
    expect(replica.source(NODES)?.state).toBe('live');
    expect(store.version).toBe(2);
  });

  it('keeps its records while the other is unreachable, and applies the difference after its restart', async () => {
    const { served } = await origin();
    const replica = await replicaOf(served.url);
    await replica.until(isLive(replica));
    const before = { epoch: replica.store.epoch, version: replica.store.version };
    await served.stop();
    await replica.until(() => state(replica) === 'failing' && (replica.own()?.reason ?? '').includes('ECONNREFUSED'));
    expect(names(replica)).toEqual(['a', 'b']);
    expect(replica.source(NODES)).toMatchObject({ state: 'stale', asOf: ASOF });
    expect(replica.source(NODES)?.reason).toMatch(/cannot be reached \(ECONNREFUSED\) \(last heard at .* UTC\)$/);

    const again = createPair(systemClock, { epoch: 'e2' });
    again.collector.apply(batch(allNodes('b', 'c'), status(NODES, 'live', ASOF)));
    await serve(serving(again.store), { port: served.port });
    await replica.until(isLive(replica));
    expect(names(replica)).toEqual(['b', 'c']);
    expect(replica.source(NODES)?.state).toBe('live');
    const since = replica.store.since(before);
    if (since.kind !== 'delta') throw new Error(since.kind);
    expect(since.delta.tables.nodes).toMatchObject({ put: [{ name: 'c' }], drop: ['node:a'] });
  });
});

describe('the lag of a server that follows another', () => {
  it('is reported while the connection is open and nothing arrives', async () => {
    const { served } = await origin();
    let ahead = 0;
    const replica = await replicaOf(served.url, { clock: { ...systemClock, now: () => Date.now() + ahead } });
    await replica.until(isLive(replica));
    ahead = 9_000;
    await replica.until(() => replica.source(NODES)?.state === 'behind');
    expect(replica.source(NODES)?.lagSeconds).toBeGreaterThanOrEqual(7);
    expect(replica.source(NODES)?.reason).toContain('is silent, although the connection is open');
    expect(state(replica)).toBe('behind');
    // The next heartbeat of the other server ends it.
    await replica.until(() => replica.source(NODES)?.state === 'live');
  });

  it('includes how far sources are behind, and ends when they have caught up', async () => {
    const { served, store } = await origin();
    const lags = (lagSeconds: number) => ({
      [NODES]: { lagSeconds, waiting: 3, listing: null, cause: lagSeconds < 5 ? null : 'much waits' },
    });
    store.setLags(lags(9));
    const replica = await replicaOf(served.url);
    await replica.until(() => replica.source(NODES)?.state === 'behind');
    expect(replica.source(NODES)).toMatchObject({ lagSeconds: 9, waiting: 3, reason: 'much waits' });
    // No record changes, on either side.
    expect(store.replica.records.sources.get(NODES)?.state).toBe('live');
    store.setLags(lags(0));
    await replica.until(() => replica.source(NODES)?.state === 'live');
    expect(replica.source(NODES)).toMatchObject({ lagSeconds: 0, reason: null });
    expect(store.version).toBe(1);
  });

  it('is measured by the other’s clock', async () => {
    const at = Date.parse('2030-01-01T00:00:00Z');
    const pair = createPair({ ...systemClock, now: () => at + performance.now() });
    pair.collector.apply(batch(allNodes('a'), status(NODES, 'live', '2030-01-01T00:00:00.000Z')));
    const served = await serve(serving(pair.store));
    const replica = await replicaOf(served.url);
    await replica.until(isLive(replica));
    expect(Math.abs(replica.store.now() - pair.store.now())).toBeLessThan(2_000);
  });
});

describe('a stream that breaks in the middle of a frame', () => {
  const textOf = (chunk: Uint8Array): string => new TextDecoder().decode(chunk);
  const inflated = (chunk: Uint8Array): string =>
    inflateRawSync(chunk, { finishFlush: constants.Z_SYNC_FLUSH }).toString();

  // Text: the answer of an older ifscope without deflated streams.
  it.each([
    ['as text', 'text/event-stream', textOf],
    ['deflated', 'application/vnd.ifscope.events+deflate', inflated],
  ])('is reopened from the last complete frame, %s', async (_, type, read) => {
    const { collector, runtime } = await origin();
    let cuts = 0;
    const { stream, topology } = await import('../http/handlers');
    const served = await serve((request, path) => {
      if (path === '/api/topology') return topology(runtime, request);
      const response = stream(runtime, new Request(request, { headers: { accept: type }, signal: request.signal }));
      expect(response.headers.get('content-type')).toContain(type);
      if (cuts++ > 0 || response.body === null) return response;
      // Half of the first delta.
      const cutting = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          if (!read(chunk).includes('event: delta')) controller.enqueue(chunk);
          else {
            controller.enqueue(chunk.subarray(0, chunk.byteLength >> 1));
            controller.terminate();
          }
        },
      });
      return new Response(response.body.pipeThrough(cutting), { headers: response.headers });
    });
    const replica = await replicaOf(served.url);
    await replica.until(isLive(replica));
    collector.apply(batch(nodeUpsert('c')));
    await replica.until(() => names(replica).includes('c'));
    expect(cuts).toBe(2);
    expect(served.asked).toEqual([
      '/api/topology?sources=recorded',
      '/api/stream?since=e1.1',
      '/api/stream?since=e1.1',
    ]);
  });
});

describe('a token', () => {
  it('is sent only as a header', async () => {
    const { served } = await origin({ token: 'open sesame' });
    const replica = await replicaOf(served.url, { token: 'open sesame' });
    await replica.until(isLive(replica));
    expect([...served.asked, ...replica.log].join('\n')).not.toContain('sesame');
  });

  it.each([
    ['is wrong', 'sesam', 'it refuses the token in IFSCOPE_FROM_TOKEN'],
    ['is missing', undefined, 'it requires a token: set IFSCOPE_FROM_TOKEN'],
  ])('that %s is reported', async (_, token, reason) => {
    const { served } = await origin({ token: 'open sesame' });
    const replica = await replicaOf(served.url, token === undefined ? {} : { token });
    await replica.until(() => state(replica) === 'denied');
    expect(replica.own()?.reason).toBe(reason);
    expect(replica.log).toEqual([`${served.url}: ${reason}`]);
  });
});

describe('a server that cannot be followed', () => {
  const etag = { etag: '"e1.1"' };
  it.each([
    [
      'redirects',
      () => new Response(null, { status: 302, headers: { location: 'https://login.example' } }),
      'it answers with a redirect: give --from the address itself',
    ],
    [
      'has other pages',
      () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
      'the server there is not an ifscope (no version of its record set is named)',
    ],
    [
      'has no such page',
      () => new Response('', { status: 404 }),
      'the server there is not an ifscope (it answers 404)',
    ],
    [
      'is a newer one',
      () => new Response('{"schema":"ifscope/topology/v99"}', { headers: etag }),
      'its record set cannot be read; is it a newer ifscope?',
    ],
    ['is broken', () => new Response('{', { headers: etag }), 'its record set cannot be read; is it a newer ifscope?'],
    ['fails', () => new Response('{"error":"starting"}', { status: 503 }), 'it answers 503'],
  ])('one that %s is reported in one line', async (_, answer, reason) => {
    const served = await serve(answer);
    const replica = await replicaOf(served.url);
    await replica.until(() => state(replica) === 'failing');
    expect(replica.own()?.reason).toContain(reason);
    expect(replica.log[0]).toContain(`${served.url}: ${reason}`);
    expect(names(replica)).toEqual([]);
  });

  it('one that shows a file is not followed: old data would look live', async () => {
    const { store } = createPair(systemClock);
    const served = await serve(serving(store, { kind: 'snapshot', takenAt: ASOF }));
    const replica = await replicaOf(served.url);
    await replica.until(() => state(replica) === 'failing');
    expect(replica.own()?.reason).toBe('it shows a file, not a cluster: give --from the file itself');
  });
});

it('is followed by HTTPS, and only with a trusted certificate', async () => {
  const { served } = await origin({ tls: { key: SERVER_KEY, cert: SERVER_CERT } });
  const trusting = new Agent({ connect: { ca: CA, servername: 'kubernetes.test' } });
  ending.push(() => trusting.close());
  const fetchTrusting = ((url: string, init: object) =>
    undiciFetch(url, { ...init, dispatcher: trusting })) as unknown as Fetch;
  const replica = await replicaOf(served.url, { fetch: fetchTrusting });
  await replica.until(isLive(replica));
  const other = await replicaOf(served.url);
  await other.until(() => state(other) === 'failing');
  expect(other.own()?.reason).toMatch(
    /^it cannot be reached \((UNABLE_TO_VERIFY_LEAF_SIGNATURE|[A-Z_]*CERT[A-Z_]*)\)$/,
  );
});
