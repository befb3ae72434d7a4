/**
 * Numbered invariants of the engine's changes, on seeded random clusters and random histories:
 * 2 deltas applied · 5 squash of any split · 6 the difference of two record sets. The others: `engine.property.test.ts`.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../model/delta';
import { createEngine, type Change } from './engine';
import { createReplica } from '../records/replica';
import { squash } from '../records/squash';
import { diffTables } from '../records/diff';
import { anyHistory, batchesOf, content, RUNS } from '../../e2e/testing/engine-histories';
import { AT } from '../../e2e/testing/facts';

const deltaOf = (change: Change | null, from: number): Delta => ({
  epoch: 'e',
  from,
  to: from + 1,
  at: AT,
  ...(change?.cluster === undefined ? {} : { cluster: change.cluster }),
  tables: change?.tables ?? {},
});

describe('the engine', () => {
  it('2: its changes, applied in order, give its records and its indexes', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const engine = createEngine();
        const follower = createReplica();
        for (const one of batchesOf(history)) {
          const change = engine.apply(one);
          // As it goes over the wire.
          if (change !== null) {
            const sent = JSON.parse(JSON.stringify(change)) as Change;
            follower.apply(sent.tables, sent.cluster);
            follower.apply(sent.tables, sent.cluster);
          }
        }
        expect(content(follower.records)).toEqual(content(engine.replica.records));
        const fresh = createReplica();
        fresh.reset(engine.replica.records, engine.replica.cluster);
        for (const name of Object.keys(fresh.indexes) as (keyof typeof fresh.indexes)[]) {
          const keys = [...fresh.indexes[name].keys()].sort();
          expect([name, [...follower.indexes[name].keys()].sort()]).toEqual([name, keys]);
          for (const key of keys) expect(follower.indexes[name].get(key)).toEqual(fresh.indexes[name].get(key));
        }
      }),
      RUNS,
    );
  });

  it('5: squashed over any split, the deltas lead to the same records', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 0, max: 12 }), (history, cut) => {
        const engine = createEngine();
        const deltas = batchesOf(history).map((one, i) => deltaOf(engine.apply(one), i));
        const at = Math.min(cut, deltas.length - 1);
        const parts = [deltas.slice(0, at), deltas.slice(at)].filter((part) => part.length > 0);
        const follower = createReplica();
        for (const part of parts) {
          const whole = part.reduce((a, b) => squash(a, b));
          follower.apply(whole.tables, whole.cluster);
        }
        expect(content(follower.records)).toEqual(content(engine.replica.records));
        const all = deltas.reduce((a, b) => squash(a, b));
        const once = createReplica();
        once.apply(all.tables);
        expect(content(once.records)).toEqual(content(engine.replica.records));
      }),
      RUNS,
    );
  });

  it('6: the difference of two record sets leads from one to the other', () => {
    fc.assert(
      fc.property(anyHistory, anyHistory, (one, other) => {
        const run = (history: Parameters<typeof batchesOf>[0]) => {
          const engine = createEngine();
          for (const next of batchesOf(history)) engine.apply(next);
          return engine.replica;
        };
        const [from, to] = [run(one), run(other)];
        from.apply(diffTables(from.records, to.records));
        expect(diffTables(from.records, to.records)).toEqual({});
      }),
      { ...RUNS, numRuns: 50 },
    );
  });
});
