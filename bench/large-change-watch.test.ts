import { expect, it } from 'vitest';
import type { PodChange } from './cluster';
import { lagsOf, type Sighting } from './large-change-watch';

const change = (at: number, type: PodChange['type'], name: string): PodChange => ({ at, type, namespace: 'n', name });
const sightings = (...all: readonly (readonly [name: string, at: number])[]): ReadonlyMap<string, Sighting> =>
  new Map(all.map(([name, at]) => [`pod:n/${name}`, { at, version: at }]));
const watched = (added: ReadonlyMap<string, Sighting>, dropped = sightings()) => ({
  added,
  dropped,
  resets: 0,
  lastDelta: 0,
  stop: () => undefined,
});

it.each([
  [
    'a pod that appears',
    [change(100, 'ADDED', 'a')],
    watched(sightings(['a', 350])),
    { ms: [250], passed: 0, unseen: 0 },
  ],
  [
    'a pod that is deleted',
    [change(100, 'DELETED', 'a')],
    watched(sightings(['a', 50]), sightings(['a', 130])),
    { ms: [30], passed: 0, unseen: 0 },
  ],
  [
    'a pod that appears and disappears between two frames',
    [change(100, 'ADDED', 'a'), change(180, 'DELETED', 'a')],
    watched(sightings()),
    { ms: [80], passed: 1, unseen: 0 },
  ],
  ['a pod that is never shown', [change(100, 'ADDED', 'a')], watched(sightings()), { ms: [900], passed: 0, unseen: 1 }],
  [
    'a pod that never leaves the picture',
    [change(100, 'DELETED', 'a')],
    watched(sightings(['a', 50])),
    { ms: [900], passed: 0, unseen: 1 },
  ],
  [
    'two pods with the same name: none',
    [change(100, 'ADDED', 'a'), change(200, 'DELETED', 'a'), change(700, 'ADDED', 'a'), change(900, 'DELETED', 'a')],
    watched(sightings(['a', 750]), sightings(['a', 910])),
    { ms: [], passed: 0, unseen: 0 },
  ],
  ['events before the start', [change(1, 'ADDED', 'a')], watched(sightings()), { ms: [], passed: 0, unseen: 0 }],
])('measures the lag of %s', (_, journal, watch, lags) => {
  expect(lagsOf(journal, watch, 10, 1_000)).toMatchObject(lags);
});
