import { describe, expect, test } from 'vitest';
import { SLOT } from './geometry';
import { levelAt, type Level } from './level';

/** The level for a slot width in pixels. */
const at = (width: number, standing: Level | null = null): Level => levelAt(width / SLOT.w, standing);

describe('the level follows the width of a slot on screen', () => {
  test.each<[number, Level]>([
    [1.99, 'tile'],
    [2, 'bars'],
    [7.99, 'bars'],
    [8, 'slots'],
    [63.9, 'slots'],
    [64, 'labelled'],
  ])('%d px', (width, level) => expect(at(width)).toBe(level));

  test.each<[string, number, Level, Level]>([
    ['rising stays until 10 % beyond', 8.7, 'bars', 'bars'],
    ['rising changes beyond 10 %', 8.9, 'bars', 'slots'],
    ['falling stays until 10 % below', 7.3, 'slots', 'slots'],
    ['falling changes below 10 %', 7.1, 'slots', 'bars'],
    ['a jump passes levels', 100, 'tile', 'labelled'],
    ['and back', 1, 'labelled', 'tile'],
  ])('%s', (_what, width, standing, level) => expect(at(width, standing)).toBe(level));
});
