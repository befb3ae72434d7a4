/** The order in which kinds are listed at the start. */
import { expect, it } from 'vitest';
import type { Exchange } from '../../../../e2e/testing/servers/api-server';
import { NAD, NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';
import { EVENTS, PODS } from '../../../model/source-ids';

const PODS_ROW = { ...NAD, id: PODS, source: PODS, resource: 'pods' } as const;
const EVENTS_ROW = { ...NAD, id: EVENTS, source: EVENTS, resource: 'events' } as const;
const start = () => startKubernetes({ rows: [PODS_ROW, NAD, EVENTS_ROW] });

/** The first two lists, by resource; pods are not among them. */
async function firstTwo(take: () => Promise<Exchange>): Promise<Map<string, Exchange>> {
  const lists = [await take(), await take()];
  return new Map(lists.map((list) => [list.path.split('/').at(-1) ?? '', list]));
}

it.each<[what: string, answer: (list: Exchange) => void]>([
  ['is complete', (list) => list.page(['a'], '10')],
  ['is rejected', (list) => list.refuse(403)],
  ['fails', (list) => list.reset()],
])('lists pods after the list of every other kind %s, whatever happens to events', async (_what, answer) => {
  const { api, timers, seen } = await start();
  const lists = await firstTwo(() => api.take());
  expect([...lists.keys()].sort()).toEqual(['events', 'nads']);
  expect(timers.labels).toContain('pods last');
  expect(seen.status(PODS)).toBeNull();
  const nads = lists.get('nads');
  if (nads !== undefined) answer(nads);
  for (let resource = ''; resource !== 'pods';) resource = (await api.take()).path.split('/').at(-1) ?? '';
  expect(timers.labels).not.toContain('pods last');
});

it('waits at most ten seconds for a kind that does not answer before listing pods', async () => {
  const { api, timers, seen } = await start();
  await firstTwo(() => api.take());
  expect(await timers.fire('pods last')).toBe(10_000);
  expect((await api.take()).path).toMatch(/\/pods$/);
  expect(seen.status(NADS)?.state ?? 'starting').toBe('starting');
});
