import { describe, expect, test } from 'vitest';
import { createCluster } from '../../e2e/testing/layout';
import { placeOf } from '../../lib/layout/places/find';
import { buildRack } from '../../lib/layout/rack/build';
import type { Level } from '../../lib/layout/rack/level';
import type { CurrentPicture } from './current-picture';
import { SlotFlashes } from './slot-flashes';

const clusterWith = (states: string) =>
  createCluster().node('n').eni('n', { id: 'eni-1', states: 'pa', net: '10.0.1' }).eni('n', {
    id: 'eni-2',
    deviceIndex: 1,
    states,
    net: '10.0.2',
  });
const before = clusterWith('paww').build();
const source = clusterWith('paaw').build();
const rack = buildRack(source, { grouping: 'zone', order: 'name', now: null });
const picture = { props: { replica: source }, rack } as unknown as Pick<CurrentPicture, 'props' | 'rack'>;

/** What flashes once a warm slot of the second ENI has been assigned. */
function flashed(level: Level) {
  const flashes = new SlotFlashes();
  const was = before.records.enis.get('eni-2');
  if (was === undefined) throw new Error('no ENI');
  flashes.see(source, new Set(['eni-2']), new Map([['eni-2', was]]), 0);
  return flashes.at(0, picture, { reducedMotion: true, level }).map(({ place }) => place.rect);
}

describe('a changed slot', () => {
  test('flashes where slots are drawn', () => {
    expect(flashed('slots')).toMatchObject([{ w: 16, h: 11 }]);
  });

  test('flashes its ENI where the ENI is drawn as a bar', () => {
    expect(flashed('bars')).toEqual([placeOf(source, rack, 'eni-2')?.rect]);
  });
});

test('forgets expired flashes while nothing is painted, as in a background tab', () => {
  const flashes = new SlotFlashes();
  const was = before.records.enis.get('eni-2');
  if (was === undefined) throw new Error('no ENI');
  flashes.see(source, new Set(['eni-2']), new Map([['eni-2', was]]), 0);
  expect(flashes.size).toBe(1);
  flashes.see(source, new Set(), new Map(), 60_000);
  expect(flashes.size).toBe(0);
});
