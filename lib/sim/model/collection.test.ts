import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Collection, Revisions } from './collection';

const EACH_MS = { slowly: 1_000, fast: 5 } as const;

const changed = (times: number, eachMs: number): { readonly on: Collection<number>; readonly first: number } => {
  let now = 0;
  const revisions = new Revisions();
  const on = new Collection<number>(revisions, String, () => now);
  const first = revisions.current;
  for (let i = 0; i < times; i++) {
    on.put(i % 100);
    now += eachMs;
  }
  return { on, first };
};

test.each([
  ['few changes, however old', 10_000, EACH_MS.slowly, 0, 10_000],
  ['many old changes: not the first ones', 20_000, EACH_MS.slowly, 6_000, null],
  ['fast: those of the last 75 s', 20_000, EACH_MS.fast, 6_000, 14_000],
  ['fast: not those before', 40_000, EACH_MS.fast, 6_000, null],
  ['faster than can be stored', 120_000, 0.1, 10_000, null],
  ['faster than can be stored: the last ones', 120_000, 0.1, 20_000, 100_000],
])('the history: %s', (_, times, eachMs, after, count) => {
  const { on, first } = changed(times, eachMs);
  expect(on.since(first + after)?.length ?? null).toBe(count);
});

test('the order covers all keys however often it is requested, and a returned list does not change', () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 30 }), gone: fc.boolean(), ask: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const on = new Collection<number>(new Revisions(), String, () => 0);
      const restore = on.backUp();
      const kept: (readonly [list: readonly unknown[], copy: readonly unknown[]])[] = [];
      for (const { key, gone, ask } of steps) {
        if (gone) on.delete(String(key));
        else on.put(key);
        if (!ask) continue;
        const list = on.sorted();
        expect(list.map((entry) => entry.value)).toEqual(on.values().sort((a, b) => (String(a) < String(b) ? -1 : 1)));
        expect(list.map((entry) => entry.rv)).toEqual(list.map((entry) => on.entry(entry.key)?.rv));
        kept.push([list, [...list]]);
      }
      for (const [list, copy] of kept) expect(list).toEqual(copy);
      restore();
      expect(on.sorted()).toEqual([]);
    }),
  );
});
