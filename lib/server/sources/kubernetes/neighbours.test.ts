/**
 * Further behaviour of API servers and of the proxies in front of them; in each case nothing is lost and nothing is
 * left over.
 */
import { describe, expect, it } from 'vitest';
import { claims } from '../../../../e2e/scenes/claims';
import { change, startSimulatedKubernetes as start } from '../../../../e2e/testing/servers/simulated-kubernetes';
import type { FaultState } from '../../../sim/faults/faults';

const PODS = 'kubernetes/pods';

it('repeats a list whose continue token expires in the middle', async () => {
  const { agrees, pagesAsked } = await start({
    faults: { watchList: 'off' },
    onPage(sim, page) {
      if (page !== 2) return;
      change(sim);
      sim.compact();
    },
  });
  await agrees();
  expect(pagesAsked()).toBeGreaterThan(4);
});

it('resumes a list that is rejected with Retry-After in the middle', async () => {
  const { sim, agrees, seen, pagesAsked } = await start({
    faults: { watchList: 'off' },
    onPage(on, page) {
      if (page === 2) on.faults.set({ rejections: [{ status: 429, retryAfter: 1, verb: 'list', resource: 'pods' }] });
    },
  });
  await seen.until(() => seen.status(PODS)?.state === 'failing');
  expect(seen.status(PODS)?.reason).toBe('list pods: HTTP 429: too many requests');
  expect(pagesAsked()).toBe(3);
  sim.faults.set({ rejections: [] });
  await agrees();
  expect(pagesAsked()).toBe(Math.ceil(sim.state.pods.size / 3) + 1);
});

describe.each(['negotiated', 'json'] as const)('in %s, tolerates', (encoding) => {
  it.each<[string, Partial<FaultState>]>([
    ['events in another order', { swapped: true }],
    ['events truncated in the middle of their object', { truncated: true }],
  ])('%s', async (_, fault) => {
    const { sim, agrees } = await start({ faults: { encoding } });
    await agrees();
    const asked = (): number => (sim.requests()['watch pods'] ?? 0) + (sim.requests()['list pods'] ?? 0);
    const before = asked();
    sim.faults.set(fault);
    change(sim);
    await expect.poll(asked, { timeout: 20_000 }).toBeGreaterThan(before);
    sim.faults.set({ swapped: false, truncated: false });
    await agrees();
    change(sim);
    sim.ops.deletePod('shop/new', true);
    await agrees();
  });
});

it('tolerates bookmarks that are far ahead', async () => {
  const { sim, seen, agrees } = await start();
  await agrees();
  sim.faults.set({ bookmarksAhead: 1_000_000 });
  // The version that is asked about is behind the bookmark.
  await seen.until(() => seen.log.some((line) => line.includes('has returned from')));
  sim.faults.set({ bookmarksAhead: 0 });
  change(sim);
  await agrees();
});

it('rejects a list that exceeds the memory limit once decompressed, and reads it again when it is smaller', async () => {
  const { sim, seen, agrees } = await start({ faults: { watchList: 'off', bombs: true } });
  await seen.until(() => seen.status(PODS)?.state === 'failing');
  expect(seen.status(PODS)?.reason).toBe('an answer of more than 134217728 bytes');
  sim.faults.set({ bombs: false });
  await agrees();
});

describe('an API group', () => {
  const CLAIMS = 'kubernetes/resourceclaims';
  const startClaims = () =>
    start({ scene: claims, kinds: ['resourceclaims'], policy: { absentMs: 50, discoveryMs: 20, confirmMs: 20 } });

  it('may be removed and installed again', async () => {
    const { sim, seen, agrees } = await startClaims();
    await agrees();
    const before = seen.keys;
    expect(before.length).toBeGreaterThan(0);
    sim.faults.set({ absent: ['resourceclaims'] });
    await seen.until(() => seen.status(CLAIMS)?.state === 'absent');
    expect(seen.keys).toEqual([]);
    sim.faults.set({ absent: [] });
    await agrees();
    expect(seen.keys).toEqual(before);
  });

  it.each([
    ['a newer', ['v1beta1'], ['v1']],
    ['an older', ['v1'], ['v1beta1']],
  ])('may be served in %s version only', async (_, from, to) => {
    const { sim, seen, agrees } = await startClaims();
    sim.state.resourceVersions = from;
    sim.compact();
    sim.faults.endStreams();
    await agrees();
    const before = seen.keys;
    sim.state.resourceVersions = to;
    sim.compact();
    sim.faults.endStreams();
    await seen.until(() => seen.batches.length > 0);
    await agrees();
    expect(seen.keys).toEqual(before);
    const [claim] = sim.state.objects.get('resource.k8s.io/resourceclaims')?.values() ?? [];
    const name = `${claim?.metadata.namespace ?? ''}/${claim?.metadata.name ?? ''}`;
    sim.state.objects.get('resource.k8s.io/resourceclaims')?.delete(name);
    await agrees();
    expect(seen.keys).toHaveLength(before.length - 1);
  });
});
