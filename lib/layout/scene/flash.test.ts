import { expect, test } from 'vitest';
import { createCluster } from '../../../e2e/testing/layout';
import { rankNetworks } from '../../view/network-colours';
import type { Mark } from '../picture/mark';
import { addressPlaces } from '../places/find';
import { buildRack } from '../rack/build';
import type { Level } from '../rack/level';
import { createSceneFacts } from './facts';
import { drawFlash } from './flash';
import { QUIET, scene } from './scene';
import type { Scope } from './scope';

const source = createCluster()
  .node('n')
  .eni('n', { id: 'eni-1', states: 'paw', net: '10.0.1' })
  .eni('n', { id: 'eni-2', deviceIndex: 1, states: 'paaa', net: '10.0.2' })
  .build();

const rectOf = (marks: readonly Mark[], part: string, id: string | null) => {
  const found = marks.find((mark) => mark.part === part && (id === null || mark.id === id));
  if (found?.kind !== 'rect') throw new Error(`no ${part}`);
  return found;
};

/** The flash of the last slot of the second ENI, and that ENI's bar or frame. */
function flashed(level: Level, scale: number) {
  const rack = buildRack(source, { grouping: 'zone', order: 'name', now: null });
  const eni = source.records.enis.get('eni-2');
  if (eni === undefined) throw new Error('no ENI');
  const [place] = addressPlaces(source, rack, eni, new Set(['10.0.2.12']));
  if (place === undefined) throw new Error('no slot');
  const facts = createSceneFacts(source, rankNetworks(source));
  const window = { width: rack.width * scale, height: rack.height * scale };
  const state = { ...QUIET, level, flashes: [(scope: Scope) => drawFlash(scope, { place, opacity: 1 })] };
  const marks = scene(rack, facts, { scale, x: 0, y: 0 }, window, state, null);
  return { marks, flash: rectOf(marks, 'flash', null), place };
}

test('where an ENI is a bar, its bar flashes, not the place of a slot beside it', () => {
  const { marks, flash } = flashed('bars', 0.35);
  const bar = rectOf(marks, 'eni-ground', 'eni-2');
  expect(flash.y).toBeLessThanOrEqual(bar.y);
  expect(flash.y + flash.h).toBeGreaterThanOrEqual(bar.y + bar.h);
  expect(flash.x).toBeLessThanOrEqual(bar.x);
  expect(flash.x + flash.w).toBeGreaterThanOrEqual(bar.x + bar.w);
  expect(flash.h).toBeLessThan(bar.h + 10);
});

test('where slots are drawn, the slot flashes', () => {
  const { flash, place } = flashed('slots', 1);
  expect([flash.w, flash.h]).toEqual([place.rect.w + 4, place.rect.h + 4]);
});
