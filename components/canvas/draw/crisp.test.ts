import { describe, expect, test } from 'vitest';
import { snapFill, snapLine, snapStroke } from './crisp';

const edges = { x: 10.3, y: 20.6, w: 30.4, h: 11.2 };

describe('edges on device pixel boundaries', () => {
  test('of a fill', () => expect(snapFill({ ratio: 1 }, edges)).toEqual({ x: 10, y: 21, w: 31, h: 11 }));
  test('of a fill at a pixel ratio of 2', () =>
    expect(snapFill({ ratio: 2 }, edges)).toEqual({ x: 10.5, y: 20.5, w: 30, h: 11.5 }));
  test('of a one-pixel stroke, through the middle of the pixels it covers', () =>
    expect(snapStroke({ ratio: 1 }, edges, 1)).toEqual({ x: 10.5, y: 21.5, w: 30, h: 10 }));
  test('of a two-pixel stroke, between pixels', () =>
    expect(snapStroke({ ratio: 1 }, edges, 2)).toEqual({ x: 10, y: 21, w: 31, h: 11 }));
  test('keep adjacent boxes adjacent', () => {
    const left = snapFill({ ratio: 1.25 }, { x: 3.1, y: 0, w: 7.77, h: 5 });
    const right = snapFill({ ratio: 1.25 }, { x: 3.1 + 7.77, y: 0, w: 4, h: 5 });
    expect(left.x + left.w).toBeCloseTo(right.x, 10);
  });
  test.each([
    [1, 1, 12.5],
    [2, 1, 12.5],
    [1, 2, 12],
  ])('of a line at 12.4, at ratio %d and width %d', (ratio, width, at) =>
    expect(snapLine({ ratio }, 12.4, width)).toBe(at),
  );
});
