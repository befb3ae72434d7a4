import { describe, expect, it, onTestFinished } from 'vitest';
import { objectOf, startApiServer, type Exchange } from '../../../../e2e/testing/servers/api-server';
import { NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';

describe('a broken watch', () => {
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
    const { api, timers, seen, live } = await startKubernetes();
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
    expect(seen.statuses(NADS).map(({ state }) => state)).toEqual(['starting', 'live']);
  });

  it.each<[string, (watch: Exchange) => void]>([
    ['a line that is not JSON', (watch) => watch.write('{"type":\n')],
    ['an event without a version', (watch) => watch.event('ADDED', { metadata: { name: 'x' } })],
    ['an event of unknown type', (watch) => watch.event('RENAMED', objectOf('x', '11'))],
    ['an event that is null', (watch) => watch.write('null\n')],
    [
      'an event without an object',
      (watch) => watch.event('DELETED', { metadata: { namespace: 'x', resourceVersion: '11' } }),
    ],
  ])('%s: lists again, since an event may be lost', async (_name, harm) => {
    const { api, live } = await startKubernetes();
    harm(await live('a'));
    expect((await api.take()).query).toEqual({ limit: '250' });
  });

  it('429 on the watch: waits as long as the server says, and resumes', async () => {
    const { api, timers, live, seen } = await startKubernetes();
    (await live('a')).reset();
    await timers.fire('back-off');
    (await api.take()).refuse(429, 'later', { 'retry-after': '12' });
    await seen.until(() => seen.status(NADS)?.state === 'stale');
    expect(seen.status(NADS)?.reason).toBe('watch nads: HTTP 429: too many requests');
    expect(await timers.fire('back-off')).toBe(12_000);
    const again = await api.take();
    expect(again.query['resourceVersion']).toBe('10');
    again.open();
    await seen.until(() => seen.status(NADS)?.state === 'live');
  });

  it('500 on the watch: resumes without a list', async () => {
    const { api, timers, live } = await startKubernetes();
    (await live('a')).reset();
    await timers.fire('back-off');
    (await api.take()).refuse(500);
    await timers.fire('back-off');
    expect((await api.take()).query['resourceVersion']).toBe('10');
  });
});

describe('a silent or unreachable server', () => {
  it('a refused connection: stale, and resumes when the server is back', async () => {
    const { api, timers, live, seen, becomes } = await startKubernetes();
    await live('a');
    const { port } = new URL(api.url);
    await api.stop();
    await timers.fire('back-off');
    await becomes('stale');
    expect(seen.status(NADS)?.reason).toBe(`${api.url}: connection refused (ECONNREFUSED)`);
    expect(seen.keys).toEqual(['default/a']);
    const back = await startApiServer(Number(port));
    onTestFinished(() => back.stop());
    await timers.fire('back-off');
    const watch = await back.take();
    expect(watch.query['resourceVersion']).toBe('10');
    watch.open();
    await becomes('live');
  });

  it('a half-open connection: detected by missing bookmarks', async () => {
    const { api, timers, live, seen } = await startKubernetes();
    const watch = await live('a');
    expect(await timers.fire('watch idle')).toBe(125_000);
    await watch.closed;
    await timers.fire('back-off');
    const again = await api.take();
    expect(again.query['resourceVersion']).toBe('10');
    again.open();
    again.event('BOOKMARK', { metadata: { resourceVersion: '11' } });
    await seen.until(() => seen.statuses(NADS).length > 2);
    expect(seen.status(NADS)?.state).toBe('live');
  });

  it('two missing bookmarks: reported at once if nothing else proves that the facts are complete', async () => {
    const { api, timers, live, seen, becomes } = await startKubernetes();
    const watch = await live('a');
    api.revision = (exchange) => exchange.refuse(403);
    watch.event('BOOKMARK', { metadata: { resourceVersion: '11' } });
    await timers.armed('watch idle');
    await timers.fire('lag');
    await timers.armed('lag');
    await timers.fire('watch idle');
    await becomes('stale');
    expect(seen.status(NADS)?.reason).toBe(`nothing received for 125 s (watch idle) from ${api.url}`);
    await timers.fire('back-off');
    (await api.take()).open();
    await becomes('live');
  });

  it('an idle watch with bookmarks: left open', async () => {
    const { api, timers, live, seen } = await startKubernetes();
    const watch = await live('a');
    for (const version of ['11', '12', '13']) {
      timers.advance(100_000);
      watch.event('BOOKMARK', { metadata: { resourceVersion: version } });
      await seen.until(() => seen.status(NADS)?.asOf === new Date(timers.now()).toISOString());
    }
    expect(api.untaken).toBe(0);
    expect(seen.statuses(NADS).map(({ state }) => state)).not.toContain('stale');
  });

  it('an unanswered watch: abandoned after 30 s', async () => {
    const { api, timers } = await startKubernetes();
    (await api.take()).page(['a'], '10');
    await api.take();
    expect(await timers.fire('watch headers')).toBe(30_000);
    await timers.fire('back-off');
    expect((await api.take()).watch).toBe(true);
  });

  it('watches that end at once: not reopened in a tight loop', async () => {
    const { api, timers, seen, becomes } = await startKubernetes();
    (await api.take()).page(['a'], '10');
    const waits: number[] = [];
    for (let n = 0; n < 6; n++) {
      (await api.take()).open().end();
      waits.push(await timers.fire('back-off'));
    }
    expect(waits).toEqual([400, 800, 1_600, 3_200, 6_400, 12_800]);
    expect(seen.status(NADS)).toMatchObject({ state: 'stale', reason: `${api.url} ends every watch of nads at once` });
    const good = await api.take();
    good.open().event('BOOKMARK', { metadata: { resourceVersion: '11' } });
    await becomes('live');
  });

  it('any watch: at least 250 ms after the previous one', async () => {
    const { api, timers, live } = await startKubernetes({ random: () => 0, policy: { watchGapMs: 250 } });
    const watch = await live('a');
    watch.reset();
    expect(await timers.fire('watch gap')).toBe(250);
    expect((await api.take()).watch).toBe(true);
  });
});
