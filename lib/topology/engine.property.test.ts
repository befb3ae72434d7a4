/**
 * Numbered invariants of the engine, on seeded random clusters and random histories:
 * 1 incremental = from scratch · 3 a batch twice = once · 4 sources commute. The others are of its changes:
 * `engine-changes.property.test.ts`.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactKind } from '../model/facts';
import type { Batch, Observation } from '../model/observation';
import { createEngine } from './engine';
import { anyHistory, anyPod, anyUpsert, batchesOf, content, RUNS } from '../../e2e/testing/engine-histories';
import {
  allLive,
  AT,
  awsNode,
  batch,
  iso,
  node,
  ownEni,
  pod,
  remove,
  replaceAll,
  status,
  upsert,
} from '../../e2e/testing/facts';

/** All facts that stand at the end, as one relist. */
function lastFacts(batches: readonly Batch[]): readonly Observation[] {
  const facts = new Map<string, Observation>();
  for (const { observations } of batches) {
    for (const observation of observations) {
      if (observation.op === 'upsert') facts.set(`${observation.scope} ${observation.key}`, observation);
      if (observation.op === 'remove') facts.delete(`${observation.scope} ${observation.key}`);
    }
  }
  return [...facts.values()];
}

/** Ends every cooldown and everything else that time changes. */
function settle(engine: ReturnType<typeof createEngine>): void {
  for (let i = 0; i < 20; i++) engine.tick(AT + 3_600_000);
}

describe('the engine', () => {
  it('1: comes to the same records step by step and from scratch', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const batches = batchesOf(history);
        const stepwise = createEngine();
        for (const one of batches) stepwise.apply(one);
        settle(stepwise);
        const scratch = createEngine();
        const end = batches.at(-1)?.at ?? AT;
        scratch.apply(batch([...allLive(end), ...lastFacts(batches)], end));
        settle(scratch);
        expect(content(stepwise.replica.records)).toEqual(content(scratch.replica.records));
      }),
      RUNS,
    );
  });

  it('3: a batch applied twice changes nothing', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const engine = createEngine();
        for (const one of batchesOf(history)) {
          engine.apply(one);
          const before = content(engine.replica.records);
          const again = engine.apply(one);
          // One batch may hold two states of one key: then the second time does change something, and changes it back.
          const keys = one.observations.flatMap((o) =>
            o.op === 'upsert' || o.op === 'remove' ? [`${o.kind} ${o.key}`] : [],
          );
          if (new Set(keys).size === keys.length) expect(again).toBeNull();
          expect(content(engine.replica.records)).toEqual(before);
        }
      }),
      RUNS,
    );
  });

  it('4: batches of different sources commute', () => {
    const sourceOf = (kind: FactKind): string => (['eni', 'subnet', 'instance'].includes(kind) ? 'ec2' : 'kubernetes');
    fc.assert(
      fc.property(fc.array(anyUpsert, { maxLength: 25 }), fc.array(fc.boolean(), { maxLength: 60 }), (all, order) => {
        const bySource = (source: string): Observation[] =>
          all.filter((observation) => observation.op === 'upsert' && sourceOf(observation.kind) === source);
        const [left, right] = [bySource('ec2'), bySource('kubernetes')];
        const run = (pick: (i: number) => boolean): unknown => {
          const engine = createEngine();
          engine.apply(batch(allLive()));
          const queues = [[...left], [...right]];
          for (let i = 0; queues.some((queue) => queue.length > 0); i++) {
            const queue = queues[pick(i) ? 0 : 1]?.length ? queues[pick(i) ? 0 : 1] : queues.find((q) => q.length > 0);
            const observation = queue?.shift();
            if (observation !== undefined) engine.apply(batch([observation]));
          }
          engine.apply(batch([status('ec2/network-interfaces', 'live', AT + 1000)], AT + 1000));
          settle(engine);
          return content(engine.replica.records);
        };
        expect(run((i) => order[i] ?? true)).toEqual(run(() => false));
      }),
      RUNS,
    );
  });

  it('a relist equals the single changes', () => {
    fc.assert(
      fc.property(fc.array(anyPod, { maxLength: 12 }), fc.array(anyPod, { maxLength: 12 }), (before, after) => {
        const facts = (list: readonly Observation[]) =>
          [...new Map(list.flatMap((o) => (o.op === 'upsert' ? [[o.key, o.fact]] : []))).values()] as ReturnType<
            typeof pod
          >[];
        const relisted = createEngine();
        relisted.apply(batch([...allLive(), replaceAll('pod', facts(before))]));
        relisted.apply(batch([replaceAll('pod', facts(after))]));
        const single = createEngine();
        single.apply(batch([...allLive(), ...facts(before).map((fact) => upsert('pod', fact))]));
        const kept = new Set(facts(after).map(({ name }) => name));
        single.apply(
          batch([
            ...facts(after).map((fact) => upsert('pod', fact)),
            ...facts(before)
              .filter(({ name }) => !kept.has(name))
              .map((fact) => remove('pod', fact)),
          ]),
        );
        expect(content(relisted.replica.records)).toEqual(content(single.replica.records));
      }),
      RUNS,
    );
  });
});

describe('time', () => {
  it('is only what batches and ticks say', () => {
    const engine = createEngine();
    engine.apply(
      batch([
        ...allLive(),
        upsert('node', node()),
        upsert('pod', awsNode()),
        upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5'] })),
        upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
      ]),
    );
    const state = () => engine.replica.records.enis.get('eni-1')?.addresses[1]?.state;
    expect(state()).toBe('assigned');
    engine.apply(batch([remove('pod', pod('a'))], AT + 1000));
    expect(state()).toBe('cooling');
    expect(engine.nextTickAt).toBe(AT + 31_000);
    expect(engine.tick(AT + 30_999)).toBeNull();
    expect(engine.tick(AT + 31_000)?.tables.enis?.patch).toHaveLength(1);
    expect(state()).toBe('warm');
    expect(engine.nextTickAt).toBeNull();
    expect(iso(AT)).toBe('2026-09-01T12:00:00.000Z');
  });
});
