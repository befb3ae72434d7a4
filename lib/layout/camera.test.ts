import { describe, expect, test } from 'vitest';
import { fitView, scaleExtent, withoutVoid } from './camera';
import { levelAt } from './rack/level';

const WINDOW = { width: 1000, height: 800 };

describe('camera', () => {
  test.each([
    [400, 300],
    [2000, 1500],
    [60_000, 40_000],
  ])('every level can be reached over a layout of %d × %d', (width, height) => {
    const [least, most] = scaleExtent({ width, height }, WINDOW);
    expect(levelAt(least, 'bars')).toBe('tile');
    expect(levelAt(most)).toBe('labelled');
    expect(least).toBeLessThan(fitView({ width, height }, WINDOW).scale);
  });

  const whole = { width: 3000, height: 2000 };
  test.each([
    ['before the beginning', { scale: 1, x: 300, y: 200 }, { x: 0, y: 0 }],
    ['beyond the end', { scale: 1, x: -2500, y: -1900 }, { x: -2000, y: -1200 }],
    ['in the middle', { scale: 1, x: -700, y: -300 }, { x: -700, y: -300 }],
    ['of a layout that fits', { scale: 0.2, x: 40, y: 30 }, { x: 40, y: 30 }],
    ['before a layout that fits', { scale: 0.2, x: 700, y: 500 }, { x: 400, y: 400 }],
    ['beyond a layout that fits', { scale: 0.2, x: -40, y: -300 }, { x: 0, y: 0 }],
    ['of a layout that fits in one direction only', { scale: 0.4, x: -900, y: -300 }, { x: -200, y: 0 }],
  ])('shows no empty space %s', (_what, view, expected) =>
    expect(withoutVoid(view, whole, WINDOW)).toEqual({ scale: view.scale, ...expected }),
  );
});
