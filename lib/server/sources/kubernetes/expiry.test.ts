import { describe, expect, it } from 'vitest';
import { objectOf, type Exchange } from '../../../../e2e/testing/servers/api-server';
import { NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';

describe('an expired version', () => {
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
    const { api, seen, live, timers } = await startKubernetes();
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

  it('410 as an HTTP status of the watch: lists again at once, and after a wait the second time', async () => {
    const { api, timers, live } = await startKubernetes();
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

  it('410 after every list: reported from the third time on, until a watch lasts', async () => {
    const { api, timers, seen, becomes } = await startKubernetes();
    (await api.take()).page(['a'], '10');
    for (let n = 1; n <= 3; n++) {
      (await api.take()).refuse(410, 'too old resource version: 10 (1713)');
      if (n < 3) expect(seen.statuses(NADS).map(({ state }) => state)).not.toContain('stale');
      if (n > 1) await timers.fire('back-off');
      if (n < 3) (await api.take()).page(['a'], '10');
    }
    await becomes('stale');
    expect(seen.status(NADS)?.reason).toBe(
      'listed 3 times, and each list expired before a watch held: watch nads: HTTP 410: the version is too old',
    );
    (await api.take()).page(['a'], '10');
    (await api.take()).open();
    await timers.fire('settled');
    await becomes('live');
    expect(seen.status(NADS)?.reason).toBeNull();
  });
});
