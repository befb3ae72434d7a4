import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashOf, IdTable } from './id-table';

test('an id table agrees with a map', () => {
  const step = fc.record({ id: fc.nat(60), drop: fc.boolean(), node: fc.nat(9), mark: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const table = new IdTable();
      const model = new Map<string, readonly [number, number]>();
      for (const { id, drop, node, mark } of steps) {
        const name = `pod:core/web-${id}`;
        if (drop) table.delete(hashOf(name));
        else table.set(hashOf(name), node, mark);
        if (drop) model.delete(name);
        else model.set(name, [node, mark]);
      }
      for (let id = 0; id <= 60; id++) {
        const name = `pod:core/web-${id}`;
        const known = model.get(name);
        expect([table.nodeOf(hashOf(name)), table.markOf(hashOf(name))]).toEqual(known ?? [undefined, undefined]);
      }
      expect(table.size).toBe(model.size);
    }),
    { numRuns: 200, seed: 12 },
  );
});

test('it grows, and a gap does not break a search', () => {
  const table = new IdTable();
  const name = (i: number): string => `if:ns-${i % 7}/pod-${i}/eth0`;
  for (let i = 0; i < 50_000; i++) table.set(hashOf(name(i)), i, i % 5);
  for (let i = 0; i < 50_000; i += 3) table.delete(hashOf(name(i)));
  for (let i = 0; i < 50_000; i++) expect(table.nodeOf(hashOf(name(i)))).toBe(i % 3 === 0 ? undefined : i);
});
