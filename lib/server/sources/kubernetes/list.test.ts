import { describe, expect, it } from 'vitest';
import { objectOf, type Exchange } from '../../../../e2e/testing/servers/api-server';
import { NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';

describe('list', () => {
  it('reads pages without a resourceVersion, and delivers the list as one batch with the status', async () => {
    const { api, seen } = await startKubernetes();
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
    const [list] = seen.batches.filter(({ observations }) => observations.some(({ op }) => op === 'keepOnly'));
    expect(list?.observations.map(({ op }) => op)).toEqual(['upsert', 'upsert', 'upsert', 'keepOnly', 'status']);
    expect(seen.status(NADS)).toMatchObject({ state: 'live', asOf: '2026-01-01T00:00:00.000Z', reason: null });
  });

  it('starts again when the continue token has expired', async () => {
    const { api, seen, becomes } = await startKubernetes();
    (await api.take()).page(['gone'], '10', 'old');
    (await api.take()).refuse(410, 'The provided continue parameter is too old');
    const again = await api.take();
    expect(again.query).toEqual({ limit: '250' });
    again.page(['a'], '20');
    await becomes('live');
    expect(seen.keys).toEqual(['default/a']);
  });

  it('keeps its pages when the next one is rejected, and honours Retry-After', async () => {
    const { api, timers, seen, becomes } = await startKubernetes();
    (await api.take()).page(['a'], '10', 'more');
    (await api.take()).refuse(429, 'too many', { 'retry-after': '7' });
    await becomes('failing');
    expect(seen.status(NADS)?.reason).toBe('list nads: HTTP 429: too many requests');
    expect(await timers.fire('back-off')).toBe(7_000);
    const second = await api.take();
    expect(second.query['continue']).toBe('more');
    second.page(['b'], '10');
    await becomes('live');
    expect(seen.keys).toEqual(['default/a', 'default/b']);
  });

  it('reads smaller pages where objects are large', async () => {
    const { api } = await startKubernetes({ policy: { pageBytes: 200 } });
    (await api.take()).page(
      Array.from({ length: 10 }, (_, n) => `n${n}`),
      '10',
      'more',
    );
    const { query } = await api.take();
    expect(Number(query['limit'])).toBeLessThan(80);
    expect(Number(query['limit'])).toBeGreaterThan(10);
  });

  it('retries a page that is too large with a smaller limit', async () => {
    const { api, becomes } = await startKubernetes({ policy: { mostBytes: 500 } });
    (await api.take()).page(
      Array.from({ length: 20 }, (_, n) => `n${n}`),
      '10',
    );
    const second = await api.take();
    expect(second.query['limit']).toBe('31');
    second.page(['a'], '10');
    await becomes('live');
  });
});

describe('a failing list', () => {
  it.each<[string, (list: Exchange) => void, string]>([
    ['no answer at all', () => undefined, 'list headers'],
    ['headers, then silence', (list) => list.open().write('{"metadata":'), 'list body'],
  ])('is abandoned with %s after 30 s', async (_name, answer, label) => {
    const { api, timers, seen, becomes } = await startKubernetes();
    const list = await api.take();
    answer(list);
    expect(await timers.fire(label)).toBe(30_000);
    await becomes('failing');
    expect(seen.status(NADS)?.reason).toContain('nothing received for 30 s');
    await list.closed;
    await timers.fire('back-off');
    (await api.take()).page(['a'], '10');
    await becomes('live');
  });

  it('is retried with full jitter up to 30 s', async () => {
    const { api, timers } = await startKubernetes({ random: () => 0.999 });
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      (await api.take()).refuse(500);
      waits.push(Math.round(await timers.fire('back-off')));
    }
    expect(waits).toEqual([799, 1598, 3197, 6394, 12787, 25574, 29970, 29970]);
  });
});
