/**
 * The named scenes over real HTTP: sources, engine, rules and store as `ifscope serve` runs them, against the simulator's
 * truth; then after deeds of users and the cloud, and while connections break.
 *
 * Nothing sleeps: after each deed every commit of the store is compared, until one agrees with the truth in every word.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../lib/sim/model/random';
import type { TestSim } from '../testing/sim/sim';
import { startLive, type Live } from './live';
import { DEEDS } from './living';

const LONGEST_MS = 120_000;
const random = createRandom(4);
let live: Live;

afterEach(() => live.stop());

describe.each([
  ['small', { nodes: 4, podsPerNode: 6 }],
  ['telco', { nodes: 4, podsPerNode: 5 }],
  ['p5', { nodes: 2, podsPerNode: 4 }],
  ['claims', { nodes: 4, podsPerNode: 6 }],
  ['prefix', { nodes: 3, podsPerNode: 12 }],
  ['modes', { nodes: 14, podsPerNode: 5 }],
  ['troubles', { nodes: 6, podsPerNode: 8 }],
  ['demo', { nodes: 24, podsPerNode: 12 }],
] as const)('the scene %s', (scene, size) => {
  it(
    'is shown correctly, and stays so while it changes',
    async () => {
      live = await startLive(scene, size);
      const { sim, foreign } = live;
      const { counts } = await live.becomesTrue();
      expect(counts.interfaces).toBeGreaterThan(5);
      expect(counts.nodes).toBeGreaterThan(1);
      // What the troubles show is pinned to their pods and nodes: anything done to them would mend or move it.
      if (scene === 'troubles') return;
      for (const deed of ['createPod', 'deletePod', 'replacePod', 'attachEni', 'finishPod', 'setNode'] as const) {
        DEEDS[deed](sim, random, foreign);
        await live.becomesTrue();
      }
      DEEDS.deleteNode(sim, random, foreign);
      await live.becomesTrue();
    },
    LONGEST_MS,
  );
});

/** `meets`: the request that must have met the fault before it is over. */
const BREAKS: readonly (readonly [
  what: string,
  before: (sim: TestSim) => unknown,
  after: (sim: TestSim) => unknown,
  meets?: string,
])[] = [
  ['every connection is reset', () => undefined, (sim) => sim.faults.resetConnections()],
  ['streams end in the middle', () => undefined, (sim) => sim.faults.halfCloseStreams()],
  ['streams end as they should', () => undefined, (sim) => sim.faults.endStreams()],
  ['resume is too old (410)', () => undefined, (sim) => sim.faults.expireStreams()],
  ['resume is too old, and the stream stays open', () => undefined, (sim) => sim.faults.expireStreams(true)],
  [
    'the server restarted and forgot its history',
    (sim) => sim.compact(),
    (sim) => {
      sim.compact();
      sim.faults.resetConnections();
    },
  ],
  [
    'streams say nothing, and then end',
    (sim) => sim.faults.set({ frozen: true }),
    (sim) => {
      sim.faults.set({ frozen: false });
      sim.faults.endStreams();
    },
  ],
  [
    'requests are refused for a while',
    (sim) => {
      sim.faults.set({
        rejections: [
          { status: 429, retryAfter: 1, times: 3 },
          { status: 500, times: 2 },
        ],
      });
      sim.faults.resetConnections();
    },
    () => undefined,
  ],
  [
    'EC2 throttles for a while',
    (sim) => sim.faults.set({ ec2: 'throttled' }),
    (sim) => sim.faults.set({ ec2: 'ok' }),
    'DescribeNetworkInterfaces',
  ],
  ['streams are cut in the middle of a line', () => undefined, (sim) => sim.faults.cutLines()],
  [
    'every event comes twice',
    (sim) => sim.faults.set({ duplicates: true }),
    (sim) => sim.faults.set({ duplicates: false }),
  ],
  [
    'events come in another order',
    (sim) => sim.faults.set({ swapped: true }),
    (sim) => sim.faults.set({ swapped: false }),
  ],
  [
    'events end in the middle of their object',
    (sim) => sim.faults.set({ truncated: true }),
    (sim) => sim.faults.set({ truncated: false }),
  ],
  [
    'lists break off in the middle of an object',
    (sim) => {
      sim.faults.set({ cutLists: true });
      sim.faults.expireStreams();
    },
    (sim) => sim.faults.set({ cutLists: false }),
    // Two streamed lists break off, then pages do.
    'list pods',
  ],
  [
    'answers are slow',
    (sim) => {
      sim.faults.set({ latencyMs: 300 });
      sim.faults.resetConnections();
    },
    (sim) => sim.faults.set({ latencyMs: 0 }),
    'watch pods',
  ],
  [
    "the cluster's clock is an hour ahead",
    (sim) => sim.faults.set({ skewMs: 3_600_000 }),
    (sim) => sim.faults.set({ skewMs: 0 }),
  ],
  [
    'EC2 fails for a while',
    (sim) => sim.faults.set({ ec2: 'error' }),
    (sim) => sim.faults.set({ ec2: 'ok' }),
    'DescribeNetworkInterfaces',
  ],
  [
    'answers of EC2 are cut off',
    (sim) => sim.faults.set({ ec2: 'cut' }),
    (sim) => sim.faults.set({ ec2: 'ok' }),
    'DescribeNetworkInterfaces',
  ],
  ['EC2 is a second behind', (sim) => sim.faults.set({ ec2LagMs: 1_000 }), (sim) => sim.faults.set({ ec2LagMs: 0 })],
];

describe('broken connections', () => {
  it(
    'lose no data',
    async () => {
      live = await startLive('telco', { nodes: 3, podsPerNode: 4 });
      const { sim, foreign } = live;
      await live.becomesTrue();
      for (const [what, before, after, meets] of BREAKS) {
        const met = meets === undefined ? 0 : (sim.requests()[meets] ?? 0);
        before(sim);
        for (const deed of ['createPod', 'deletePod', 'replacePod'] as const) DEEDS[deed](sim, random, foreign);
        if (meets !== undefined)
          await vi.waitFor(() => expect(sim.requests()[meets] ?? 0, what).toBeGreaterThan(met), 20_000);
        after(sim);
        await live.becomesTrue();
      }
    },
    LONGEST_MS,
  );
});
