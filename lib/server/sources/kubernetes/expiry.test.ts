import { describe, expect, it } from 'vitest';
import { objectOf, type Exchange } from '../../../../e2e/testing/servers/api-server';
import { startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';

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

  it('410 as an HTTP status of the watch: lists again at once, and the second time after a wait', async () => {
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
});
