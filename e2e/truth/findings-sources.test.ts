/**
 * Incremental findings = findings from scratch, over random clusters with troubles in them, while sources come and go: after every step
 * the rules that saw each change as it came have found what the same rules find that look at everything for the first time.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import type { Batch, Observation } from '../../lib/model/observation';
import type { FindingRecord, SourceState } from '../../lib/model/records';
import { createRandom, type Random } from '../../lib/sim/model/random';
import type { ClusterState } from '../../lib/sim/model/state';
import { Engine } from '../../lib/topology/engine';
import { startLiving } from './living';
import { createEc2InProcess, Reading } from './reading';
import { KnownFacts } from './known-facts';
import { TROUBLES, type Ground } from './troubles';

const SEEDS = 40;
const STEPS = 24;
const SWEEP_EVERY = 6;
/** What waits for the rules' slow clock is due by then; a first look sees it at once. Milliseconds. */
const LATE = 6_000;

/** Rules that have to watch for a while; a first look cannot agree with them. */
const REMEMBER = new Set([
  'pool-low',
  'warm-pool-waste',
  'prefix-fragmented',
  'branch-eni-leaked',
  'ipam-inconsistent',
  'multus-down',
]);
const rules = RULES.filter(({ id }) => !REMEMBER.has(id));
/** What rules hear when it is there is half of what changes; of all others any may matter, to what the records say. */
const NEEDED = rules.flatMap(({ needs }) => needs);
const HEEDED = [...new Set(rules.flatMap(({ uses }) => uses ?? []))].sort();
const STATES: readonly SourceState[] = ['live', 'live', 'stale', 'denied', 'absent', 'failing'];

let current: ClusterState | null = null;
const ec2 = createEc2InProcess(() => {
  if (current === null) throw new Error('no cluster');
  return current;
});

const inOrder = (findings: Iterable<FindingRecord>): readonly FindingRecord[] =>
  [...findings].map((finding) => ({ ...finding, since: null })).sort((a, b) => (a.id < b.id ? -1 : 1));

/** The engine with the rules behind it, as the store joins them. */
function createJudged() {
  const engine = new Engine();
  const { replica } = engine;
  const findings = new Findings(rules);
  let judged = 0;
  const judge = (change: ReturnType<Engine['apply']>, now: number): void => {
    const delta = change === null ? findings.tick(replica, now) : findings.update(replica, now);
    if (delta !== null) replica.apply({ findings: delta });
  };
  return {
    engine,
    take: (batch: Batch): void => judge(engine.apply(batch), batch.at),
    /** As of some seconds later. */
    compare: (now: number): readonly FindingRecord[] => {
      judged = Math.max(judged, now);
      judge(engine.tick(judged), judged);
      while ((findings.nextDueAt ?? Infinity) <= judged) judge(null, judged);
      const fresh = new Findings(rules).all(replica, judged)?.put ?? [];
      expect(inOrder(replica.records.findings.values())).toEqual(inOrder(fresh));
      return fresh;
    },
  };
}

/** One source changes its state; what it said before stays in the records as the state demands. */
function toggle(engine: Engine, random: Random, at: number): Observation {
  const id = random.pick(
    random.chance(0.6) ? HEEDED : [...new Set([...NEEDED, ...engine.replica.records.sources.keys()])].sort(),
  );
  const state = random.pick(STATES);
  const before = engine.replica.records.sources.get(id)?.asOf ?? null;
  const asOf = state === 'live' ? new Date(at).toISOString() : state === 'denied' || state === 'absent' ? null : before;
  return { op: 'status', source: { id, state, asOf, reason: state === 'live' ? null : 'a test' } };
}

/** In every namespace a policy for each pod: it covers no further interface, and whether another kind does is its source's to tell. */
const policies = (facts: KnownFacts): readonly Observation[] =>
  [...new Set(facts.of('pod').map(({ namespace }) => namespace))].map((namespace) =>
    facts.put('networkPolicy', `${namespace}/all`, {
      namespace,
      name: 'all',
      uid: `uid-${namespace}-all`,
      createdAt: null,
      deleting: false,
      podSelector: { matchLabels: {}, matchExpressions: [] },
      policyFor: null,
    }),
  );

/** Some troubles, wherever they can be. */
function troubles(facts: KnownFacts, random: Random, now: number): readonly Observation[] {
  const grounds = facts.of('pod').flatMap((agent): Ground[] => {
    const node = facts.of('node').find(({ name }) => name === agent.node);
    const primary = facts
      .of('eni')
      .find((eni) => eni.instanceId === node?.instanceId && eni.deviceIndex === 0 && (eni.networkCardIndex ?? 0) === 0);
    if (agent.awsNode === null || node?.instanceId == null || primary === undefined) return [];
    return [{ node, primary, agent, now }];
  });
  if (grounds.length === 0) return [];
  return TROUBLES.filter(() => random.chance(0.4)).flatMap(
    ({ inject }) => inject(facts, random.pick(grounds))?.observations ?? [],
  );
}

const seen = new Map<string, number>();
let steps = 0;

describe('findings while sources come and go', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('seed %i', async (seed) => {
    const living = await startLiving(seed);
    const { sim } = living;
    current = sim.state;
    const reading = new Reading(sim.state, ec2);
    const random = createRandom(seed ^ 0x50ce);
    try {
      const { engine, take, compare } = createJudged();
      const facts = new KnownFacts();
      const read = [await reading.kubernetes(), await reading.ec2(), reading.metrics()];
      for (const batch of read) facts.take(batch);
      for (const batch of read) take(batch);
      take({ at: sim.state.now(), observations: [...policies(facts), ...troubles(facts, random, sim.state.now())] });
      for (let done = 1; done <= STEPS; done += 1) {
        // The last comparison looked that far ahead.
        sim.advance(LATE);
        living.live();
        take(reading.changes());
        const now = sim.state.now();
        const count = 1 + random.int(6);
        take({ at: now, observations: Array.from({ length: count }, () => toggle(engine, random, now)) });
        if (done % SWEEP_EVERY === 0) {
          take(await reading.ec2());
          take(reading.metrics());
        }
        for (const { rule } of compare(now + LATE)) seen.set(rule, (seen.get(rule) ?? 0) + 1);
        steps += 1;
      }
    } finally {
      reading.stop();
      await living.stop();
    }
  });

  afterAll(() => {
    console.info(
      `findings while sources come and go: ${steps} steps, ${seen.size} rules: ${[...seen].map(([r, n]) => `${r} ${n}`).join(', ')}`,
    );
    expect(steps).toBe(SEEDS * STEPS);
    expect(seen.size).toBeGreaterThan(30);
  });
});
