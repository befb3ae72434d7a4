/**
 * Random clusters of every mode against their own truth: while they live, and at the end.
 *
 * Invariants, for each seed:
 * 1. At no moment, however old EC2's last answer is, is a wrong link marked `observed`.
 * 2. Once EC2 was asked, every interface, ENI, slot, prefix, pool and node is as it truly is: none missing, none too many.
 * 3. What the engine made of the changes, one after the other, is what a new engine makes of everything at once.
 * 4. Rules whose trouble the cluster certainly does not have say nothing.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import type { Batch } from '../../lib/model/observation';
import { TABLES, type RecordMaps } from '../../lib/model/records';
import type { ClusterState } from '../../lib/sim/model/state';
import { Engine } from '../../lib/topology/engine';
import { addCounts, agree, compareWithTruth, nothingWronglyObserved, type Comparison } from './compare';
import { noCounts } from './compare/what';
import { Coverage } from './coverage';
import { startLiving } from './living';
import { createEc2InProcess, Reading } from './reading';

const SEEDS = 240;
const STEPS = 24;
/** EC2 is asked after this many deeds. */
const SWEEP_EVERY = 5;

const total = noCounts();
/** Addresses that cool are gone at the end: these are counted on the way. */
const onTheWay = noCounts();
const coverage = new Coverage();
let current: ClusterState | null = null;
const ec2 = createEc2InProcess(() => {
  if (current === null) throw new Error('no cluster');
  return current;
});

/** The engine with the rules behind it, as the store joins them. */
function createJudged(): {
  readonly engine: Engine;
  readonly take: (batch: Batch) => void;
  readonly tick: (now: number) => void;
} {
  const engine = new Engine();
  const findings = new Findings(RULES);
  const { replica } = engine;
  const judge = (change: ReturnType<Engine['apply']>, now: number): void => {
    const judged = change === null ? findings.tick(replica, now) : findings.update(replica, now);
    if (judged !== null) replica.apply({ findings: judged });
  };
  return {
    engine,
    take: (batch) => judge(engine.apply(batch), batch.at),
    tick: (now) => judge(engine.tick(now), now),
  };
}

/** What only a watching engine can know: freed addresses, counter rises, when a finding began. */
function withoutHistory(records: RecordMaps): Record<string, unknown[]> {
  return Object.fromEntries(
    TABLES.filter((table) => table !== 'findings').map((table) => [
      table,
      [...records[table].values()]
        .filter((record) => !('kind' in record && record.kind.startsWith('metric:')))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map((record) =>
          'pools' in record
            ? {
                ...record,
                pools: record.pools.map((pool) => ({ ...pool, cooling: null, coolingKnownAt: null, warm: null })),
              }
            : record,
        ),
    ]),
  );
}

describe('a changing random cluster', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('is shown correctly: seed %i', async (seed) => {
    const living = await startLiving(seed);
    const { sim } = living;
    current = sim.state;
    // Every third cluster does not let its metrics be read; of every other, EC2's answer holds other people's ENIs, too.
    const ipamd = seed % 3 !== 0;
    const unfiltered = seed % 2 === 0;
    const reading = new Reading(sim.state, ec2, unfiltered);
    try {
      const { engine, take, tick } = createJudged();
      const { records } = engine.replica;
      const watchingSince = sim.state.now();
      const compare = (): Comparison =>
        compareWithTruth(records, living.truth(), { ipamd, everyEni: unfiltered, watchingSince });
      const ask = async (): Promise<void> => {
        take(await reading.ec2());
        if (ipamd) take(reading.metrics());
        tick(sim.state.now());
      };
      take(await reading.kubernetes());
      await ask();
      agree(compare());

      for (let done = 1; done <= STEPS; done += 1) {
        living.live();
        take(reading.changes());
        living.wait();
        take(reading.changes());
        tick(sim.state.now());
        nothingWronglyObserved(compare());
        if (done % SWEEP_EVERY !== 0) continue;
        // aws-node's figures tell of pods that began before they were read, and Kubernetes writes times in whole seconds.
        sim.advance(1_000);
        take(reading.changes());
        await ask();
        const now = compare();
        agree(now);
        addCounts(onTheWay, now.counts);
      }

      living.calm(() => take(reading.changes()));
      await ask();
      const end = compare();
      agree(end);
      addCounts(total, end.counts);
      coverage.add(living.truth(), records, sim.state.resourceVersions[0] ?? 'none');

      const fresh = new Engine();
      fresh.apply(await reading.kubernetes());
      fresh.apply(await new Reading(sim.state, ec2, unfiltered).ec2());
      if (ipamd) fresh.apply(reading.metrics());
      expect(withoutHistory(records)).toEqual(withoutHistory(fresh.replica.records));
    } finally {
      reading.stop();
      await living.stop();
    }
  });

  afterAll(() => {
    coverage.demand(SEEDS);
    // An empty comparison would pass as well.
    expect(total.linkable).toBeGreaterThan(4_000);
    expect(total.linked).toBe(total.linkable);
    expect(Math.min(total.prefixes, total.pools, total.nodes)).toBeGreaterThan(300);
    const { cooling, coolingUnnamed, coolingPools } = onTheWay;
    expect(Math.min(cooling, coolingPools, 10 * coolingUnnamed)).toBeGreaterThan(100);
    console.info(
      `truth: ${SEEDS} seeds, cooling ${cooling}, cooling unnamed ${coolingUnnamed}, cooling in pools ${coolingPools}, ${Object.entries(
        total,
      )
        .map(([what, count]) => `${what} ${count}`)
        .join(', ')}\n${coverage.inWords()}`,
    );
  });
});
