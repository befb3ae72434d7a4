/**
 * Compares every place of small clusters with `__golden__`, as text: role, record, address, rectangle and description,
 * what a click on its centre finds, its position in the focus order, and its keyboard neighbours.
 */
import { describe, expect, test } from 'vitest';
import { GOLDEN_CLUSTERS } from '../../e2e/testing/golden-clusters';
import { expectGolden } from '../../e2e/testing/golden-file';
import type { ViewSource } from '../view/view-source';
import { centre } from './picture/rect';
import { round } from './picture/text';
import { neighbour, nearestPlace, type Direction } from './places/neighbour';
import { describe as inWords } from '../view/describe';
import { blockPlace, blocksOf, boxPlace, focusPlaces, placeAt, slotPlaces, type Place } from './places/places';
import { buildRack } from './rack/build';
import { slotScale, slotsAreDrawn, type Level } from './rack/level';
import { boxRect, type Rack } from './rack/rack';

const FOLDER = new URL('./__golden__/', import.meta.url);
const DIRECTIONS: readonly Direction[] = ['left', 'right', 'up', 'down'];

const nameOf = (place: Place | null): string =>
  place === null ? '–' : `${place.role} ${place.id}${place.ip === null ? '' : ` ${place.ip}`}`;
const samePlace = (a: Place | null, b: Place): boolean => a !== null && nameOf(a) === nameOf(b);

const rectWords = ({ rect: { x, y, w, h } }: Pick<Place, 'rect'>): string =>
  `${round(x)},${round(y)} ${round(w)}×${round(h)}`;

function describePlaces(source: ViewSource, rack: Rack, scale: number): string {
  const lines: string[] = [];
  const entered = nearestPlace(source, rack, { x: 0, y: 0, w: rack.width, h: rack.height }, scale);
  lines.push(`the focus enters at: ${nameOf(entered)}`);
  for (let box = 0; box < rack.boxes.id.length; box++) {
    lines.push('', `box ${rack.boxes.id[box]} ${rectWords({ rect: boxRect(rack, box) })}`);
    const stops = focusPlaces(source, rack, box, scale);
    const blocks = blocksOf(rack, box).flatMap((block) => [
      blockPlace(rack, block),
      ...(slotsAreDrawn(scale * (rack.blocks.scale[block] ?? 1)) ? slotPlaces(source, rack, block) : []),
    ]);
    for (const place of [boxPlace(rack, box), ...blocks]) {
      if (place === null) continue;
      const words = inWords(source, place.id, place.ip);
      lines.push(`${nameOf(place)}  ${rectWords(place)}`);
      lines.push(`    ${words === null ? 'no words' : [words.title, ...words.lines].join(' | ')}`);
      const hit = placeAt(source, rack, ...centre(place.rect), scale);
      if (!samePlace(hit, place)) lines.push(`    under its middle: ${nameOf(hit)}`);
      const number = stops.findIndex((stop) => samePlace(stop, place));
      if (number < 0) continue;
      const next = DIRECTIONS.map((one) => `${one}: ${nameOf(neighbour(source, rack, place, one, scale))}`);
      lines.push(`    focus ${number + 1} of ${stops.length}, ${next.join(', ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const PICTURES: readonly (readonly [keyof typeof GOLDEN_CLUSTERS, Level, number])[] = [
  ['telco', 'slots', 1],
  ['telco', 'bars', 0.4],
  ['modes', 'slots', 1],
  ['missing', 'slots', 1],
  ['claims', 'slots', 1],
  ['matrix', 'slots', 1],
  ['matrix', 'labelled', 10],
];

describe('golden places', () => {
  test.each(PICTURES)('%s at the level %s, scale %d', (name, level, scale) => {
    const source = GOLDEN_CLUSTERS[name]().build();
    const text = describePlaces(source, buildRack(source, { grouping: 'zone' }), slotScale(level, scale));
    expectGolden(FOLDER, `places-${name}-${level}`, 'txt', text);
  });
});

test('the same cluster has the same places whatever the order of its records', () => {
  const [one, other] = [
    GOLDEN_CLUSTERS.telco().build(),
    GOLDEN_CLUSTERS.telco().build((entries) => [...entries].reverse()),
  ];
  const text = (source: ViewSource): string => describePlaces(source, buildRack(source, { grouping: 'zone' }), 1);
  expect(text(other)).toBe(text(one));
});
