import { expect, test } from 'vitest';
import { keptFor, remembered } from './remembered';

test('a value is made once for each key, null included', () => {
  const kept = new Map<string, null>();
  let made = 0;
  const make = (): null => {
    made++;
    return null;
  };
  expect([keptFor(kept, 'a', make), keptFor(kept, 'a', make), keptFor(kept, 'b', make)]).toEqual([null, null, null]);
  expect(made).toBe(2);
});

test('a remembered function is called once for each argument', () => {
  const asked: string[] = [];
  const length = remembered((text: string) => asked.push(text) && text.length);
  expect(['ab', 'ab', 'c'].map((text) => length(text))).toEqual([2, 2, 1]);
  expect(asked).toEqual(['ab', 'c']);
});
