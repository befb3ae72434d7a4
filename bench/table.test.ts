import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isMet, quantity, row } from './rows';
import { DOCUMENT, savedResults, withTables } from './table';

it('shows the saved results in docs/performance.md: run `npm run bench -- table`', () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  expect(text).toBe(withTables(text, savedResults()));
});

it.each([
  [0.4567, 'ms', '0.457 ms'],
  [12.34, 's', '12.3 s'],
  [1501.4, 'B', '1,501 B'],
  [1.314, '×', '1.31×'],
  [1480, '/s', '1,480 a second'],
  [NaN, 'ms', 'not measured'],
] as const)('writes %d %s as %s', (value, unit, text) => {
  expect(quantity(value, unit)).toBe(text);
});

it.each([
  ['without a budget', row('a', 5, 'ms'), null],
  ['at its limit', row('a', 5, 'ms', { most: 5 }), true],
  ['above its limit', row('a', 5.1, 'ms', { most: 5 }), false],
  ['below the required value', row('a', 900, '/s', { least: 1500 }), false],
  ['by its ratio', row('a', 900, 'ms', { baseline: ['b', 1000], mostRatio: 0.6 }), false],
  ['when nothing was measured', row('a', NaN, 'ms', { most: 5 }), false],
])('checks a budget %s', (_, measured, met) => {
  expect(isMet(measured)).toBe(met);
});
