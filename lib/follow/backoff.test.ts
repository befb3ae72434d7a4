import { expect, test } from 'vitest';
import { fullJitter } from './backoff';

test('the ceiling doubles up to 15 s, and the wait is a random time below it', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 60].map((attempt) => fullJitter(attempt, () => 0.999_999_9));
  expect(ceilings).toEqual([499, 999, 1999, 3999, 7999, 14999, 14999]);
});

test('the wait is never zero', () => {
  expect(fullJitter(5, () => 0)).toBe(50);
});
