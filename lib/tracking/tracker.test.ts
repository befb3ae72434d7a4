import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newTrace, Tracker } from './tracker';

const world = () => {
  const stale: string[] = [];
  const tracker = new Tracker((space, key) => stale.push(`${space} ${key}`));
  const reads = (unit: string, ...keys: readonly string[]): void =>
    tracker.record('unit', unit, { ...newTrace(), keys: keys.flatMap((key) => ['fact', key]) });
  const woken = (key: string): readonly string[] => {
    tracker.changed('fact', key);
    return stale.splice(0).sort();
  };
  return { tracker, reads, woken };
};

it('wakes only units that read the key in their latest run', () => {
  const { reads, woken } = world();
  reads('a', 'x', 'y');
  reads('b', 'y', 'y');
  expect([woken('x'), woken('y'), woken('z')]).toEqual([['unit a'], ['unit a', 'unit b'], []]);
  reads('a', 'x', 'z');
  expect([woken('x'), woken('y'), woken('z')]).toEqual([['unit a'], ['unit b'], ['unit a']]);
});

it('distinguishes a unit of one space from a key of another', () => {
  const { tracker, reads, woken } = world();
  reads('x', 'x');
  tracker.changed('unit', 'x');
  expect(woken('x')).toEqual(['unit x']);
});

it('releases a unit that reads a key of its own name exactly once', () => {
  const { tracker, reads, woken } = world();
  tracker.record('fact', 'x', { ...newTrace(), keys: ['fact', 'x'] });
  tracker.forget('fact', 'x');
  reads('a', 'y');
  reads('b', 'z');
  expect([woken('y'), woken('z')]).toEqual([['unit a'], ['unit b']]);
});

it('keeps the reads of each unit’s latest run, and nothing of forgotten units', () => {
  const key = fc.constantFrom('x', 'y', 'z', 'w');
  const run = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.array(key, { maxLength: 6 }));
  fc.assert(
    fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
      const { tracker, reads, woken } = world();
      const latest = new Map<string, ReadonlySet<string>>();
      for (const [unit, keys] of runs) {
        reads(unit, ...keys);
        latest.set(unit, new Set(keys));
        for (const one of ['x', 'y', 'z', 'w'])
          expect(woken(one)).toEqual(
            [...latest].flatMap(([name, read]) => (read.has(one) ? `unit ${name}` : [])).sort(),
          );
      }
      for (const unit of latest.keys()) tracker.forget('unit', unit);
      expect([...tracker.reads()]).toEqual([]);
    }),
    { seed: 7 },
  );
});
