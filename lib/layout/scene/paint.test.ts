import { describe, expect, test } from 'vitest';
import { createCluster, pool } from '../../../e2e/testing/layout';
import { colourOf, contrast, type Theme, type Tone } from '../picture/tokens';
import type { Mark } from '../picture/mark';
import { wholePicture } from '../whole';
import { FINDING_TONES, FULLNESS_TONES, PAINTS, STATE_TONES } from './paint';

const made = createCluster();
made.node('n-1', { zone: 'z', pools: [pool(2, 1, 1, null)] });
made.eni('n-1', { id: 'eni-1', addressCapacity: 4, states: 'paawc' });
made.node('n-2', { zone: 'z', pools: [pool(4, 0, 0, null)] });
made.eni('n-2', { id: 'eni-2', addressCapacity: 4, states: 'paaaa' });
made.node('n-3', { zone: 'z' }).eni('n-3', { id: 'eni-3', addressCapacity: 4, states: 'p' });
made.finding('error', 'eni-adopted', ['eni-2']);
const source = made.build();

const marks = (mode: keyof typeof PAINTS, level: 'slots' | 'tile' | 'bars', scale = 1): readonly Mark[] =>
  wholePicture(source, { paint: PAINTS[mode], level, scale }).marks;
const slots = (of: readonly Mark[], eni: string): Record<string, Tone> =>
  Object.fromEntries(of.flatMap((mark) => (mark.kind === 'cells' && mark.id === eni ? [[mark.style, mark.tone]] : [])));
const fills = (of: readonly Mark[], node: string): readonly string[] =>
  of.flatMap((mark) =>
    mark.id === node && /^(gauge|found)/.test(mark.part)
      ? [`${mark.part} ${mark.kind === 'rect' ? String(mark.fill) : mark.kind}`]
      : [],
  );

test('by state: each state has its colour, and keeps its style', () => {
  expect(slots(marks('state', 'slots'), 'eni-1')).toEqual({
    primary: 'primary',
    assigned: 'net0',
    warm: 'net2',
    cooling: 'net1',
  });
  expect(slots(marks('state', 'bars', 0.3), 'eni-1')).toEqual({ assigned: 'net0', warm: 'net2', cooling: 'net1' });
  expect(fills(marks('state', 'tile', 0.1), 'node:n-1')).toEqual([
    'gauge available net2',
    'gauge assigned net0',
    'gauge level line',
  ]);
});

test('by fullness: the colour of a class, the height of the gauge, and the share in words where there is room', () => {
  expect(slots(marks('fullness', 'slots'), 'eni-1').assigned).toBe('net0');
  expect(slots(marks('fullness', 'slots'), 'eni-2').assigned).toBe('ink');
  expect(fills(marks('fullness', 'tile', 0.1), 'node:n-2')).toEqual(['gauge assigned ink', 'gauge level line']);
  expect(fills(marks('fullness', 'tile', 0.1), 'node:n-3')).toEqual(['gauge unknown hatch']);
  const words = marks('fullness', 'tile', 0.5).flatMap((mark) =>
    mark.kind === 'text' && mark.part === 'gauge-share' ? mark.spans.map(({ text }) => text) : [],
  );
  expect(words).toEqual(['50 %', '100 %']);
});

test('by findings: the colour of the worst, and its icon', () => {
  expect(slots(marks('findings', 'slots'), 'eni-2').assigned).toBe('err');
  expect(slots(marks('findings', 'slots'), 'eni-1').assigned).toBe('edge');
  const icons = marks('findings', 'slots').filter((mark) => mark.kind === 'icon' && mark.part === 'slot-icon');
  expect(icons.map(({ id }) => id)).toEqual(Array.from({ length: 4 }, () => 'eni-2'));
  const frames = marks('findings', 'slots').flatMap((mark) =>
    mark.kind === 'rect' && mark.part === 'node-frame' ? [mark.stroke?.tone] : [],
  );
  expect(frames).toEqual(['line', 'err', 'line']);
  expect(fills(marks('findings', 'tile', 0.1), 'node:n-2')).toEqual(['found error err']);
  expect(fills(marks('findings', 'tile', 0.1), 'node:n-1')).toEqual([]);
});

describe.each(['light', 'dark'] as const satisfies readonly Theme[])('%s', (theme) => {
  const tones = [...new Set([STATE_TONES, FULLNESS_TONES, FINDING_TONES].flatMap((one) => Object.values(one)))];
  const ratio = (a: Tone, b: Tone): number => Number(contrast(colourOf(theme, a), colourOf(theme, b)).toFixed(2));

  test.each(tones)('%s has a contrast of at least 3 on the surface, and its text of at least 4.5 on it', (tone) => {
    expect(ratio(tone, 'surface')).toBeGreaterThanOrEqual(3);
    expect(ratio(PAINTS.state.on(tone), tone)).toBeGreaterThanOrEqual(4.5);
  });

  test('the classes of one mode differ in lightness or hue', () => {
    for (const mode of [STATE_TONES, FULLNESS_TONES, FINDING_TONES])
      expect(new Set(Object.values(mode).map((tone) => colourOf(theme, tone))).size).toBe(Object.values(mode).length);
  });
});
