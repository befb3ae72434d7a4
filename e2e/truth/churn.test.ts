/**
 * A picture that is looked at while a cluster lives: in ten minutes nothing moves and no colour changes, but for what a
 * node that comes or goes moves in its own group.
 */
import { describe, expect, it } from 'vitest';
import { findScene } from '../scenes';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import { buildRack } from '../../lib/layout/rack/build';
import { boxRect, type Rack } from '../../lib/layout/rack/rack';
import type { Batch } from '../../lib/model/observation';
import { createManualClock } from '../testing/sim/manual-clock';
import type { ClusterState } from '../../lib/sim/model/state';
import { startSim, type Sim } from '../../lib/sim/sim';
import { Engine } from '../../lib/topology/engine';
import { rankNetworks } from '../../lib/view/network-colours';
import { startLiving } from './living';
import { createEc2InProcess, Reading } from './reading';

let current: ClusterState | null = null;
const ec2 = createEc2InProcess(() => {
  if (current === null) throw new Error('no cluster');
  return current;
});

const MINUTES = 10;
const SWEEP_SECONDS = 30;
/** EC2 has told all there is to tell of a new node after its second sweep. */
const SETTLED_MS = 2 * SWEEP_SECONDS * 1000;

interface Place {
  readonly group: string | undefined;
  readonly at: string;
}

const placesIn = (rack: Rack): Map<string, Place> =>
  new Map(
    [...rack.boxOf].map(([node, box]) => {
      const { x, y, w, h } = boxRect(rack, box);
      return [node, { group: rack.groups[rack.boxes.group[box] ?? 0]?.key, at: `${x},${y} ${w}×${h}` }];
    }),
  );

/** Looks at a cluster as an open page does, and notes what moved though no node came or went beside it. */
class Looking {
  readonly moved: string[] = [];
  /** ENIs that came while it looked. */
  newEnis = 0;
  readonly #engine = new Engine();
  readonly #findings = new Findings(RULES);
  readonly #came = new Map<string, number>();
  #rack: Rack | null = null;
  #enis: ReadonlySet<string> = new Set();

  constructor(
    private readonly sim: Sim,
    private readonly reading: Reading,
  ) {}

  async ask(): Promise<void> {
    this.#take(await this.reading.ec2());
    this.#take(this.reading.metrics());
  }

  async begin(): Promise<void> {
    this.#take(await this.reading.kubernetes());
    await this.ask();
    this.#rack = this.#arrange();
    this.#enis = new Set(this.#engine.replica.records.enis.keys());
  }

  get colours(): unknown {
    return rankNetworks(this.#engine.replica);
  }

  look(): void {
    this.#take(this.reading.changes());
    const now = this.sim.state.now();
    const before = this.#rack === null ? new Map<string, Place>() : placesIn(this.#rack);
    this.#rack = this.#arrange();
    const after = placesIn(this.#rack);
    const stirred = new Set<string | undefined>();
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      if (!before.has(id)) this.#came.set(id, now);
      if (before.has(id) !== after.has(id)) stirred.add((before.get(id) ?? after.get(id))?.group);
    }
    for (const [id, at] of this.#came) if (now - at <= SETTLED_MS) stirred.add(after.get(id)?.group);
    // What still refers to a node that has gone goes bit by bit.
    for (const { id, gone } of this.#engine.replica.records.nodes.values())
      if (gone) for (const places of [before, after]) stirred.add(places.get(id)?.group);
    for (const [id, place] of before) {
      const then = after.get(id);
      if (then !== undefined && then.at !== place.at && !stirred.has(place.group))
        this.moved.push(`${id} ${place.at} → ${then.at}`);
    }
    const enis = new Set(this.#engine.replica.records.enis.keys());
    for (const id of enis) if (!this.#enis.has(id)) this.newEnis++;
    this.#enis = enis;
  }

  #arrange(): Rack {
    const now = this.sim.state.now();
    return buildRack(this.#engine.replica, { grouping: 'zone', near: this.#rack, now });
  }

  #take(batch: Batch): void {
    const { replica } = this.#engine;
    this.#engine.apply(batch);
    const judged = this.#findings.update(replica, batch.at);
    if (judged !== null) replica.apply({ findings: judged });
  }
}

describe('a viewed picture', () => {
  it('does not move during ten minutes of the demo', async () => {
    const sim = await startSim({
      scene: findScene('demo'),
      seed: 3,
      clock: createManualClock(),
      realistic: false,
      port: 0,
    });
    current = sim.state;
    const reading = new Reading(sim.state, ec2);
    const looking = new Looking(sim, reading);
    await looking.begin();
    const { colours } = looking;
    for (let second = 1; second <= MINUTES * 60; second += 1) {
      sim.step();
      if (second % SWEEP_SECONDS === 0) await looking.ask();
      if (second % 5 === 0) looking.look();
    }
    expect(looking.moved).toEqual([]);
    expect(looking.colours).toEqual(colours);
    expect(looking.newEnis).toBeGreaterThan(0);
    reading.stop();
    await sim.stop();
  }, 60_000);

  it.each(Array.from({ length: 24 }, (_, index) => index + 1))(
    'stays in place through changes by users, controllers and the cloud: seed %i',
    async (seed) => {
      const living = await startLiving(seed);
      current = living.sim.state;
      const reading = new Reading(living.sim.state, ec2);
      const looking = new Looking(living.sim, reading);
      await looking.begin();
      const { colours } = looking;
      for (let done = 1; done <= 60; done += 1) {
        living.live();
        living.wait();
        if (done % 5 === 0) await looking.ask();
        looking.look();
      }
      expect(looking.moved).toEqual([]);
      expect(looking.colours).toEqual(colours);
      reading.stop();
      await living.stop();
    },
  );
});
