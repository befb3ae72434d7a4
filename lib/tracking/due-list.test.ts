import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DueList } from './due-list';

it('returns each key once, at its earliest scheduled time, in order of time', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 100 }))), (wishes) => {
      const due = new DueList<string>();
      const earliest = new Map<string, number>();
      for (const [key, at] of wishes) {
        due.schedule(String(key), at);
        earliest.set(String(key), Math.min(at, earliest.get(String(key)) ?? Infinity));
      }
      const taken: number[] = [];
      for (let next = due.nextAt; next !== null; next = due.nextAt) {
        for (const key of due.take(next)) {
          expect(earliest.get(key)).toBe(next);
          earliest.delete(key);
          taken.push(next);
        }
      }
      expect(earliest.size).toBe(0);
      expect(taken).toEqual([...taken].sort((a, b) => a - b));
    }),
    { seed: 7 },
  );
});

it('forgets a key', () => {
  const due = new DueList<string>();
  due.schedule('a', 5);
  due.schedule('b', 6);
  due.forget('a');
  expect(due.nextAt).toBe(6);
  expect(due.take(10)).toEqual(['b']);
});
