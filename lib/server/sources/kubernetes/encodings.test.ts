/**
 * The source against the simulated API server, for every way in which a server handles supported and unsupported
 * features.
 */
import { describe, expect, it } from 'vitest';
import { change, startSimulatedKubernetes as start } from '../../../../e2e/testing/servers/simulated-kubernetes';
import type { FaultState } from '../../../sim/faults/faults';
import type { Policy } from './policy';

interface Case {
  readonly name: string;
  readonly faults: Partial<FaultState>;
  /** Whether pages are read. */
  readonly pages: boolean;
  readonly policy?: Partial<Policy>;
}

const CASES: readonly Case[] = [
  { name: 'speaks protobuf and streams lists', faults: {}, pages: false },
  { name: 'always answers in JSON', faults: { encoding: 'json' }, pages: false },
  { name: 'rejects protobuf', faults: { encoding: 'not-acceptable' }, pages: true },
  { name: 'does not support streamed lists', faults: { watchList: 'off' }, pages: true },
  { name: 'ignores unknown parameters', faults: { watchList: 'ignored' }, pages: true },
  { name: 'never ends a streamed list', faults: { watchList: 'endless' }, pages: true, policy: { headersMs: 200 } },
  { name: 'ends the watch of a slow reader', faults: { watchList: 'slow' }, pages: false },
  { name: 'pages, in JSON', faults: { watchList: 'off', encoding: 'json' }, pages: true },
];

describe('a server that', () => {
  it.each(CASES)('$name: is read and followed', async ({ faults, pages, policy }) => {
    const { sim, agrees, pagesAsked } = await start({ faults, ...(policy === undefined ? {} : { policy }) });
    await agrees();
    expect(pagesAsked() > 0).toBe(pages);
    change(sim);
    await agrees();
  });
});

describe('a broken response', () => {
  it.each<[string, Partial<FaultState>]>([
    ['a streamed list', {}],
    ['pages', { watchList: 'off' }],
  ])('truncates %s: it is read again, without losses or leftovers', async (_, faults) => {
    const { sim, agrees, pagesAsked } = await start({ faults: { ...faults, cutLists: true } });
    await expect.poll(pagesAsked, { timeout: 10_000 }).toBeGreaterThan(0);
    sim.faults.set({ cutLists: false });
    await agrees();
  });

  it('has a truncated frame, an ERROR event or duplicates', async () => {
    const { sim, agrees } = await start({ faults: { duplicates: true } });
    await agrees();
    for (const fault of [
      () => sim.faults.cutLines(),
      () => sim.faults.expireStreams(),
      () => sim.faults.endStreams(),
    ]) {
      fault();
      change(sim);
      await agrees();
      sim.ops.deletePod('shop/new', true);
    }
  });

  it.each(['negotiated', 'json'] as const)('has an event of unknown type (%s): listed again', async (encoding) => {
    const { sim, agrees } = await start({ faults: { encoding } });
    await agrees();
    const lists = (): number => (sim.requests()['watch pods'] ?? 0) + (sim.requests()['list pods'] ?? 0);
    const before = lists();
    sim.faults.set({ unknownEvents: true });
    change(sim);
    await expect.poll(lists, { timeout: 10_000 }).toBeGreaterThan(before);
    sim.faults.set({ unknownEvents: false });
    await agrees();
  });

  it('removes a permission: no facts are left, and the reason is reported', async () => {
    const { sim, seen, agrees } = await start({});
    await agrees();
    sim.faults.set({ denied: ['pods'] });
    sim.faults.expireStreams();
    await seen.until(() => seen.status('kubernetes/pods')?.state === 'denied');
    expect(seen.status('kubernetes/pods')?.reason).toBe(
      'list pods: HTTP 403: this identity lacks the right; the log names it',
    );
    expect(seen.log.at(-1)).toContain('pods is forbidden: User "system:serviceaccount:ifscope:ifscope" cannot list');
    expect([...seen.facts.keys()].filter((key) => key.startsWith('kubernetes/pods '))).toEqual([]);
  });
});

it('a relist is one batch of changes, and removes nothing that exists meanwhile', async () => {
  const { sim, seen, agrees } = await start({});
  await agrees();
  const before = seen.batches.length;
  sim.faults.set({ refuse: true });
  sim.faults.resetConnections();
  change(sim);
  sim.compact();
  sim.faults.set({ refuse: false });
  await seen.until(() =>
    seen.batches
      .slice(before)
      .some(({ observations }) => observations.some((one) => one.op === 'keepOnly' && one.kind === 'pod')),
  );
  await agrees();
  const pods = seen.batches
    .slice(before)
    .map(({ observations }) => observations.filter((one) => 'kind' in one && one.kind === 'pod'))
    .filter((batch) => batch.length > 0);
  expect(pods).toHaveLength(1);
  // New or changed objects, and the end of the list, which drops removed ones; unchanged objects are not sent again.
  const ops = pods[0]?.map(({ op }) => op) ?? [];
  expect(ops.at(-1)).toBe('keepOnly');
  expect(ops.length).toBeLessThan(sim.state.pods.size / 3);
});
