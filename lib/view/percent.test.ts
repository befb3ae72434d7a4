import { expect, test } from 'vitest';
import { percent } from './percent';

test.each([
  [0, '0 %'],
  [0.004, '< 1 %'],
  [0.005, '1 %'],
  [0.7, '70 %'],
  [0.9949, '99 %'],
  [0.999, '> 99 %'],
  [1, '100 %'],
  [1.2, '120 %'],
])('%f is %s', (share, words) => expect(percent(share)).toBe(words));
