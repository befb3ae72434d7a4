import { afterEach, describe, expect, it } from 'vitest';
import { startApiServer, type FakeApiServer } from '../../../../e2e/testing/servers/api-server';
import { createManualTimers, type ManualTimers } from '../../../../e2e/testing/servers/manual-timers';
import { createRecorder, type Recorder } from '../../../../e2e/testing/servers/recorder';
import { createTokenTransport } from '../kubernetes/transport';
import { reason, type Reason } from '../reason';
import { createAwsNodeSource, type AwsNodePolicy } from './aws-node';
import { createSchedule, type Target } from './schedule';

const ID = 'aws-node/metrics';
const METRICS = `# TYPE awscni_assigned_ip_per_eni gauge
awscni_assigned_ip_per_eni{eni="eni-1"} 4
awscni_total_ip_addresses 14
`;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Bench {
  readonly api: FakeApiServer;
  readonly timers: ManualTimers;
  readonly seen: Recorder;
  readonly stop: () => Promise<void>;
  readonly becomes: (state: string) => Promise<void>;
}

const nodes = (count: number): Target[] =>
  Array.from({ length: count }, (_, n) => ({ node: `node-${n}`, pod: `aws-node-${n}` }));

async function bench(
  targets: () => readonly Target[] | null,
  policy: Partial<AwsNodePolicy> = {},
  unknownBecause: () => Reason | null = () => null,
): Promise<Bench> {
  const api = await startApiServer();
  const timers = createManualTimers();
  const seen = createRecorder();
  const transport = createTokenTransport(api.url, null);
  const source = createAwsNodeSource(seen.context(timers.now), {
    transport,
    targets,
    unknownBecause,
    policy: { gatherMs: 0, gapMs: 0, ...policy },
    timers,
  });
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= source.stop());
  cleanups.push(
    () => api.stop(),
    () => transport.close(),
    stop,
  );
  source.start(seen.emit);
  return { api, timers, seen, stop, becomes: (state) => seen.until(() => seen.status(ID)?.state === state) };
}

const answer = async (api: FakeApiServer, text = METRICS): Promise<string> => {
  const request = await api.take();
  request.raw.end(text);
  return request.path;
};

it('reads the metrics of each node through the pod proxy, and again after 30 s', async () => {
  const { api, timers, seen, becomes } = await bench(() => nodes(2));
  const paths = [await answer(api), await answer(api)].sort();
  expect(paths).toEqual([
    '/api/v1/namespaces/kube-system/pods/aws-node-0:61678/proxy/metrics',
    '/api/v1/namespaces/kube-system/pods/aws-node-1:61678/proxy/metrics',
  ]);
  await becomes('live');
  await seen.until(() => seen.facts.size === 2);
  expect(seen.facts.get(`${ID} node-0`)).toMatchObject({
    node: 'node-0',
    readAt: '2026-01-01T00:00:00.000Z',
    assignedPerEni: { 'eni-1': 4 },
  });
  for (let waited = 0; waited < 30_000; waited += await timers.fire('poll'));
  await answer(api);
});

it('makes at most ten requests a second, five in parallel, each with a timeout of five seconds', async () => {
  const { api, timers, seen, becomes } = await bench(() => nodes(20), { gapMs: 100 });
  for (let n = 0; n < 5; n++) {
    await api.take();
    expect(await timers.fire('pace')).toBe(100);
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(api.untaken).toBe(0);
  expect(timers.labels).not.toContain('pace');
  // The first request's deadline expires, so the sixth may start.
  await timers.fire('metrics');
  await becomes('failing');
  expect(seen.status(ID)?.reason).toBe('1 of 1 nodes do not answer (node-0: no answer in time)');
  await answer(api);
  await becomes('starting');
});

it('is live only when every node was read or failed to answer; facts arrive before that', async () => {
  const { api, seen, becomes } = await bench(() => nodes(3), { atOnce: 1 });
  await answer(api);
  await seen.until(() => seen.facts.size === 1);
  expect(seen.status(ID)).toMatchObject({ state: 'starting', reason: 'not every node was read yet' });
  await answer(api);
  (await api.take()).refuse(503);
  await becomes('live');
  expect(seen.facts.size).toBe(2);
});

it('is denied after one request without the permission, and recovers when it is granted', async () => {
  const { api, timers, seen, becomes } = await bench(() => nodes(3), { atOnce: 1 });
  (await api.take()).refuse(403);
  await becomes('denied');
  expect(seen.status(ID)?.reason).toBe('get on pods/proxy in kube-system is not granted');
  for (let waited = 0; waited < 30_000; waited += await timers.fire('poll'));
  for (let read = 0; read < 3; read++) await answer(api);
  await becomes('live');
});

it('treats a 403 of the pod itself as no answer, not as a missing permission', async () => {
  const { api, seen, becomes } = await bench(() => nodes(1));
  const request = await api.take();
  request.raw.writeHead(403, { 'content-type': 'text/plain' }).end('Forbidden');
  await becomes('failing');
  expect(seen.status(ID)?.reason).toBe('1 of 1 nodes do not answer (node-0: HTTP 403)');
});

it('keeps the fact of a node that does not answer, and counts the node', async () => {
  const { api, timers, seen, becomes } = await bench(() => nodes(2), { atOnce: 1 });
  await answer(api);
  await answer(api);
  await seen.until(() => seen.facts.size === 2);
  for (let waited = 0; waited < 30_000; waited += await timers.fire('poll'));
  (await api.take()).refuse(503);
  await answer(api);
  await seen.until(() => seen.status(ID)?.reason !== null);
  await becomes('live');
  expect(seen.status(ID)?.reason).toBe('1 of 2 nodes do not answer (node-0: HTTP 503)');
  expect(seen.facts.size).toBe(2);
});

it.each([
  ['another program on the port', 'go_goroutines 12\n', 'what answers on its port is not ipamd'],
  ['an endless response', 'x'.repeat(5_000), 'an answer of more than 1000 bytes'],
])('reads no fact from %s', async (_name, text, reason) => {
  const { api, seen, becomes } = await bench(() => nodes(1), { mostBytes: 1_000 });
  await answer(api, text);
  await becomes('failing');
  expect(seen.status(ID)?.reason).toContain(reason);
  expect(seen.facts.size).toBe(0);
});

it('drops the facts of deleted nodes, and is absent without nodes', async () => {
  let targets: readonly Target[] = nodes(2);
  const { api, timers, seen, becomes } = await bench(() => targets);
  await answer(api);
  await answer(api);
  await seen.until(() => seen.facts.size === 2);
  targets = nodes(1);
  await timers.fire('poll');
  await seen.until(() => seen.facts.size === 1);
  targets = [];
  await timers.fire('poll');
  await becomes('absent');
  expect(seen.facts.size).toBe(0);
});

it('reports an unreachable API server as failing, and retries later', async () => {
  const { api, timers, becomes } = await bench(() => nodes(1));
  (await api.take()).reset();
  await becomes('failing');
  for (let waited = 0; waited < 30_000; waited += await timers.fire('poll'));
  await answer(api);
  await becomes('live');
});

it('stops during pending requests without leaks', async () => {
  const { api, timers, seen, stop } = await bench(() => nodes(5));
  for (let n = 0; n < 5; n++) await api.take();
  const before = seen.batches.length;
  await stop();
  expect(timers.labels).toEqual([]);
  expect(seen.batches.length).toBe(before);
});

describe('the schedule', () => {
  it('reads visible nodes first, and starves no node', () => {
    const schedule = createSchedule(1_000);
    const targets = nodes(100);
    const read = new Set<string>();
    // Twenty reads fit in the interval after which one becomes due again; the first ten are for nodes on screen.
    for (let turn = 0; turn < 2_000; turn++) {
      const target = schedule.next(targets, turn * 50);
      if (target !== null) read.add(target.node);
    }
    expect(read.size).toBe(100);
    expect(createSchedule(1_000).next(targets, 0)?.node).toBe('node-0');
  });

  it('reads no node twice within the interval, and reports deleted nodes', () => {
    const schedule = createSchedule(1_000);
    const targets = nodes(1);
    expect(schedule.next(targets, 0)?.node).toBe('node-0');
    expect(schedule.next(targets, 999)).toBeNull();
    expect(schedule.dueAt(targets)).toBe(1_000);
    expect(schedule.next(targets, 1_000)?.node).toBe('node-0');
    expect(schedule.forget([])).toEqual(['node-0']);
  });
});

it('is denied where the pods of aws-node may not be listed, and starts once they may', async () => {
  let targets: readonly Target[] | null = null;
  const why = (): Reason => reason`the pods of kube-system may not be listed`;
  const { api, timers, seen, becomes } = await bench(() => targets, {}, why);
  await becomes('denied');
  expect(seen.status(ID)?.reason).toBe('the pods of kube-system may not be listed');
  targets = nodes(1);
  await timers.fire('poll');
  await answer(api);
  await becomes('live');
});
