/**
 * The what-if against random clusters of every mode: without a change, before and after are what the records say, and a node is
 * modelled unless its records leave it open.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { capacityOf, partsOf } from '../../lib/capacity/capacity';
import { NO_CHANGES } from '../../lib/capacity/changes';
import type { NodeRecord } from '../../lib/model/records';
import type { ClusterState } from '../../lib/sim/model/state';
import { Engine } from '../../lib/topology/engine';
import { startLiving } from './living';
import { createEc2InProcess, Reading } from './reading';

const SEEDS = 60;
const STEPS = 12;

let current: ClusterState | null = null;
const ec2 = createEc2InProcess(() => {
  if (current === null) throw new Error('no cluster');
  return current;
});
let modelled = 0;
let unmodelled = 0;

const sumOf = (values: readonly (number | null)[]): number | null =>
  values.length === 0 || values.includes(null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

const hasKnownPools = ({ pools, headroom, limits }: NodeRecord): boolean =>
  headroom.pods !== null && limits !== null && pools.length > 0 && pools.every(({ assigned }) => assigned !== null);

describe('a what-if without a change', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('equals the records: seed %i', async (seed) => {
    const living = await startLiving(seed);
    const { sim } = living;
    current = sim.state;
    const reading = new Reading(sim.state, ec2, seed % 2 === 0);
    try {
      const engine = new Engine();
      engine.apply(await reading.kubernetes());
      engine.apply(await reading.ec2());
      for (let done = 0; done < STEPS; done++) {
        living.live();
        engine.apply(reading.changes());
      }
      sim.advance(60_000);
      engine.apply(reading.changes());
      engine.apply(await reading.ec2());
      if (seed % 3 !== 0) engine.apply(reading.metrics());
      engine.tick(sim.state.now());

      const { replica } = engine;
      const { records } = replica;
      const model = capacityOf(replica, [partsOf(records)]);
      const { nodes, subnets, displaced } = model.under(NO_CHANGES);
      expect(displaced).toBe(0);
      for (const { node, before, after, fate } of nodes) {
        const record = records.nodes.get(node.id);
        if (record === undefined) throw new Error(`no record of ${node.id}`);
        expect({ id: node.id, fate, after }).toEqual({ id: node.id, fate: 'stays', after: before });
        const pools = node.cards.map(({ pool }) => pool);
        expect(before?.held).toBe(sumOf(pools.map((pool) => pool?.total ?? null)));
        expect(before?.assigned).toBe(sumOf(pools.map((pool) => pool?.assigned ?? null)));
        expect(before?.enis).toBe(record.eniSlots.used);
        // Alone it has its headroom; beside others that share its subnets it has as much or less, and never something for unknown.
        if (record.headroom.pods === null) expect(before?.fit).toBeNull();
        else expect(before?.fit).toBeLessThanOrEqual(record.headroom.pods);
        if (!hasKnownPools(record)) continue;
        if (model.isModelled(node.id)) modelled += 1;
        else unmodelled += 1;
      }
      for (const { subnet, free, blocks, held } of subnets)
        expect({ free, blocks, held }).toEqual({
          free: subnet.availableAddresses,
          blocks: subnet.freePrefixes,
          held: subnet.heldByCluster,
        });
    } finally {
      reading.stop();
      await living.stop();
    }
  });

  afterAll(() => {
    expect(modelled).toBeGreaterThan(100);
    expect(unmodelled).toBeLessThan(modelled / 50);
  });
});
