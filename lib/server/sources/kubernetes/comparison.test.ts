/** The background comparison with the server's objects. */
import { describe, expect, it } from 'vitest';
import { objectOf, type Exchange } from '../../../../e2e/testing/servers/api-server';
import { NAD, NADS, startKubernetes, type KubernetesBench } from '../../../../e2e/testing/servers/kubernetes-bench';

interface Compared extends KubernetesBench {
  readonly watch: Exchange;
  /** The request that starts a comparison. */
  readonly compare: () => Promise<Exchange>;
  /**
   * Makes a comparison receive this list, and the watch prove that it has everything the server had at the time of the
   * list.
   */
  readonly differ: (list: object) => Promise<void>;
  /** The states of the source since it was live, without repetitions. */
  readonly states: () => string[];
  /** Names and versions of the facts: `a:10 b:10`. */
  readonly stored: () => string;
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

/** A watch with these objects at version 10. The test answers the requests of a comparison. */
async function start(...names: string[]): Promise<Compared> {
  const bench = await startKubernetes({ policy: { compareMs: 2_000 } });
  const watch = await bench.live(...names);
  const { revision } = bench.api;
  bench.api.revision = (exchange) => {
    if (exchange.query['limit'] !== '1000') revision(exchange);
  };
  const pages = (): Exchange[] => bench.api.asked.filter(({ query }) => query['limit'] === '1000');
  const { timers, seen } = bench;
  const compare = async (): Promise<Exchange> => {
    const before = pages().length;
    await timers.fire('comparison');
    await until(() => pages().length > before);
    const page = pages().at(-1);
    if (page === undefined) throw new Error('no page');
    return page;
  };
  return {
    ...bench,
    watch,
    compare,
    async differ(list) {
      (await compare()).json(200, list);
      await timers.armed('comparison settles');
      await timers.fire('lag');
      await timers.armed('lag');
      await timers.fire('comparison settles');
    },
    states: () => {
      const all = seen.statuses(NADS).map(({ state }) => state);
      return all
        .slice(all.indexOf('live'))
        .filter((state, at) => at === 0 || state !== all[all.indexOf('live') + at - 1]);
    },
    stored: () =>
      seen.keys
        .map((key) => {
          const fact = seen.facts.get(`${NAD.id} ${key}`) as { readonly name: string; readonly config: string | null };
          return `${fact.name}:${fact.config ?? '10'}`;
        })
        .join(' '),
  };
}

/** Its config contains its version. */
const at = (name: string, version: string): object => objectOf(name, version, { config: version });

const objects = (version: string, ...named: readonly (readonly [name: string, version: string])[]): object => ({
  metadata: { resourceVersion: version },
  items: named.map(([name, of]) => at(name, of)),
});

const A_B = [
  ['a', '10'],
  ['b', '10'],
] as const;

describe('a comparison with the API server', () => {
  it('lists only metadata, page by page with pauses, while the watch stays open', async () => {
    const { compare, timers, api, seen, watch } = await start('a', 'b');
    const first = await compare();
    expect(first).toMatchObject({ path: '/apis/k8s.cni.cncf.io/v1/nads', query: { limit: '1000' } });
    expect(first.headers.accept).toContain('protobuf;as=PartialObjectMetadataList;');
    first.page(['a'], '10', 'more');
    expect(await timers.fire('comparison pause')).toBe(300);
    await until(() => api.asked.some(({ query }) => query['continue'] === 'more'));
    watch.event('ADDED', objectOf('c', '11'));
    await seen.until(() => seen.keys.includes('default/c'));
    api.asked.at(-1)?.page(['b'], '10');
    expect(await timers.armed('comparison')).toBe(3_000);
    expect(api.untaken).toBe(0);
    expect(seen.log).toEqual([]);
    expect(seen.status(NADS)).toMatchObject({ state: 'live', reason: null });
  });
});

describe('a difference from the API server', () => {
  it.each<[string, object, string, string]>([
    [
      'missing',
      objects('12', ...A_B, ['c', '12']),
      '3 objects of the API server: 1 missing, 0 deleted, 0 outdated',
      'a:10 b:10 c:12',
    ],
    ['gone', objects('12', ['a', '10']), '1 objects of the API server: 0 missing, 1 deleted, 0 outdated', 'a:10'],
    [
      'outdated',
      objects('12', ['a', '10'], ['b', '12']),
      '2 objects of the API server: 0 missing, 0 deleted, 1 outdated',
      'a:10 b:12',
    ],
  ])('that is %s is detected, corrected while the watch stays open, and reported', async (_, list, found, wanted) => {
    const { differ, api, seen, states, stored } = await start('a', 'b');
    await differ(list);
    // Removed objects need no list.
    if (!found.includes('1 deleted')) {
      const again = await api.take();
      expect([again.watch, again.query['limit']]).toEqual([false, '250']);
      again.json(200, list);
    }
    // Another watch continues where the previous one stopped.
    const next = await api.take();
    expect([next.watch, next.query['resourceVersion']]).toEqual([true, '10']);
    next.open();
    await until(() => stored() === wanted);
    expect(states()).toEqual(['live']);
    expect(seen.status(NADS)?.reason).toMatch(/^2026-01-01T\d\d:\d\dZ: compared with/);
    expect(seen.log).toEqual([`warn ${NADS}: compared with the ${found}; corrected`]);
  });

  it('is overridden by what the watch delivers meanwhile, which is newer', async () => {
    const { differ, api, watch, stored } = await start('a', 'b');
    await differ(objects('12', ['a', '11'], ['b', '11'], ['c', '12'], ['d', '12']));
    const again = await api.take();
    watch.event('MODIFIED', at('a', '13'));
    watch.event('DELETED', at('b', '14'));
    await until(() => stored() === 'a:13');
    again.json(200, objects('12', ['a', '11'], ['b', '11'], ['c', '12']));
    // `d` was deleted between the two lists.
    (await api.take()).open();
    await until(() => stored() === 'a:13 c:12');
  });

  it.each<[string, (page: Exchange) => void]>([
    ['refused', (page) => page.refuse(403)],
    ['broken', (page) => page.reset()],
    ['no list', (page) => page.json(200, { kind: 'Table' })],
  ])('triggers a full relist if the page that would correct it is %s', async (_, answer) => {
    const { differ, api, seen, states, stored } = await start('a', 'b');
    await differ(objects('12', ['a', '12']));
    answer(await api.take());
    const again = await api.take();
    expect(again.watch).toBe(false);
    again.json(200, objects('12', ['a', '12']));
    (await api.take()).open();
    await until(() => stored() === 'a:12');
    await seen.until(() => seen.status(NADS)?.state === 'live');
    expect(states()).toEqual(['live', 'stale', 'live']);
    expect(seen.log.at(-1)).toMatch(/; listed again$/);
  });

  it('disappears, with its note, once the watch delivers it', async () => {
    const { compare, timers, api, seen, watch } = await start('a', 'b');
    const page = await compare();
    // Ahead of the watch for every object.
    page.json(200, objects('13', ['b', '12'], ['c', '13']));
    await timers.armed('comparison settles');
    watch.event('DELETED', objectOf('a', '11'));
    watch.event('MODIFIED', objectOf('b', '12'));
    watch.event('ADDED', objectOf('c', '13'));
    await seen.until(() => seen.keys.join() === 'default/b,default/c');
    await timers.fire('lag');
    await timers.armed('lag');
    await timers.fire('comparison settles');
    await timers.armed('comparison');
    expect(api.untaken).toBe(0);
    expect(seen.log).toEqual([]);
  });
});

describe('a comparison that cannot be completed', () => {
  it('because the watch does not catch up reports nothing, since the lag is reported', async () => {
    const { compare, timers, api, seen, watch } = await start('a', 'b');
    const page = await compare();
    api.revision = () => undefined;
    page.json(200, objects('99', ['a', '10']));
    for (let waited = 0; waited < 150_000;) {
      watch.event('BOOKMARK', { metadata: { resourceVersion: '10' } });
      waited += await timers.fire('comparison settles');
    }
    await timers.armed('comparison');
    expect(seen.log).toEqual([]);
  });

  it('because the lag is unknown waits', async () => {
    const { compare, timers, api, seen, watch, stored } = await start('a', 'b');
    const page = await compare();
    api.revision = (exchange) => exchange.refuse(403);
    await timers.fire('lag');
    await timers.armed('lag');
    page.json(200, objects('12', ['a', '10']));
    let waited = 0;
    while (waited < 150_000) {
      watch.event('BOOKMARK', { metadata: { resourceVersion: '10' } });
      expect(seen.log).toEqual([]);
      waited += await timers.fire('comparison settles');
    }
    expect((await api.take()).watch).toBe(true);
    await until(() => stored() === 'a:10');
    expect(seen.log).toHaveLength(1);
  });

  it.each<[string, (page: Exchange) => void]>([
    ['refused', (page) => page.refuse(403)],
    ['broken', (page) => page.reset()],
    ['no list', (page) => page.json(200, { kind: 'Table' })],
    ['of another time', (page) => page.refuse(410)],
  ])('because its page is %s is repeated at the next interval', async (_, answer) => {
    const { compare, timers, api, seen } = await start('a');
    answer(await compare());
    await timers.armed('comparison');
    expect(api.untaken).toBe(0);
    expect(seen.log).toEqual([]);
  });

  it('because of a relist is abandoned', async () => {
    const { compare, timers, api, seen, watch } = await start('a', 'b');
    const page = await compare();
    watch.event('ERROR', { kind: 'Status', code: 410 });
    (await api.take()).page(['c'], '20');
    (await api.take()).open();
    await seen.until(() => seen.keys.join() === 'default/c');
    page.json(200, objects('12', ['a', '10']));
    await timers.armed('comparison');
    expect(api.untaken).toBe(0);
    expect(seen.log).toEqual([]);
  });
});
