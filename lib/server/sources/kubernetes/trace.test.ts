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
    'lists',
    'listed 2 objects in N s, as of version 10 (in pages)',
    'watches from version 10',
    'the server ended the watch after N s, at version 11',
    'watches from version 11',
    expect.stringMatching(
      /^the watch broke after N s, at version 11: .* \(expired\); the next attempt follows in N s$/,
    ),
    'lists',
    expect.stringMatching(/^failed, with no version: .* \(busy\); the next attempt follows in N s$/),
  ]);
  expect(seen.debug.every((line) => line.startsWith(`${NADS}: `))).toBe(true);
  expect([...seen.debug, ...seen.log].join('\n')).not.toContain('hush');
});

it('traces what a kind that is not served waits for', async () => {
  const { api, seen, becomes } = await startKubernetes();
  (await api.take()).refuse(404);
  await becomes('absent');
  expect(seen.debug.at(-1)).toMatch(/\(absent\); the next attempt follows once the server serves it$/);
});
