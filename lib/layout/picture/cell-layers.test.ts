import { describe, expect, test } from 'vitest';
import { cellColour, cellLayers, type CellLayer } from './cell-layers';
import { ICON_BOX, iconLayers } from './icons';
import { ICONS, type CellStyle } from './mark';
import { colourOf } from './tokens';

const SIZE = { w: 16, h: 11, r: 2 };
const layersOf = (style: CellStyle, size = SIZE, tone: 'net1' | 'other' = 'net1'): readonly CellLayer[] =>
  cellLayers({ style, tone, ...size });

/** A layer in short: `fill:tone`, its stroke, and other properties. */
const brief = (layer: CellLayer): string => {
  if (layer.kind === 'glyph') return layer.text;
  const { fill, stroke, slash, hole } = layer;
  const parts = [
    fill === null ? null : `${fill.kind}:${fill.tone}`,
    stroke === null ? null : `${stroke.dash === undefined ? '' : 'dashed '}${stroke.tone}`,
    slash ? 'slash' : null,
    hole ? 'hole' : null,
  ];
  return parts.filter((part) => part !== null).join(' ');
};

describe('slot states without colour', () => {
  test.each<[CellStyle, readonly string[]]>([
    ['primary', ['tone:net1', 'tone:surface']],
    ['assigned', ['tone:net1']],
    ['warm', ['tint:net1 net1']],
    ['cooling', ['tone:surface', 'stripes:net1 net1']],
    ['unclaimed', ['tone:surface edge']],
    ['excluded', ['tone:surface edge slash']],
    ['unknown', ['tone:surface dashed edge', '?']],
    ['requested', ['dashed err']],
  ])('%s', (style, expected) => expect(layersOf(style).map(brief)).toEqual(expected));

  test('a network without a colour of its own has a hole', () =>
    expect(layersOf('assigned', SIZE, 'other').map(brief)).toEqual(['tone:other hole']));
  test('an unknown slot too low for its question mark is dashed only', () =>
    expect(layersOf('unknown', { w: 8, h: 5.5, r: 1 }).map(brief)).toEqual(['tone:surface dashed edge']));
  test('a tint lies between its colour and the surface', () => {
    const tint = cellColour('light', { kind: 'tint', tone: 'net1' });
    expect([colourOf('light', 'net1'), colourOf('light', 'surface')]).not.toContain(tint);
  });
});

test.each(ICONS)('the icon %s stays in its box and is never empty', (icon) => {
  const layers = iconLayers({ icon, tone: 'err', inner: 'surface', rim: true });
  expect(layers.length).toBeGreaterThan(1);
  expect(layers[0]?.stroke).toEqual({ tone: 'surface', width: 3 });
  for (const { d } of layers)
    for (const absolute of d.matchAll(/M(-?[\d.]+) (-?[\d.]+)/g))
      for (const value of absolute.slice(1)) expect(Number(value)).toBeLessThanOrEqual(ICON_BOX);
});
