import { expect, test } from 'vitest';
import type { Totals } from './totals';
import { lackWords } from './words';

test.each([
  ['every node is calculated', 0, { value: 12, unknown: 0 }, '0'],
  ['some are', 2, { value: 12, unknown: 3 }, '≥ 2'],
  ['none is', 0, { value: null, unknown: 7 }, 'not known'],
])('how many nodes lack an ENI, if %s', (_what, lackEni, calls, words) =>
  expect(lackWords({ lackEni, calls } as Totals)).toBe(words),
);
