import { expect, test } from 'vitest';
import { viewOfKey, VIEWS } from './views';

test('a digit opens the view at its place, no other key does', () => {
  const first = VIEWS.slice(0, 9).map(({ id }) => id);
  expect(first.map((_, index) => viewOfKey(String(index + 1)))).toEqual(first);
  for (const key of ['0', String(VIEWS.length + 1), '01', 'a', 'Enter', ' ']) expect(viewOfKey(key)).toBeNull();
});
