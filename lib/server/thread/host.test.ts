/** A real thread, and the HTTP interface of the serving thread: the effects of a busy or crashed collector. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { Frame } from '../../model/delta';
import type { Batch } from '../../model/observation';
import type { SourceRecord } from '../../model/records';
import { allNodes, batch, nodeUpsert, status } from '../../../e2e/testing/servers/store';
import { untilHolds } from '../../../e2e/testing/servers/until';
import type { Order, Script } from '../../../e2e/testing/threads/scripted';
import { healthz, lookupAnswer, readyz, stream } from '../http/handlers';
import { createRuntime, type Runtime } from '../runtime/runtime';
import { COLLECTOR } from './host';
import type { ThreadData } from './run';

const NODES = 'kubernetes/nodes';
const from = { kind: 'context', context: 'test' } as const;
const request = (path: string): Request => new Request(`http://127.0.0.1${path}`);

interface Opened {
  readonly runtime: Runtime;
  readonly log: string[];
  /** One per started thread. */
  readonly threads: { readonly worker: Worker; readonly port: MessagePort }[];
  readonly order: (order: Order) => void;
  readonly take: (...batches: readonly Batch[]) => void;
  /** Resolves when `holds` is true; checks at every commit, and periodically. */
  readonly until: (holds: () => boolean) => Promise<void>;
  readonly source: (id: string) => SourceRecord | undefined;
}

const opened: Opened[] = [];
afterEach(async () => {
  for (const { runtime, threads } of opened.splice(0)) {
    await runtime.stop();
    for (const { port } of threads) port.close();
  }
});

function open(script: { readonly problem?: string } = {}): Opened {
  const threads: Opened['threads'] = [];
  const log: string[] = [];
  const startThread = (_: unknown, data: ThreadData): Worker => {
    const { port1, port2 } = new MessageChannel();
    const workerData: Script = { ...data, orders: port2, required: [NODES], problem: script.problem ?? null };
    const worker = new Worker(new URL('../../../e2e/testing/threads/scripted.mjs', import.meta.url), {
      workerData,
      transferList: [port2],
    });
    threads.push({ worker, port: port1 });
    return worker;
  };
  const runtime = createRuntime(from, { log: (_, message) => log.push(message), startThread });
  const order = (next: Order): void => threads.at(-1)?.port.postMessage(next);
  const one: Opened = {
    runtime,
    log,
    threads,
    order,
    take: (...batches) => batches.forEach((each) => order({ is: 'take', batch: each })),
    until: (holds) => untilHolds(runtime.store, holds),
    source: (id) => runtime.store.replica.records.sources.get(id),
  };
  opened.push(one);
  return one;
}

/** As Node ends a thread with a full heap. A heap that really fills sometimes ends the whole process. */
function endOutOfMemory(worker: Worker | undefined): void {
  const error = new Error('Worker terminated due to reaching memory limit: JS heap out of memory');
  worker?.emit('error', Object.assign(error, { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
  void worker?.terminate();
}

const live = (asOf: string): Batch => batch(status(NODES, 'live', asOf));
const ASOF = '2026-01-01T00:00:00.000Z';

/** The frames of a stream as they arrive. */
function follow(runtime: Runtime): Frame[] {
  const { store } = runtime;
  const frames: Frame[] = [];
  const body = stream(runtime, request(`/api/stream?since=${store.epoch}.${store.version}`)).body;
  void (async () => {
    for await (const chunk of body ?? [])
      for (const [, data] of new TextDecoder().decode(chunk).matchAll(/^data: (.*)$/gm))
        if (data !== undefined) frames.push(JSON.parse(data) as Frame);
  })();
  return frames;
}

describe('a collecting thread', () => {
  it('passes on what the sources report; a large list arrives in parts, none shown as complete', async () => {
    const { runtime, take, until, source } = open();
    await runtime.start();
    expect(readyz(runtime).status).toBe(503);
    const seen: (readonly [nodes: number, state: string])[] = [];
    runtime.store.onCommit(() =>
      seen.push([runtime.store.replica.records.nodes.size, source(NODES)?.state ?? 'not told']),
    );
    const names = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
    take(batch(allNodes(...names), status(NODES, 'live', ASOF)));
    await until(() => source(NODES)?.state === 'live');
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.filter(([nodes, state]) => state === 'live' && nodes < 1_000)).toEqual([]);
    expect(readyz(runtime).status).toBe(200);
    expect(runtime.store.ages).toEqual({ [NODES]: ASOF });
  });

  it('that is blocked for seconds blocks nothing else, and the lag of its sources is visible', async () => {
    const { runtime, take, until, order, source } = open();
    await runtime.start();
    take(batch(nodeUpsert('a', { internalIps: ['10.0.0.1'] })), live(ASOF));
    await until(() => source(NODES)?.state === 'live');
    const frames = follow(runtime);
    const now = (): SourceRecord | undefined => runtime.store.sources().find(({ id }) => id === NODES);
    order({ is: 'spin', ms: 8_000 });
    const waits: number[] = [];
    await until(() => {
      const asked = performance.now();
      expect(healthz().status).toBe(200);
      expect(lookupAnswer(runtime, request('/api/lookup?q=10.0.0.1')).status).toBe(200);
      waits.push(performance.now() - asked);
      return now()?.state === 'behind';
    });
    expect(Math.max(...waits)).toBeLessThan(1_000);
    expect(now()?.lagSeconds).toBeGreaterThanOrEqual(5);
    expect(now()?.reason).toMatch(/^the collector has been silent since \d\d:\d\d:\d\d UTC$/);
    expect(await readyz(runtime).text()).toContain(`${NODES} is ${now()?.lagSeconds ?? 0} s behind`);
    await until(() => frames.some((frame) => frame.kind === 'heartbeat' && (frame.lags[NODES]?.lagSeconds ?? 0) >= 2));
    await until(() => now()?.state === 'live');
  });

  it.each([
    ['throws', { is: 'throw', message: 'a bug' }, 'a bug', 'because of an internal error; the log has the details'],
    [
      'leaves a promise rejected',
      { is: 'reject', message: 'a bug' },
      'a bug',
      'because of an internal error; the log has the details',
    ],
    ['ends', { is: 'exit' }, 'its thread ended', 'because of an internal error; the log has the details'],
    [
      'runs out of memory',
      'out of memory',
      'out of memory: its heap is limited to',
      'because it ran out of memory; the memory limit must be raised',
    ],
  ] as const)('that %s is restarted; viewers keep their picture and their position', async (_, death, why, said) => {
    const { runtime, take, until, order, source, log, threads } = open();
    const { store } = runtime;
    await runtime.start();
    take(batch(allNodes('a', 'gone')), live(ASOF));
    await until(() => source(NODES)?.state === 'live');
    const before = { epoch: store.epoch, version: store.version };
    if (death === 'out of memory') endOutOfMemory(threads[0]?.worker);
    else order(death);
    await until(() => source(NODES)?.state === 'stale');
    expect(source(NODES)?.reason).toContain(`(${said}) and starts again`);
    expect(source(COLLECTOR)?.reason).toContain(said);
    expect(log.join('\n')).toMatch(new RegExp(`collecting stopped \\(${why}.*\\); it starts again in 1 s`));
    expect(store.replica.records.nodes.size).toBe(2);

    await until(() => threads.length === 2);
    take(batch(nodeUpsert('a')), batch(nodeUpsert('new')));
    // Nothing is sent before the required sources have answered.
    expect([...store.replica.records.nodes.values()].map(({ name }) => name)).toEqual(['a', 'gone']);
    take(batch(allNodes('a', 'new')), live('2026-01-01T00:01:00.000Z'));
    await until(() => source(NODES)?.state === 'live');
    expect(source(COLLECTOR)).toBeUndefined();
    expect([...store.replica.records.nodes.values()].map(({ name }) => name)).toEqual(['a', 'new']);
    const since = store.since(before);
    if (since.kind !== 'delta') throw new Error(since.kind);
    expect(since.delta.tables.nodes).toMatchObject({ put: [{ name: 'new' }], patch: [], drop: ['node:gone'] });
  });

  it('that cannot start reports the reason to its starter', async () => {
    const { runtime } = open({ problem: 'no such context' });
    await expect(runtime.start()).rejects.toThrow('no such context');
  });

  it('ends with the serving thread', async () => {
    const { runtime, threads } = open();
    await runtime.start();
    let isGone = false;
    threads[0]?.worker.once('exit', () => (isGone = true));
    await runtime.stop();
    expect(isGone).toBe(true);
    expect(threads).toHaveLength(1);
  });
});
