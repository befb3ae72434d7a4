import { describe, expect, test } from 'vitest';
import { GOLDEN_CLUSTERS } from '../../../e2e/testing/golden-clusters';
import { buildRack } from '../rack/build';
import { boxRect } from '../rack/rack';
import { placeOf, placesOf } from './find';
import { neighbour } from './neighbour';
import { blocksOf, boxAt, boxesIn, placeAt, slotPlaces } from './places';

const NAMES = ['telco', 'modes', 'missing'] as const;

describe.each(NAMES)('%s', (name) => {
  const source = GOLDEN_CLUSTERS[name]().build();
  const rack = buildRack(source, { grouping: 'zone' });

  test('the place at a slot’s centre is that slot', () => {
    let seen = 0;
    for (let box = 0; box < rack.boxes.id.length; box++)
      for (const place of blocksOf(rack, box).flatMap((block) => slotPlaces(source, rack, block))) {
        const { x, y, w, h } = place.rect;
        expect(placeAt(source, rack, x + w / 2, y + h / 2, 1)).toEqual(place);
        seen++;
      }
    expect(seen).toBeGreaterThan(0);
  });

  test('the middle of every box hits that box, and empty space hits none', () => {
    for (let box = 0; box < rack.boxes.id.length; box++) {
      const { x, y, w, h } = boxRect(rack, box);
      expect(boxAt(rack, x + w / 2, y + h / 2)).toBe(box);
      expect(boxAt(rack, x - 2, y + h / 2)).toBe(-1);
    }
    expect(boxesIn(rack, { x: 0, y: 0, w: rack.width, h: rack.height })).toHaveLength(rack.boxes.id.length);
    expect(boxesIn(rack, { x: -500, y: 0, w: 100, h: rack.height })).toEqual([]);
  });

  test('every interface with an address has a place', () => {
    for (const record of source.records.interfaces.values())
      if (record.ips.length > 0 && record.node !== null && !source.records.nodes.get(record.node)?.gone)
        expect(placesOf(source, rack, [record.id]).length, record.id).toBeGreaterThan(0);
  });

  test('every ENI, node and card has a place', () => {
    for (const id of [
      ...source.records.enis.keys(),
      ...source.records.nodes.keys(),
      ...source.records.networkCards.keys(),
    ])
      expect(placeOf(source, rack, id), id).not.toBeNull();
  });
});

test('one step to the right and one back returns to the start', () => {
  const source = GOLDEN_CLUSTERS.telco().build();
  const rack = buildRack(source, { grouping: 'zone' });
  const first = placesOf(source, rack, ['if:core/upf-0/eth0'])[0];
  expect(first).toBeDefined();
  if (first === undefined) return;
  const next = neighbour(source, rack, first, 'right', 1);
  expect(next?.ip).toBe('10.0.1.12');
  expect(next && neighbour(source, rack, next, 'left', 1)).toEqual(first);
});
