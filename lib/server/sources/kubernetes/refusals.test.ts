import { describe, expect, it } from 'vitest';
import { objectOf } from '../../../../e2e/testing/servers/api-server';
import { NAD, NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';

describe('refusals', () => {
  it('401: tries once with new credentials, then failing with its previous facts', async () => {
    const { api, timers, seen, live, becomes } = await startKubernetes();
    (await live('a')).reset();
    await timers.fire('back-off');
    (await api.take()).refuse(401, 'Unauthorized');
    (await api.take()).refuse(401, 'Unauthorized');
    await becomes('failing');
    expect(seen.status(NADS)?.reason).toBe('watch nads: HTTP 401: the credentials are refused');
    expect(seen.keys).toEqual(['default/a']);
    await timers.fire('back-off');
    (await api.take()).open();
    await becomes('live');
  });

  it('403: denied at once when nothing was read, retried within 25 s', async () => {
    const { api, timers, seen, becomes } = await startKubernetes({ random: () => 0.999 });
    (await api.take()).refuse(403, 'nads is forbidden: User "x" cannot list resource "nads"');
    await becomes('denied');
    expect(seen.status(NADS)).toMatchObject({
      asOf: null,
      reason: 'list nads: HTTP 403: this identity lacks the right; the log names it',
    });
    expect(await timers.fire('back-off')).toBeLessThanOrEqual(25_000);
    (await api.take()).page(['a'], '10');
    await becomes('live');
  });

  it('403 of what was readable: drops the facts only after the second time', async () => {
    const { api, timers, seen, live, becomes } = await startKubernetes();
    const watch = await live('a');
    watch.event('ERROR', { kind: 'Status', code: 410 });
    (await api.take()).refuse(403);
    expect(await timers.armed('back-off')).toBe(1_500);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.status(NADS)?.state).toBe('live');
    expect(seen.keys).toEqual(['default/a']);
    await timers.fire('back-off');
    (await api.take()).refuse(403);
    await becomes('denied');
    expect(seen.keys).toEqual([]);
  });

  it('may list but not watch: reports it, and lists again', async () => {
    const { api, timers, seen, becomes } = await startKubernetes();
    (await api.take()).page(['a'], '10');
    (await api.take()).refuse(403, 'cannot watch');
    await timers.fire('back-off');
    (await api.take()).refuse(403, 'cannot watch');
    await becomes('denied');
    expect(seen.status(NADS)?.reason).toBe(
      'watch nads: HTTP 403: this identity lacks the right; the log names it; listed every 15 s instead',
    );
    await timers.fire('back-off');
    (await api.take()).page(['a', 'b'], '11');
    (await api.take()).refuse(403, 'cannot watch');
    expect(seen.keys).toEqual(['default/a', 'default/b']);
    expect(seen.status(NADS)?.state).toBe('denied');
  });

  it('404: absent until discovery shows the group, then live, then absent again without its facts', async () => {
    const { api, timers, seen, becomes } = await startKubernetes();
    (await api.take()).refuse(404);
    await becomes('absent');
    expect(seen.status(NADS)?.reason).toBe('the cluster does not serve nads.k8s.cni.cncf.io');
    expect(await timers.fire('absent')).toBeLessThanOrEqual(6_500);
    // Discovery reports that the kind is not served: it is not requested.
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
    const { api, becomes } = await startKubernetes({ rows: [{ ...NAD, versions: ['v2', 'v1'] }] });
    const v2 = await api.take();
    expect(v2.path).toBe('/apis/k8s.cni.cncf.io/v2/nads');
    v2.refuse(404);
    const v1 = await api.take();
    expect(v1.path).toBe('/apis/k8s.cni.cncf.io/v1/nads');
    v1.page(['a'], '10');
    await becomes('live');
  });
});

it('does not request a kind that its served group version lacks', async () => {
  const { api, timers, becomes } = await startKubernetes();
  api.groups = { 'k8s.cni.cncf.io': ['v1'] };
  api.resources = { 'k8s.cni.cncf.io/v1': ['others'] };
  (await api.take()).refuse(404);
  await becomes('absent');
  await timers.fire('absent');
  await timers.armed('absent');
  expect(api.untaken).toBe(0);
  api.resources = { 'k8s.cni.cncf.io/v1': ['others', 'nads'] };
  await timers.fire('absent');
  (await api.take()).page(['a'], '10');
  await becomes('live');
});
