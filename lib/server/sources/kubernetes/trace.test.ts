/** The debug lines on lists and watches. */
import { expect, it } from 'vitest';
import { objectOf } from '../../../../e2e/testing/servers/api-server';
import { NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';

it('traces each list and watch, how it ended, and when the next attempt follows', async () => {
  const { api, timers, seen } = await startKubernetes();
  (await api.take()).page(['a', 'b'], '10');
  const first = (await api.take()).open();
  first.event('ADDED', objectOf('c', '11'));
  await seen.until(() => seen.facts.size === 3);
  first.end();
  const second = (await api.take()).open();
  second.event('ERROR', { kind: 'Status', code: 410, message: 'token=hush' });
  (await api.take()).refuse(500);
  await timers.armed('back-off');
  const since = seen.debug.map((line) => line.replace(/\d+\.\d s/g, 'N s').replace(`${NADS}: `, ''));
  expect(since).toEqual([
    'list began',
    'listed 2 objects in N s, as of version 10 (in pages)',
    'watch began at version 10',
    'watch ended by the server after N s, at version 11',
    'watch began at version 11',
    expect.stringMatching(/^watch failed after N s, at version 11: .* \(expired\); next attempt in N s$/),
    'list began',
    expect.stringMatching(/^list failed after N s: .* \(busy\); next attempt in N s$/),
  ]);
  expect(seen.debug.every((line) => line.startsWith(`${NADS}: `))).toBe(true);
  expect([...seen.debug, ...seen.log].join('\n')).not.toContain('hush');
});

it('traces what a kind that is not served waits for', async () => {
  const { api, seen, becomes } = await startKubernetes();
  (await api.take()).refuse(404);
  await becomes('absent');
  expect(seen.debug.at(-1)).toMatch(/\(absent\); next attempt once the server serves it$/);
});
