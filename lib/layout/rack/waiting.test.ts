import { describe, expect, test } from 'vitest';
import type { PodRecord } from '../../model/records';
import { createCluster, pool, type Cluster } from '../../../e2e/testing/layout';
import { buildRack } from './build';
import { hasBlocks } from './rack';
import { isStillValid } from './still-valid';
import { waitingBetween, waitingCause, waitingPods, WAITING_AFTER } from './waiting';

const NODE = 'ip-10-0-1-17.internal';
const STARTED = '2026-11-21T06:00:00Z';
const at = (milliseconds: number): number => Date.parse(STARTED) + milliseconds;
const PENDING = { phase: 'Pending', startedAt: STARTED } as const;

const cluster = (change: Partial<PodRecord> = {}): Cluster =>
  createCluster()
    .node(NODE, { pools: [pool(1, 1, 0, 2)] })
    .eni(NODE, { id: 'eni-1', states: 'paw' })
    .pod(NODE, 'shop', 'cart', { ...PENDING, ...change });

const waiting = (made: Cluster, now: number | null): readonly string[] => {
  const source = made.build();
  return [...source.records.nodes.values()].flatMap((node) => waitingPods(source, node, now)).map(({ name }) => name);
};

describe('pods that wait for an address', () => {
  test.each<[string, Partial<PodRecord>, number | null, readonly string[]]>([
    ['a normal start', {}, at(WAITING_AFTER - 1), []],
    ['a slow start', {}, at(WAITING_AFTER), ['cart']],
    ['a picture without a time', {}, null, []],
    ['a pod with an address', { ips: ['10.0.1.9'] }, at(60_000), []],
    ['on the host network', { hostNetwork: true }, at(60_000), []],
    ['a pod being deleted', { deleting: true }, at(60_000), []],
    ['a finished pod', { phase: 'Succeeded' }, at(60_000), []],
    [
      'a pod without kubelet status, by its creation time',
      { startedAt: null, createdAt: STARTED },
      at(60_000),
      ['cart'],
    ],
    ['a pod of unknown age', { startedAt: null, createdAt: null }, at(60_000), []],
  ])('%s', (_what, change, now, expected) => expect(waiting(cluster(change), now)).toEqual(expected));

  test('a finding shows immediately that the pod waits, with the likely cause', () => {
    const detail = 'shop/cart cannot start; most likely because the node is cordoned, so its pool does not grow.';
    const made = cluster().finding('error', 'pod-ip-failed', ['pod:shop/cart'], 'Waits', detail);
    expect(waiting(made, null)).toEqual(['cart']);
    const source = made.build();
    const pod = source.records.pods.get('pod:shop/cart');
    expect(pod && waitingCause(source, pod)).toBe('the node is cordoned, so its pool does not grow');
  });
  test('an info finding does not count as waiting', () =>
    expect(waiting(cluster().finding('info', 'network-unused', ['pod:shop/cart']), null)).toEqual([]));
  test('the pod that has waited longest comes first', () =>
    expect(
      waiting(cluster().pod(NODE, 'shop', 'api', { ...PENDING, startedAt: '2026-11-21T05:00:00Z' }), at(60_000)),
    ).toEqual(['api', 'cart']));
});

test('a normally starting pod moves nothing, and one that waits too long moves no box', () => {
  const before = createCluster()
    .node(NODE, { pools: [pool(1, 1, 0, 2)] })
    .eni(NODE, { id: 'eni-1', states: 'paw' });
  const rack = buildRack(before.build(), { grouping: 'zone', now: at(0) });
  const started = cluster().build();
  const stands = (now: number) => isStillValid(rack, started, ['pod:shop/cart'], { grouping: 'zone', now });
  expect(stands(at(WAITING_AFTER - 1))).toBe(true);
  expect(stands(at(WAITING_AFTER))).toBe(false);
  const grown = buildRack(started, { grouping: 'zone', near: rack, now: at(WAITING_AFTER) });
  expect(hasBlocks(rack, 'waiting')).toBe(false);
  expect(hasBlocks(grown, 'waiting')).toBe(true);
  expect([...grown.boxes.h]).toEqual([...rack.boxes.h]);
  const second = cluster().pod(NODE, 'shop', 'api', PENDING).build();
  expect(isStillValid(grown, second, ['pod:shop/api'], { grouping: 'zone', now: at(2 * WAITING_AFTER) })).toBe(true);
});

test('pods count as waiting once enough time has passed', () => {
  const source = cluster().build();
  expect(waitingBetween(source, at(0), at(WAITING_AFTER - 1))).toEqual([]);
  expect(waitingBetween(source, at(0), at(WAITING_AFTER))).toEqual(['pod:shop/cart']);
  expect(waitingBetween(source, at(WAITING_AFTER), at(60_000))).toEqual([]);
  expect(waitingBetween(source, null, at(60_000))).toEqual(['pod:shop/cart']);
});
