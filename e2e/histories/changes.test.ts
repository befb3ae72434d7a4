/** Invariants of the engine's batches and changes, on random histories. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../../lib/model/delta';
import type { Batch } from '../../lib/model/observation';
import { TABLES, type RecordMaps } from '../../lib/model/records';
import { diffTables } from '../../lib/records/diff';
import { createReplica } from '../../lib/records/replica';
import { squash } from '../../lib/records/squash';
import { Engine, type Change } from '../../lib/topology/engine';
import { allLive, batch, remove, replaceAll, status, upsert } from '../testing/facts';
import { pods } from './facts-of-nodes';
import { batchesOf, historiesOf, START } from './history';
import { anyFact, THEMES, type AnyFact } from './kinds';

const RUNS = { numRuns: 200, seed: 20260901 };
const histories = historiesOf(8).map(batchesOf);

/** The records as plain data in a fixed order; ages of sources are no changes. */
const content = (records: RecordMaps): unknown =>
  TABLES.map((table) =>
    [...records[table].values()]
      .map((record) => (table === 'sources' ? { ...record, asOf: null } : record))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );

function play(batches: readonly Batch[]): Engine {
  const engine = new Engine();
  for (const one of batches) engine.apply(one);
  return engine;
}

/** Ends every cooldown and everything else that changes with time alone. */
function settle(engine: Engine): void {
  const later = START + 3_600_000;
  for (let i = 0; i < 100 && (engine.nextTickAt ?? Infinity) <= later; i++) engine.tick(later);
}

const asDelta = (change: Change | null, from: number): Delta => ({
  epoch: 'e',
  from,
  to: from + 1,
  at: START,
  ...(change?.cluster === undefined ? {} : { cluster: change.cluster }),
  tables: change?.tables ?? {},
});

/** The key of each observation in a batch, with repetitions. */
const subjectsOf = ({ observations }: Batch): readonly string[] =>
  observations.flatMap((one) => {
    if (one.op === 'status') return [one.source.id];
    if (one.op === 'cluster') return ['cluster'];
    if (one.op === 'keepOnly') return [...one.keys].map((key) => `${one.kind} ${key}`);
    if (one.op === 'replaceAll') return one.facts.map(([key]) => `${one.kind} ${key}`);
    return [`${one.kind} ${one.key}`];
  });

describe('changes', () => {
  it('applied in order, twice and as JSON, produce the same records and indexes', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        const engine = new Engine();
        const follower = createReplica();
        for (const one of batches) {
          const change = engine.apply(one);
          if (change === null) continue;
          const sent = JSON.parse(JSON.stringify(change)) as Change;
          follower.apply(sent.tables, sent.cluster);
          follower.apply(sent.tables, sent.cluster);
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

  it('squashed over any split, produce the same records', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 8 }), (batches, cut) => {
        const engine = new Engine();
        const deltas = batches.map((one, i) => asDelta(engine.apply(one), i));
        for (const at of [0, Math.min(cut, deltas.length - 1)]) {
          const follower = createReplica();
          for (const part of [deltas.slice(0, at), deltas.slice(at)]) {
            if (part.length === 0) continue;
            const whole = part.reduce((a, b) => squash(a, b));
            follower.apply(whole.tables, whole.cluster);
          }
          expect(content(follower.records)).toEqual(content(engine.replica.records));
        }
      }),
      RUNS,
    );
  });

  it('computed between two record sets turn one into the other', () => {
    fc.assert(
      fc.property(histories, histories, (one, other) => {
        const [from, to] = [play(one).replica, play(other).replica];
        from.apply(diffTables(from.records, to.records));
        expect(diffTables(from.records, to.records)).toEqual({});
      }),
      { ...RUNS, numRuns: 50 },
    );
  });
});

describe('batches', () => {
  it('applied twice change nothing the second time', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        const engine = new Engine();
        for (const one of batches) {
          engine.apply(one);
          // A batch may contain two states of one object: applied again, it changes the object and changes it back.
          const subjects = subjectsOf(one);
          const lists = one.observations.some(({ op }) => op === 'replaceAll');
          if (lists || new Set(subjects).size < subjects.length) continue;
          const before = content(engine.replica.records);
          expect(engine.apply(one)).toBeNull();
          expect(content(engine.replica.records)).toEqual(before);
        }
      }),
      RUNS,
    );
  });

  it('applied together have the same result as one after the other', () => {
    const groups = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(histories, groups, (batches, sizes) => {
        const engine = new Engine();
        const follower = createReplica();
        let from = 0;
        for (let turn = 0; from < batches.length; turn++) {
          const together = batches.slice(from, from + (sizes[turn % sizes.length] ?? 1));
          from += together.length;
          const steps = engine.steps(together);
          let step = steps.next();
          while (step.done !== true) step = steps.next();
          follower.apply(step.value?.tables ?? {}, step.value?.cluster);
        }
        const alone = play(batches);
        for (const one of [engine, alone]) settle(one);
        expect(content(engine.replica.records)).toEqual(content(alone.replica.records));
        follower.apply(diffTables(follower.records, engine.replica.records));
        expect(content(follower.records)).toEqual(content(engine.replica.records));
      }),
      RUNS,
    );
  });

  it('of different sources commute', () => {
    const [everyKind = []] = THEMES;
    const isOfEc2 = ({ scope }: AnyFact): boolean => scope.startsWith('ec2/');
    fc.assert(
      fc.property(
        fc.array(anyFact(everyKind), { maxLength: 25 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        (facts, turns) => {
          const run = (isEc2Next: (i: number) => boolean): unknown => {
            const engine = play([batch(allLive(START), START)]);
            const queues = { ec2: facts.filter(isOfEc2), others: facts.filter((one) => !isOfEc2(one)) };
            for (let i = 0; queues.ec2.length + queues.others.length > 0; i++) {
              const ec2First = queues.others.length === 0 || (queues.ec2.length > 0 && isEc2Next(i));
              const next = (ec2First ? queues.ec2 : queues.others).shift();
              if (next !== undefined) engine.apply(batch([{ op: 'upsert', ...next }], START));
            }
            engine.apply(batch([status('ec2/network-interfaces', 'live', START + 1000)], START + 1000));
            settle(engine);
            return content(engine.replica.records);
          };
          expect(run((i) => turns[i] ?? true)).toEqual(run(() => false));
        },
      ),
      RUNS,
    );
  });

  it('with a relist of pods equal the single changes', () => {
    const anyPods = fc.uniqueArray(pods, { maxLength: 12, selector: ({ namespace, name }) => `${namespace}/${name}` });
    fc.assert(
      fc.property(anyPods, anyPods, (before, after) => {
        const relisted = play([
          batch([...allLive(START), replaceAll('pod', before)], START),
          batch([replaceAll('pod', after)], START),
        ]);
        const isKept = (pod: (typeof before)[number]): boolean =>
          after.some(({ namespace, name }) => namespace === pod.namespace && name === pod.name);
        const single = play([
          batch([...allLive(START), ...before.map((pod) => upsert('pod', pod))], START),
          batch(
            [
              ...after.map((pod) => upsert('pod', pod)),
              ...before.filter((pod) => !isKept(pod)).map((pod) => remove('pod', pod)),
            ],
            START,
          ),
        ]);
        for (const engine of [relisted, single]) settle(engine);
        expect(content(relisted.replica.records)).toEqual(content(single.replica.records));
      }),
      RUNS,
    );
  });
});
