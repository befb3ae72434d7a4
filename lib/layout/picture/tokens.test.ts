import { describe, expect, test } from 'vitest';
import {
  allColours,
  blend,
  colourOf,
  contrast,
  COLOURED_NETWORKS,
  NETWORK_COLOURS,
  networkTextTone,
  networkTone,
  networkOnTone,
  type Theme,
  type Tone,
  WARM_TINT,
} from './tokens';

const THEMES: readonly Theme[] = ['light', 'dark'];
const GROUNDS: readonly Tone[] = ['surface', 'bg'];

/** Text tones, with every background they may appear on. */
const TEXT: readonly (readonly [Tone, readonly Tone[]])[] = [
  ['ink', ['surface', 'bg', 'sunk', 'hatch', 'errBg', 'warnBg']],
  ['text2', ['surface', 'bg', 'sunk', 'hatch', 'errBg', 'warnBg']],
  ['text3', ['surface', 'bg', 'sunk', 'hatch']],
  ['err', ['surface', 'bg', 'errBg']],
  ['warn', ['surface', 'bg', 'warnBg']],
  ['sel', ['surface', 'bg', 'sunk', 'hatch']],
  ...Array.from({ length: COLOURED_NETWORKS }, (_, rank) => [networkTextTone(rank), GROUNDS] as const),
];

/** Tones of shapes that carry a state: contrast of at least 3 : 1. */
const EDGES: readonly (readonly [Tone, readonly Tone[]])[] = [
  ['edge', ['surface', 'bg', 'hatch']],
  ['primary', ['surface', 'hatch']],
  ['other', ['surface']],
  ['err', ['surface', 'bg']],
  ['warnFill', ['surface', 'bg', 'warnBg']],
  ['sel', ['surface', 'bg']],
  ...Array.from({ length: COLOURED_NETWORKS }, (_, rank) => [networkTone(rank), ['surface']] as const),
];

describe.each(THEMES)('%s', (theme) => {
  const ratio = (a: Tone, b: Tone): number => contrast(colourOf(theme, a), colourOf(theme, b));

  test.each(TEXT.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const)))(
    'text %s on %s is at least 4.5',
    (text, ground) => expect(ratio(text, ground)).toBeGreaterThanOrEqual(4.5),
  );

  test('text3 on the hatched ground is at least 4.8', () =>
    expect(Number(ratio('text3', 'hatch').toFixed(1))).toBeGreaterThanOrEqual(4.8));

  test.each(EDGES.flatMap(([edge, grounds]) => grounds.map((ground) => [edge, ground] as const)))(
    'edge %s on %s is at least 3',
    (edge, ground) => expect(Number(ratio(edge, ground).toFixed(2))).toBeGreaterThanOrEqual(3),
  );

  test.each(Array.from({ length: COLOURED_NETWORKS }, (_, rank) => rank))(
    'a label on network %i is at least 4.5, in surface or sel, and ink on its warm tint too',
    (rank) => {
      const tone = networkTone(rank);
      const fill = colourOf(theme, tone);
      expect(contrast(colourOf(theme, networkOnTone(rank)), fill)).toBeGreaterThanOrEqual(4.5);
      const tint = blend(fill, colourOf(theme, 'surface'), WARM_TINT[theme]);
      expect(contrast(colourOf(theme, 'ink'), tint)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test('every tone is a colour, and no two networks share one', () => {
    for (const [, colour] of allColours(theme)) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
    expect(new Set(NETWORK_COLOURS[theme].map(({ fill }) => fill)).size).toBe(COLOURED_NETWORKS);
  });
});

/** The intended contrast values, so that a typing error in the colour tables is found. */
test.each<[Theme, Tone, number]>([
  ['light', 'edge', 3.9],
  ['light', 'ink', 16.4],
  ['light', 'text2', 8.2],
  ['light', 'text3', 5.9],
  ['light', 'err', 6.5],
  ['light', 'warn', 6.7],
  ['light', 'other', 4.6],
  ['light', 'net0', 5.2],
  ['light', 'net1', 3.3],
  ['light', 'net2', 3.2],
  ['light', 'net7', 12.8],
  ['dark', 'edge', 4.8],
  ['dark', 'text3', 6.8],
  ['dark', 'net3', 3.2],
  ['dark', 'net5', 13.9],
  ['dark', 'net7', 3.3],
])('%s %s has a contrast of %d on surface', (theme, tone, figure) =>
  expect(contrast(colourOf(theme, tone), colourOf(theme, 'surface'))).toBeCloseTo(figure, 1),
);

test('ranks beyond the eighth, and no rank, have the colour "other"', () => {
  expect([networkTone(7), networkTone(8), networkTone(null), networkTone(-1), networkTone(0.5)]).toEqual([
    'net7',
    'other',
    'other',
    'other',
    'other',
  ]);
});
