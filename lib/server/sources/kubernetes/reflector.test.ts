import { afterEach, describe, expect, it } from 'vitest';
import type { AnyKindRow, KindRow } from '../../../normalise/kubernetes/kinds';
import {
  objectOf,
  startApiServer,
  type Exchange,
  type FakeApiServer,
} from '../../../../e2e/testing/servers/api-server';
import { createHeldTimers } from '../../../../e2e/testing/servers/held-timers';
import { createRecorder } from '../../../../e2e/testing/servers/recorder';
import { identityOf } from './identity';
import { createKubernetesSource } from './kubernetes';
import type { Policy } from './policy';
import { createTokenTransport } from './transport';

/** Reads NADs, but keeps nothing of those whose annotation says so. */
const NAD: KindRow<'nad'> = {
  id: 'kubernetes/nads',
  source: 'kubernetes/nads',
  factKind: 'nad',
  group: 'k8s.cni.cncf.io',
  versions: ['v1'],
  resource: 'nads',
  kind: 'NetworkAttachmentDefinition',
  namespaced: true,
  required: false,
  fieldSelector: null,
  shortNames: [],
  verbs: ['list', 'watch'],
  normalise(object) {
    const { metadata } = object as { metadata: Record<string, string> };
    if (metadata['drop'] !== undefined) return null;
    const { key, uid } = identityOf(object);
    return {
      key: metadata['as'] ?? key,
      fact: {
        namespace: metadata['namespace'] ?? '',
        name: metadata['name'] ?? '',
        uid: uid ?? '',
        createdAt: null,
        deleting: false,
        config: metadata['config'] ?? null,
        resourceName: null,
        generation: null,
        problems: [],
      },
    };
  },
};
const ID = NAD.source;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Bench {
  readonly api: FakeApiServer;
  readonly timers: ReturnType<typeof createHeldTimers>;
  readonly seen: ReturnType<typeof createRecorder>;
  readonly stop: () => Promise<void>;
  readonly becomes: (state: string) => Promise<void>;
  /** Answers the first list with these names at version 10, and the watch that follows. */
  readonly live: (...names: string[]) => Promise<Exchange>;
}

async function bench(
  options: { rows?: readonly AnyKindRow[]; policy?: Partial<Policy>; random?: () => number } = {},
): Promise<Bench> {
  const api = await startApiServer();
  const timers = createHeldTimers();
  const seen = createRecorder();
  const source = createKubernetesSource(seen.context(timers.now, options.random), {
    transport: createTokenTransport(api.url, 'secret'),
    kinds: options.rows ?? [NAD],
    policy: { gatherMs: 0, watchGapMs: 0, ...options.policy },
    timers,
  });
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= source.stop());
  cleanups.push(() => api.stop(), stop);
  source.start(seen.emit);
  const result: Bench = {
    api,
    timers,
    seen,
    stop,
    becomes: (state) => seen.until(() => seen.status(ID)?.state === state),
    async live(...names) {
      (await api.take()).page(names, '10');
      const watch = await api.take();
      watch.open();
      // Only now the client has seen the watch open.
      await timers.armed('settled');
      await seen.until(() => seen.status(ID)?.state === 'live');
      return watch;
    },
  };
  return result;
}

describe('list', () => {
  it('pages without a resourceVersion, and hands on the whole as one batch with the status', async () => {
    const { api, seen } = await bench();
    const first = await api.take();
    expect(first.query).toEqual({ limit: '250' });
    expect(first.headers.authorization).toBe('Bearer secret');
    expect(first.headers['accept-encoding']).toBe('gzip');
    first.page(['a', 'b'], '10', 'more');
    const second = await api.take();
    expect(second.query).toEqual({ limit: '250', continue: 'more' });
    second.gzip({ metadata: { resourceVersion: '10' }, items: [objectOf('c', '3')] });
    const watch = await api.take();
    expect(watch.query).toMatchObject({ resourceVersion: '10', allowWatchBookmarks: 'true', timeoutSeconds: '300' });
    expect(seen.keys).toEqual(['default/a', 'default/b', 'default/c']);
    const [relist] = seen.batches.filter(({ observations }) => observations.some(({ op }) => op === 'replaceAll'));
    expect(relist?.observations.map(({ op }) => op)).toEqual(['replaceAll', 'status']);
    expect(seen.status(ID)).toMatchObject({ state: 'live', asOf: '2026-01-01T00:00:00.000Z', reason: null });
  });

  it('begins anew when the continue token has expired', async () => {
    const { api, seen, becomes } = await bench();
    (await api.take()).page(['gone'], '10', 'old');
    (await api.take()).refuse(410, 'The provided continue parameter is too old');
    const again = await api.take();
    expect(again.query).toEqual({ limit: '250' });
    again.page(['a'], '20');
    await becomes('live');
    expect(seen.keys).toEqual(['default/a']);
  });

  it('keeps the pages it has when the next one is refused, and honours Retry-After', async () => {
    const { api, timers, seen, becomes } = await bench();
    (await api.take()).page(['a'], '10', 'more');
    (await api.take()).refuse(429, 'too many', { 'retry-after': '7' });
    await becomes('failing');
    expect(seen.status(ID)?.reason).toBe('list nads: HTTP 429: too many');
    expect(await timers.fire('back-off')).toBe(7_000);
    const second = await api.take();
    expect(second.query['continue']).toBe('more');
    second.page(['b'], '10');
    await becomes('live');
    expect(seen.keys).toEqual(['default/a', 'default/b']);
  });

  it('asks for fewer objects where pages are large', async () => {
    const { api } = await bench({ policy: { pageBytes: 200 } });
    (await api.take()).page(
      Array.from({ length: 10 }, (_, n) => `n${n}`),
      '10',
      'more',
    );
    const { query } = await api.take();
    expect(Number(query['limit'])).toBeLessThan(80);
    expect(Number(query['limit'])).toBeGreaterThan(10);
  });

  it('asks again, smaller, for a page that is too large to read', async () => {
    const { api, becomes } = await bench({ policy: { mostBytes: 500 } });
    (await api.take()).page(
      Array.from({ length: 20 }, (_, n) => `n${n}`),
      '10',
    );
    const second = await api.take();
    expect(second.query['limit']).toBe('31');
    second.page(['a'], '10');
    await becomes('live');
  });

  it.each<[string, (list: Exchange) => void, string]>([
    ['no answer at all', () => undefined, 'list headers'],
    ['headers, then silence', (list) => list.open().write('{"metadata":'), 'list body'],
  ])('gives up on a list with %s after 30 s', async (_name, answer, label) => {
    const { api, timers, seen, becomes } = await bench();
    const list = await api.take();
    answer(list);
    expect(await timers.fire(label)).toBe(30_000);
    await becomes('failing');
    expect(seen.status(ID)?.reason).toContain('nothing received for 30 s');
    await list.closed;
    await timers.fire('back-off');
    (await api.take()).page(['a'], '10');
    await becomes('live');
  });

  it('backs off with full jitter up to 30 s', async () => {
    const { api, timers } = await bench({ random: () => 0.999 });
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      (await api.take()).refuse(500);
      waits.push(Math.round(await timers.fire('back-off')));
    }
    expect(waits).toEqual([799, 1598, 3197, 6394, 12787, 25574, 29970, 29970]);
  });

  it('lists again now and then, against silent divergence, and drops what is no longer there', async () => {
    const { api, timers, seen, live } = await bench();
    const watch = await live('a', 'b');
    expect(await timers.armed('relist')).toBe(1_200_000);
    await timers.fire('relist');
    await watch.closed;
    const list = await api.take();
    expect(list.watch).toBe(false);
    list.page(['b'], '99');
    expect((await api.take()).query['resourceVersion']).toBe('99');
    expect(seen.keys).toEqual(['default/b']);
    expect(seen.statuses(ID).map(({ state }) => state)).not.toContain('stale');
  });
});

describe('watch', () => {
  it('hands on what is added, changed, deleted, and what is no longer of interest', async () => {
    const { seen, live } = await bench();
    const watch = await live('a', 'b');
    watch.event('ADDED', objectOf('c', '11'));
    watch.event('MODIFIED', objectOf('a', '12', { config: 'new' }));
    watch.event('DELETED', objectOf('b', '13'));
    await seen.until(() => !seen.facts.has(`${ID} default/b`));
    expect(seen.facts.get(`${ID} default/a`)).toMatchObject({ config: 'new' });
    watch.event('MODIFIED', objectOf('c', '14', { drop: 'yes' }));
    await seen.until(() => !seen.facts.has(`${ID} default/c`));
    expect(seen.keys).toEqual(['default/a']);
    const removal = seen.batches.flatMap(({ observations }) => observations).find(({ op }) => op === 'remove');
    expect(removal).toMatchObject({ op: 'remove', kind: 'nad', scope: ID, key: 'default/b', uid: 'uid-b' });
  });

  it('finds a fact under a key of its own when the object is no longer of interest', async () => {
    const { seen, live } = await bench();
    const watch = await live();
    watch.event('ADDED', objectOf('c', '11', { as: 'NAD/default/c' }));
    await seen.until(() => seen.facts.size === 1);
    watch.event('MODIFIED', objectOf('c', '12', { drop: 'yes' }));
    await seen.until(() => seen.facts.size === 0);
  });

  it('gathers events for 50 ms into one batch', async () => {
    const { api, timers, seen } = await bench({ policy: { gatherMs: 50 } });
    (await api.take()).page([], '10');
    await seen.until(() => seen.status(ID)?.state === 'live');
    const watch = (await api.take()).open();
    const before = seen.batches.length;
    for (let n = 0; n < 20; n++) watch.event('ADDED', objectOf(`n${n}`, `${11 + n}`));
    expect(await timers.armed('gather')).toBe(50);
    // Ends the watch in good order: what is observed next is that all the lines before were read.
    watch.end();
    await api.take();
    await timers.fire('gather');
    expect(seen.facts.size).toBe(20);
    expect(seen.batches.length - before).toBe(1);
  });

  it('hands on what was gathered before a relist, which is a batch of its own', async () => {
    const { api, timers, seen } = await bench({ policy: { gatherMs: 50 } });
    (await api.take()).page([], '10');
    const watch = (await api.take()).open();
    watch.event('ADDED', objectOf('a', '11'));
    await timers.armed('gather');
    watch.event('ERROR', { kind: 'Status', code: 410 });
    (await api.take()).page(['b'], '20');
    await api.take();
    expect(seen.batches.at(-2)?.observations.map(({ op }) => op)).toContain('upsert');
    expect(seen.batches.at(-1)?.observations.map(({ op }) => op)).toEqual(['replaceAll']);
    expect(seen.keys).toEqual(['default/b']);
  });

  it('resumes from the last bookmark when the server ends the watch', async () => {
    const { api, timers, seen, live } = await bench();
    const watch = await live('a');
    timers.advance(60_000);
    watch.event('BOOKMARK', { metadata: { resourceVersion: '500' } });
    await seen.until(() => seen.status(ID)?.asOf === '2026-01-01T00:01:00.000Z');
    watch.end();
    expect((await api.take()).query['resourceVersion']).toBe('500');
    expect(seen.keys).toEqual(['default/a']);
  });

  it('does not flood: ages are told at most every five seconds', async () => {
    const { timers, seen, live } = await bench();
    const watch = await live('a');
    const before = seen.statuses(ID).length;
    for (let n = 0; n < 10; n++) {
      timers.advance(1_000);
      watch.event('MODIFIED', objectOf('a', `${20 + n}`, { config: `${n}` }));
      await seen.until(() => (seen.facts.get(`${ID} default/a`) as { config: string }).config === `${n}`);
    }
    expect(seen.statuses(ID).length - before).toBe(2);
  });

  it('reads characters that are split between chunks, and U+2028 as data', async () => {
    const { seen, live } = await bench();
    const watch = await live();
    const name = 'é\u2028漢😀';
    const bytes = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: objectOf(name, '11') })}\n`);
    const at = bytes.indexOf(Buffer.from('😀')) + 2;
    watch.write(bytes.subarray(0, at));
    await new Promise((resolve) => setImmediate(resolve));
    watch.write(bytes.subarray(at));
    await seen.until(() => seen.facts.size === 1);
    expect(seen.keys).toEqual([`default/${name}`]);
  });

  it('reads a compressed watch', async () => {
    const { api, seen } = await bench();
    (await api.take()).page([], '10');
    const watch = (await api.take()).open({ 'content-encoding': 'gzip' });
    const { gzipSync } = await import('node:zlib');
    watch.write(gzipSync(`${JSON.stringify({ type: 'ADDED', object: objectOf('a', '11') })}\n`));
    await seen.until(() => seen.facts.size === 1);
  });

  it('loses nothing of a burst of 2,000 events before the end', async () => {
    const { api, seen, live } = await bench();
    const watch = await live();
    for (let n = 0; n < 2_000; n++) watch.event('ADDED', objectOf(`n${n}`, `${11 + n}`));
    watch.end();
    expect((await api.take()).query['resourceVersion']).toBe('2010');
    expect(seen.facts.size).toBe(2_000);
  });

  it('survives an exception in the receiver and in a normaliser', async () => {
    const bad: AnyKindRow = {
      ...NAD,
      normalise(object) {
        if (identityOf(object).key === 'default/bad') throw new Error('no');
        return NAD.normalise(object);
      },
    };
    const { seen, live } = await bench({ rows: [bad] });
    const watch = await live('a', 'bad');
    watch.event('ADDED', objectOf('bad', '11'));
    watch.event('ADDED', objectOf('c', '12'));
    await seen.until(() => seen.facts.has(`${ID} default/c`));
    expect(seen.log).toEqual(['error kubernetes/nads: an object could not be read: Error: no']);
  });
});

describe('recovery (platform.md C2)', () => {
  const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 300 (1713)' };

  it.each<[string, (watch: Exchange) => void]>([
    [
      'as an ERROR event, then a close',
      (watch) => {
        watch.event('ERROR', expired);
        watch.end();
      },
    ],
    ['as an ERROR event with the connection left open', (watch) => watch.event('ERROR', expired)],
  ])('410 %s: lists again at once', async (_name, expire) => {
    const { api, seen, live, timers } = await bench();
    const watch = await live('a', 'b');
    watch.event('ADDED', objectOf('c', '11'));
    expire(watch);
    const list = await api.take();
    expect(list.query).toEqual({ limit: '250' });
    list.page(['b'], '2000');
    expect((await api.take()).query['resourceVersion']).toBe('2000');
    expect(seen.keys).toEqual(['default/b']);
    expect(timers.labels).not.toContain('back-off');
  });

  it('410 as an HTTP status of the watch: lists again at once, and the second time after a wait', async () => {
    const { api, timers, live } = await bench();
    (await live('a')).end();
    await timers.fire('back-off');
    (await api.take()).refuse(410);
    const list = await api.take();
    expect(list.watch).toBe(false);
    list.page(['a'], '20');
    (await api.take()).refuse(410);
    expect(await timers.fire('back-off')).toBe(800);
    expect((await api.take()).watch).toBe(false);
  });

  it.each<[string, 'waits' | 'at once', (watch: Exchange) => void]>([
    ['a TCP reset', 'waits', (watch) => watch.reset()],
    ['a FIN without the last chunk', 'waits', (watch) => watch.fin()],
    ['an ERROR event 500', 'waits', (watch) => watch.event('ERROR', { kind: 'Status', code: 500, message: 'oops' })],
    [
      'half a line, then the end',
      'at once',
      (watch) => {
        watch.write('{"type":"ADDED","obj');
        watch.end();
      },
    ],
  ])('%s: resumes at the last version (%s)', async (_name, how, harm) => {
    const { api, timers, seen, live } = await bench();
    const watch = await live('a');
    watch.event('ADDED', objectOf('b', '77'));
    await seen.until(() => seen.facts.size === 2);
    harm(watch);
    if (how === 'waits') await timers.fire('back-off');
    const again = await api.take();
    expect(again.query).toMatchObject({ watch: 'true', resourceVersion: '77' });
    again.open();
    again.event('ADDED', objectOf('c', '78'));
    await seen.until(() => seen.facts.size === 3);
    expect(seen.statuses(ID).map(({ state }) => state)).toEqual(['starting', 'live']);
  });

  it.each<[string, (watch: Exchange) => void]>([
    ['a line that is not JSON', (watch) => watch.write('{"type":\n')],
    ['an event without a version', (watch) => watch.event('ADDED', { metadata: { name: 'x' } })],
    ['an event of unknown type', (watch) => watch.event('RENAMED', objectOf('x', '11'))],
    ['an event that is null', (watch) => watch.write('null\n')],
  ])('%s: lists again, since an event may be lost', async (_name, harm) => {
    const { api, live } = await bench();
    harm(await live('a'));
    expect((await api.take()).query).toEqual({ limit: '250' });
  });

  it('429 on the watch: waits as long as the server says, and resumes', async () => {
    const { api, timers, live, seen } = await bench();
    (await live('a')).reset();
    await timers.fire('back-off');
    (await api.take()).refuse(429, 'later', { 'retry-after': '12' });
    await seen.until(() => seen.status(ID)?.state === 'stale');
    expect(seen.status(ID)?.reason).toBe('watch nads: HTTP 429: later');
    expect(await timers.fire('back-off')).toBe(12_000);
    const again = await api.take();
    expect(again.query['resourceVersion']).toBe('10');
    again.open();
    await seen.until(() => seen.status(ID)?.state === 'live');
  });

  it('500 on the watch: resumes without a list', async () => {
    const { api, timers, live } = await bench();
    (await live('a')).reset();
    await timers.fire('back-off');
    (await api.take()).refuse(500);
    await timers.fire('back-off');
    expect((await api.take()).query['resourceVersion']).toBe('10');
  });

  it('a refused connection: stale, and resumes when the server is back', async () => {
    const { api, timers, live, seen, becomes } = await bench();
    await live('a');
    const { port } = new URL(api.url);
    await api.stop();
    await timers.fire('back-off');
    await becomes('stale');
    expect(seen.status(ID)?.reason).toBe(`${api.url}: connection refused (ECONNREFUSED)`);
    expect(seen.keys).toEqual(['default/a']);
    const back = await startApiServer(Number(port));
    cleanups.push(() => back.stop());
    await timers.fire('back-off');
    const watch = await back.take();
    expect(watch.query['resourceVersion']).toBe('10');
    watch.open();
    await becomes('live');
  });

  it('a half-open connection: noticed when bookmarks stay away', async () => {
    const { api, timers, live, seen } = await bench();
    const watch = await live('a');
    expect(await timers.fire('watch idle')).toBe(150_000);
    await watch.closed;
    await timers.fire('back-off');
    const again = await api.take();
    expect(again.query['resourceVersion']).toBe('10');
    again.open();
    again.event('BOOKMARK', { metadata: { resourceVersion: '11' } });
    await seen.until(() => seen.statuses(ID).length > 2);
    expect(seen.status(ID)?.state).toBe('live');
  });

  it('a quiet watch with bookmarks is left alone', async () => {
    const { api, timers, live, seen } = await bench();
    const watch = await live('a');
    for (const version of ['11', '12', '13']) {
      timers.advance(100_000);
      watch.event('BOOKMARK', { metadata: { resourceVersion: version } });
      await seen.until(() => seen.status(ID)?.asOf === new Date(timers.now()).toISOString());
    }
    expect(api.untaken).toBe(0);
    expect(seen.statuses(ID).map(({ state }) => state)).not.toContain('stale');
  });

  it('a watch that is never answered is given up after 30 s', async () => {
    const { api, timers } = await bench();
    (await api.take()).page(['a'], '10');
    await api.take();
    expect(await timers.fire('watch headers')).toBe(30_000);
    await timers.fire('back-off');
    expect((await api.take()).watch).toBe(true);
  });

  it('watches that end at once are not asked for in a loop', async () => {
    const { api, timers, seen, becomes } = await bench();
    (await api.take()).page(['a'], '10');
    const waits: number[] = [];
    for (let n = 0; n < 6; n++) {
      (await api.take()).open().end();
      waits.push(await timers.fire('back-off'));
    }
    expect(waits).toEqual([400, 800, 1_600, 3_200, 6_400, 12_800]);
    expect(seen.status(ID)).toMatchObject({ state: 'stale', reason: `${api.url} ends every watch of nads at once` });
    const good = await api.take();
    good.open().event('BOOKMARK', { metadata: { resourceVersion: '11' } });
    await becomes('live');
  });

  it('leaves 250 ms between two watches whatever happens', async () => {
    const { api, timers, live } = await bench({ random: () => 0, policy: { watchGapMs: 250 } });
    const watch = await live('a');
    watch.reset();
    expect(await timers.fire('watch gap')).toBe(250);
    expect((await api.take()).watch).toBe(true);
  });
});

describe('refusals', () => {
  it('401: tries once with new credentials, then is failing, with the facts it had', async () => {
    const { api, timers, seen, live, becomes } = await bench();
    (await live('a')).reset();
    await timers.fire('back-off');
    (await api.take()).refuse(401, 'Unauthorized');
    (await api.take()).refuse(401, 'Unauthorized');
    await becomes('failing');
    expect(seen.status(ID)?.reason).toBe('watch nads: HTTP 401: Unauthorized');
    expect(seen.keys).toEqual(['default/a']);
    await timers.fire('back-off');
    (await api.take()).open();
    await becomes('live');
  });

  it('403: denied at once when nothing was read, asked again within 25 s', async () => {
    const { api, timers, seen, becomes } = await bench({ random: () => 0.999 });
    (await api.take()).refuse(403, 'nads is forbidden: User "x" cannot list resource "nads"');
    await becomes('denied');
    expect(seen.status(ID)).toMatchObject({
      asOf: null,
      reason: 'list nads: HTTP 403: nads is forbidden: User "x" cannot list resource "nads"',
    });
    expect(await timers.fire('back-off')).toBeLessThanOrEqual(25_000);
    (await api.take()).page(['a'], '10');
    await becomes('live');
  });

  it('403 of what was readable: the facts go only when it is said twice', async () => {
    const { api, timers, seen, live, becomes } = await bench();
    const watch = await live('a');
    watch.event('ERROR', { kind: 'Status', code: 410 });
    (await api.take()).refuse(403);
    expect(await timers.armed('back-off')).toBe(1_500);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.status(ID)?.state).toBe('live');
    expect(seen.keys).toEqual(['default/a']);
    await timers.fire('back-off');
    (await api.take()).refuse(403);
    await becomes('denied');
    expect(seen.keys).toEqual([]);
  });

  it('may list but not watch: says so, and lists again', async () => {
    const { api, timers, seen, becomes } = await bench();
    (await api.take()).page(['a'], '10');
    (await api.take()).refuse(403, 'cannot watch');
    await timers.fire('back-off');
    (await api.take()).refuse(403, 'cannot watch');
    await becomes('denied');
    expect(seen.status(ID)?.reason).toContain('cannot watch; listed every 15 s instead');
    await timers.fire('back-off');
    (await api.take()).page(['a', 'b'], '11');
    (await api.take()).refuse(403, 'cannot watch');
    expect(seen.keys).toEqual(['default/a', 'default/b']);
    expect(seen.status(ID)?.state).toBe('denied');
  });

  it('404: absent until discovery shows the group, then live, then absent again without its facts', async () => {
    const { api, timers, seen, becomes } = await bench();
    (await api.take()).refuse(404);
    await becomes('absent');
    expect(seen.status(ID)?.reason).toBe('the cluster does not serve nads.k8s.cni.cncf.io');
    expect(await timers.fire('absent')).toBeLessThanOrEqual(6_500);
    // Discovery says no: the kind itself is not asked for.
    await timers.armed('absent');
    expect(api.untaken).toBe(0);
    expect(api.discoveries).toBe(1);
    api.groups = { 'k8s.cni.cncf.io': ['v1'] };
    await timers.fire('absent');
    (await api.take()).page(['a'], '10');
    await becomes('live');
    const watch = await api.take();
    watch.open();
    watch.event('DELETED', objectOf('a', '11'));
    watch.end();
    (await api.take()).refuse(404);
    (await api.take()).refuse(404);
    expect(await timers.fire('back-off')).toBe(1_500);
    (await api.take()).refuse(404);
    await becomes('absent');
    expect(seen.keys).toEqual([]);
  });

  it('tries the versions of a kind in the order of its row', async () => {
    const { api, becomes } = await bench({ rows: [{ ...NAD, versions: ['v2', 'v1'] }] });
    const v2 = await api.take();
    expect(v2.path).toBe('/apis/k8s.cni.cncf.io/v2/nads');
    v2.refuse(404);
    const v1 = await api.take();
    expect(v1.path).toBe('/apis/k8s.cni.cncf.io/v1/nads');
    v1.page(['a'], '10');
    await becomes('live');
  });
});

describe('the source', () => {
  it('tells the version of the server, and sends selectors', async () => {
    const { api, seen } = await bench({
      rows: [{ ...NAD, group: '', resource: 'events', fieldSelector: 'reason=FailedMount' }],
    });
    const list = await api.take();
    expect(list.path).toBe('/api/v1/events');
    expect(list.query['fieldSelector']).toBe('reason=FailedMount');
    await seen.until(() => seen.cluster.kubernetesVersion === 'v1.35.3');
  });

  it('is as bad as the worst of the watches that share a record, and absent only if all are', async () => {
    const rows = [NAD, { ...NAD, id: 'kubernetes/nads/other', group: 'other.io', resource: 'others' }];
    const { api, seen, becomes } = await bench({ rows });
    const answer = async (refuseAll: boolean): Promise<void> => {
      const list = await api.take();
      if (refuseAll || list.path.endsWith('/others')) list.refuse(404);
      else list.page(['a'], '10');
    };
    await answer(false);
    await answer(false);
    await becomes('live');
    expect(seen.statuses(ID).map(({ state }) => state)).not.toContain('absent');
  });

  it('leaves nothing behind: no socket, no timer, and nothing is sent any more', async () => {
    const { api, timers, seen, live, stop } = await bench();
    const watch = await live('a');
    watch.event('ADDED', objectOf('b', '11'));
    const before = seen.batches.length;
    await stop();
    await watch.closed;
    while (api.connections > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(timers.labels).toEqual([]);
    expect(seen.batches.length).toBe(before);
  });

  it('stops while a list hangs, and in the middle of a back-off', async () => {
    const hanging = await bench();
    await hanging.api.take();
    await hanging.stop();
    expect(hanging.timers.labels).toEqual([]);
    const waiting = await bench();
    (await waiting.api.take()).refuse(500);
    await waiting.timers.armed('back-off');
    await waiting.stop();
    expect(waiting.timers.labels).toEqual([]);
  });

  it('makes few connections: pages share one, a watch has its own', async () => {
    const { api, live } = await bench();
    (await api.take()).page(['a'], '10', 'x');
    for (let n = 0; n < 20; n++) (await api.take()).page([`n${n}`], '10', 'x');
    await live('z');
    expect(api.accepted).toBeLessThanOrEqual(3);
  });
});
