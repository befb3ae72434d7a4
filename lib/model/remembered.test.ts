import { expect, test } from 'vitest';
import { keptFor, remembered } from './remembered';

test('computes a value once for each key, null included', () => {
  const kept = new Map<string, null>();
  let made = 0;
  const make = (): null => {
    made++;
    return null;
  };
  expect([keptFor(kept, 'a', make), keptFor(kept, 'a', make), keptFor(kept, 'b', make)]).toEqual([null, null, null]);
  expect(made).toBe(2);
});

test('calls a memoized function once for each argument', () => {
  const asked: string[] = [];
  const length = remembered((text: string) => asked.push(text) && text.length);
  expect(['ab', 'ab', 'c'].map((text) => length(text))).toEqual([2, 2, 1]);
  expect(asked).toEqual(['ab', 'c']);
});
