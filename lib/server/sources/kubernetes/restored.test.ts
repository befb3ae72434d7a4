/** An API server that returns to an earlier state, as after a restore of etcd. */
import { describe, expect, it } from 'vitest';
import { objectOf, type Exchange } from '../../../../e2e/testing/servers/api-server';
import type { KindRow } from '../../../normalise/kubernetes/kinds';
import { NAD, NADS, startKubernetes, type KubernetesBench } from '../../../../e2e/testing/servers/kubernetes-bench';

const OTHER: KindRow<'nad'> = { ...NAD, id: 'kubernetes/cninodes', source: 'kubernetes/cninodes', resource: 'others' };

const page = (exchange: Exchange, version: string, ...objects: readonly object[]): void =>
  exchange.json(200, { metadata: { resourceVersion: version }, items: objects });

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

/** Answers with `low` at `resourceVersion=0`, and with `newest` in a consistent list. */
const answers =
  (low: string, newest: string) =>
  (exchange: Exchange): void =>
    exchange.page([], exchange.query['limit'] === '1' ? newest : low);

/** The next list is answered with version 7 of `a`, which was known with other content, and without `b`. */
async function listsAgain({ api, seen }: KubernetesBench, from: string, to: string): Promise<void> {
  const list = await api.take();
  expect(list.watch).toBe(false);
  expect(seen.status(NADS)).toMatchObject({
    state: 'stale',
    reason: `the API server has returned from version ${from} to ${to}, as after a restore of etcd`,
  });
  page(list, '8', objectOf('a', '10', { config: 'restored' }));
  const watch = await api.take();
  expect(watch.query['resourceVersion']).toBe('8');
  watch.open();
  await seen.until(() => seen.status(NADS)?.state === 'live');
  expect(seen.keys).toEqual(['default/a']);
  // The same name and version: the known content is invalid.
  expect(seen.facts.get(`${NADS} default/a`)).toMatchObject({ config: 'restored' });
  expect(seen.log.slice(-1)).toEqual([
    `warn ${NADS}: the API server has returned from version ${from} to ${to}, as after a restore of etcd; listed again`,
  ]);
}

describe('an API server restored from a backup', () => {
  it('is detected by its current version, confirmed by a consistent list', async () => {
    const bench = await startKubernetes();
    const watch = await bench.live('a', 'b');
    bench.api.revision = answers('6', '7');
    await bench.timers.fire('lag');
    await watch.closed;
    await listsAgain(bench, '10', '7');
    // Versions reached now do not answer requests from before.
    bench.api.revision = answers('8', '8');
    await bench.timers.fire('lag');
    await until(() => bench.seen.lag(NADS)?.lagSeconds === 0);
  });

  it.each<[string, (watch: Exchange) => void]>([
    ['an event', (watch) => watch.event('ADDED', objectOf('c', '7'))],
    ['a bookmark', (watch) => watch.event('BOOKMARK', { metadata: { resourceVersion: '7' } })],
  ])('is detected by %s behind what was seen', async (_, tell) => {
    const bench = await startKubernetes();
    tell(await bench.live('a', 'b'));
    await listsAgain(bench, '10', '7');
  });

  it('is detected by a list behind what was seen, which is repeated', async () => {
    const bench = await startKubernetes();
    const watch = await bench.live('a', 'b');
    watch.event('ERROR', { kind: 'Status', code: 410 });
    page(await bench.api.take(), '7', objectOf('a', '10'));
    await bench.timers.fire('back-off');
    await listsAgain(bench, '10', '7');
  });

  it('is detected when the connection breaks and recovers', async () => {
    const bench = await startKubernetes();
    (await bench.live('a', 'b')).reset();
    bench.api.revision = answers('7', '7');
    await bench.timers.fire('back-off');
    (await bench.api.take()).open();
    await listsAgain(bench, '10', '7');
  });

  it('is detected when it reports that the version is too large', async () => {
    const bench = await startKubernetes();
    (await bench.live('a', 'b')).end();
    bench.api.revision = answers('7', '7');
    await bench.timers.fire('back-off');
    (await bench.api.take()).refuse(504, 'Too large resource version: 10, current: 7');
    await listsAgain(bench, '10', '7');
  });

  it('makes other kinds list again, which cannot detect it themselves', async () => {
    const { api, timers, seen } = await startKubernetes({ rows: [NAD, OTHER] });
    for (let n = 0; n < 2; n++) {
      const list = await api.take();
      list.page(['a'], list.path.endsWith('/nads') ? '10' : '5');
    }
    const watches = [await api.take(), await api.take()];
    for (const watch of watches) watch.open();
    await until(() => timers.labels.filter((label) => label === 'settled').length === 2);
    watches.find(({ path }) => path.endsWith('/nads'))?.event('ADDED', objectOf('c', '7'));
    const lists = [await api.take(), await api.take()];
    expect(lists.map(({ watch }) => watch)).toEqual([false, false]);
    for (const list of lists) list.page(['b'], '7');
    await api.take();
    await api.take();
    expect(seen.keys).toEqual(['default/b', 'default/b']);
    expect(seen.log).toHaveLength(2);
  });

  it('in only one store, as with --etcd-servers-overrides: lists other kinds once more, and continues', async () => {
    const { api, timers, seen } = await startKubernetes({ rows: [NAD, OTHER] });
    const isNads = ({ path }: Exchange): boolean => path.endsWith('/nads');
    for (let n = 0; n < 2; n++) {
      const list = await api.take();
      list.page(['a'], isNads(list) ? '10' : '500');
    }
    let watches = [(await api.take()).open(), (await api.take()).open()];
    await until(() => timers.labels.filter((label) => label === 'settled').length === 2);
    watches.find(isNads)?.event('ADDED', objectOf('c', '7'));
    for (const list of [await api.take(), await api.take()]) list.page(['b'], isNads(list) ? '8' : '501');
    watches = [(await api.take()).open(), (await api.take()).open()];
    for (const watch of watches) watch.event('ADDED', objectOf('d', isNads(watch) ? '9' : '502'));
    await seen.until(() => seen.keys.join() === 'default/b,default/b,default/d,default/d');
    for (const id of [NADS, OTHER.source]) await seen.until(() => seen.status(id)?.state === 'live');
    expect(seen.log).toHaveLength(2);
  });

  it('repeatedly is listed after increasing waits', async () => {
    const { api, timers, live } = await startKubernetes();
    let watch = await live('a');
    const waits: number[] = [];
    for (let n = 0; n < 4; n++) {
      watch.event('BOOKMARK', { metadata: { resourceVersion: '7' } });
      if (n > 0) waits.push(await timers.fire('back-off'));
      (await api.take()).page(['a'], '10');
      watch = (await api.take()).open();
    }
    expect(waits).toEqual([800, 1_600, 3_200]);
  });
});

describe('a low version that is no restore', () => {
  it('of a lagging replica is confirmed once a minute, without a list', async () => {
    const { api, timers, seen, live } = await startKubernetes();
    await live('a');
    api.revision = answers('6', '500');
    for (let n = 1; n <= 6; n++) {
      await timers.fire('lag');
      await timers.armed('lag');
    }
    const asked = api.asked.filter(({ query }) => query['limit'] === '1');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ path: '/apis/k8s.cni.cncf.io/v1/nads', query: { limit: '1' }, watch: false });
    // A different low answer is checked again.
    api.revision = answers('4', '500');
    await timers.fire('lag');
    await timers.armed('lag');
    expect(api.asked.filter(({ query }) => query['limit'] === '1')).toHaveLength(2);
    expect(api.untaken).toBe(0);
    expect(new Set(seen.statuses(NADS).map(({ state }) => state))).toEqual(new Set(['starting', 'live']));
    expect(seen.lag(NADS)?.lagSeconds).toBe(0);
  });

  it('that cannot be confirmed is queried again', async () => {
    const { api, timers, live } = await startKubernetes();
    await live('a');
    api.revision = (exchange) => (exchange.query['limit'] === '1' ? exchange.refuse(503) : exchange.page([], '6'));
    for (let n = 1; n <= 3; n++) {
      await timers.fire('lag');
      await timers.armed('lag');
    }
    expect(api.asked.filter(({ query }) => query['limit'] === '1')).toHaveLength(3);
    expect(api.untaken).toBe(0);
  });

  it('that is not numeric is ignored', async () => {
    const { api, timers, live } = await startKubernetes();
    const watch = await live('a');
    watch.event('BOOKMARK', { metadata: { resourceVersion: 'b7' } });
    watch.event('BOOKMARK', { metadata: { resourceVersion: 'a6' } });
    await timers.fire('lag');
    await timers.armed('lag');
    expect(api.untaken).toBe(0);
  });
});
