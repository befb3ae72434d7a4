import { describe, expect, it } from 'vitest';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { objectOf } from '../../../../e2e/testing/servers/api-server';
import { NAD, NADS, startKubernetes } from '../../../../e2e/testing/servers/kubernetes-bench';
import { identityOf } from './identity';

describe('watch', () => {
  it('delivers objects that are added, changed, deleted, and no longer relevant', async () => {
    const { seen, live } = await startKubernetes();
    const watch = await live('a', 'b');
    watch.event('ADDED', objectOf('c', '11'));
    watch.event('MODIFIED', objectOf('a', '12', { config: 'new' }));
    watch.event('DELETED', objectOf('b', '13'));
    await seen.until(() => !seen.facts.has(`${NADS} default/b`));
    expect(seen.facts.get(`${NADS} default/a`)).toMatchObject({ config: 'new' });
    watch.event('MODIFIED', objectOf('c', '14', { drop: 'yes' }));
    await seen.until(() => !seen.facts.has(`${NADS} default/c`));
    expect(seen.keys).toEqual(['default/a']);
    const removal = seen.batches.flatMap(({ observations }) => observations).find(({ op }) => op === 'remove');
    expect(removal).toMatchObject({ op: 'remove', kind: 'nad', scope: NADS, key: 'default/b', uid: 'uid-b' });
  });

  it('removes the fact of an object that is no longer relevant, under a key of its own', async () => {
    const { seen, live } = await startKubernetes();
    const watch = await live();
    watch.event('ADDED', objectOf('c', '11', { as: 'NAD/default/c' }));
    await seen.until(() => seen.facts.size === 1);
    watch.event('MODIFIED', objectOf('c', '12', { drop: 'yes' }));
    await seen.until(() => seen.facts.size === 0);
  });

  it('collects events for 50 ms into one batch', async () => {
    const { api, timers, seen } = await startKubernetes({ policy: { gatherMs: 50 } });
    (await api.take()).page([], '10');
    await seen.until(() => seen.status(NADS)?.state === 'live');
    const watch = (await api.take()).open();
    const before = seen.batches.length;
    for (let n = 0; n < 20; n++) watch.event('ADDED', objectOf(`n${n}`, `${11 + n}`));
    expect(await timers.armed('gather')).toBe(50);
    // Ends the watch normally; the next observation proves that all lines before were read.
    watch.end();
    await api.take();
    await timers.fire('gather');
    expect(seen.facts.size).toBe(20);
    expect(seen.batches.length - before).toBe(1);
  });

  it('delivers what was collected before a relist, which is a batch of its own', async () => {
    const { api, timers, seen } = await startKubernetes({ policy: { gatherMs: 50 } });
    (await api.take()).page([], '10');
    const watch = (await api.take()).open();
    watch.event('ADDED', objectOf('a', '11'));
    await timers.armed('gather');
    watch.event('ERROR', { kind: 'Status', code: 410 });
    (await api.take()).page(['b'], '20');
    await api.take();
    expect(seen.batches.at(-2)?.observations.map(({ op }) => op)).toContain('upsert');
    expect(seen.batches.at(-1)?.observations.map(({ op }) => op)).toEqual(['upsert', 'keepOnly']);
    expect(seen.keys).toEqual(['default/b']);
  });
});

describe('a watch connection', () => {
  it('resumes from the last bookmark when the server ends the watch', async () => {
    const { api, timers, seen, live } = await startKubernetes();
    const watch = await live('a');
    timers.advance(60_000);
    watch.event('BOOKMARK', { metadata: { resourceVersion: '500' } });
    await seen.until(() => seen.status(NADS)?.asOf === '2026-01-01T00:01:00.000Z');
    watch.end();
    expect((await api.take()).query['resourceVersion']).toBe('500');
    expect(seen.keys).toEqual(['default/a']);
  });

  it('reports ages at most every five seconds', async () => {
    const { timers, seen, live } = await startKubernetes();
    const watch = await live('a');
    const before = seen.statuses(NADS).length;
    for (let n = 0; n < 10; n++) {
      timers.advance(1_000);
      watch.event('MODIFIED', objectOf('a', `${20 + n}`, { config: `${n}` }));
      await seen.until(() => (seen.facts.get(`${NADS} default/a`) as { config: string }).config === `${n}`);
    }
    expect(seen.statuses(NADS).length - before).toBe(2);
  });

  it('reads characters that are split between chunks, and U+2028 as data', async () => {
    const { seen, live } = await startKubernetes();
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
    const { api, seen } = await startKubernetes();
    (await api.take()).page([], '10');
    const watch = (await api.take()).open({ 'content-encoding': 'gzip' });
    const { gzipSync } = await import('node:zlib');
    watch.write(gzipSync(`${JSON.stringify({ type: 'ADDED', object: objectOf('a', '11') })}\n`));
    await seen.until(() => seen.facts.size === 1);
  });

  it('loses nothing of a burst of 2,000 events before the end', async () => {
    const { api, seen, live } = await startKubernetes();
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
    const { seen, live } = await startKubernetes({ rows: [bad] });
    const watch = await live('a', 'bad');
    watch.event('ADDED', objectOf('bad', '11'));
    watch.event('ADDED', objectOf('c', '12'));
    await seen.until(() => seen.facts.has(`${NADS} default/c`));
    expect(seen.log).toEqual([
      'error kubernetes/network-attachment-definitions: an object could not be read: Error: no',
    ]);
  });
});
