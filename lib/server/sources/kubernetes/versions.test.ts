import { expect, test } from 'vitest';
import { isReached } from './versions';

test.each<[string, string, boolean | null]>([
  ['10', '10', true],
  ['10', '11', true],
  ['11', '10', false],
  ['9', '10', true],
  ['10', '9', false],
  ['9007199254740993', '9007199254740992', false],
  ['99999999999999999999', '100000000000000000000', true],
  ['abc', 'abc', true],
  ['abc', '10', null],
  ['10', '2026-11-28', null],
  ['010', '11', null],
  ['', '11', null],
])('%s is reached by %s: %s', (a, b, reached) => {
  expect(isReached(a, b)).toBe(reached);
});
