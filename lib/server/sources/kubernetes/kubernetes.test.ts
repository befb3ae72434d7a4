import { describe, expect, it } from 'vitest';
import { objectOf } from '../../../../e2e/testing/servers/api-server';
import { NAD, NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';

describe('the Kubernetes source', () => {
  it('reports the version of the server, and sends selectors', async () => {
    const { api, seen } = await startKubernetes({
      rows: [{ ...NAD, group: '', resource: 'events', fieldSelector: 'reason=FailedMount' }],
    });
    const list = await api.take();
    expect(list.path).toBe('/api/v1/events');
    expect(list.query['fieldSelector']).toBe('reason=FailedMount');
    await seen.until(() => seen.cluster.kubernetesVersion === 'v1.35.3');
  });

  it('is in the worst state of the watches that share a record, and absent only if all are', async () => {
    const rows = [NAD, { ...NAD, id: 'kubernetes/nads/other', group: 'other.io', resource: 'others' }];
    const { api, seen, becomes } = await startKubernetes({ rows });
    const answer = async (refuseAll: boolean): Promise<void> => {
      const list = await api.take();
      if (refuseAll || list.path.endsWith('/others')) list.refuse(404);
      else list.page(['a'], '10');
    };
    await answer(false);
    await answer(false);
    await becomes('live');
    expect(seen.statuses(NADS).map(({ state }) => state)).not.toContain('absent');
  });

  it('stops without leaks: no socket, no timer and no further batch', async () => {
    const { api, timers, seen, live, stop } = await startKubernetes();
    const watch = await live('a');
    watch.event('ADDED', objectOf('b', '11'));
    const before = seen.batches.length;
    await stop();
    await watch.closed;
    while (api.connections > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(timers.labels).toEqual([]);
    expect(seen.batches.length).toBe(before);
  });

  it('stops during a pending list and during a back-off', async () => {
    const hanging = await startKubernetes();
    await hanging.api.take();
    await hanging.stop();
    expect(hanging.timers.labels).toEqual([]);
    const waiting = await startKubernetes();
    (await waiting.api.take()).refuse(500);
    await waiting.timers.armed('back-off');
    await waiting.stop();
    expect(waiting.timers.labels).toEqual([]);
  });

  it('makes few connections: pages share one, and each watch has its own', async () => {
    const { api, live } = await startKubernetes();
    (await api.take()).page(['a'], '10', 'x');
    for (let n = 0; n < 20; n++) (await api.take()).page([`n${n}`], '10', 'x');
    await live('z');
    expect(api.accepted).toBeLessThanOrEqual(3);
  });
});
