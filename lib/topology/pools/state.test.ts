import { describe, expect, it } from 'vitest';
import { poolState, type PoolNumbers, type Targets } from './state';

const NONE: Targets = { warmEni: 1, warmIp: 0, minimumIp: 0, warmPrefix: 1 };

interface Case {
  readonly what: string;
  /** T, A. */
  readonly pool: readonly [total: number, assigned: number];
  readonly numbers?: Partial<PoolNumbers>;
  readonly targets?: Partial<Targets>;
  readonly wanted: Readonly<Record<string, unknown>>;
}

/** vpc-cni §2.4, calculated by hand; S = 9 (m5.large), max pods 29 unless specified. */
const CASES: readonly Case[] = [
  {
    what: 'one whole ENI free',
    pool: [18, 9],
    wanted: { regime: 'enis', target: 9, low: false, short: 0, over: 0, high: false },
  },
  { what: 'one address fewer', pool: [18, 10], wanted: { target: 9, low: true, short: 0, over: 0, high: false } },
  { what: 'WARM_ENI_TARGET=0 with one free', pool: [9, 8], targets: { warmEni: 0 }, wanted: { target: 1, low: false } },
  { what: 'WARM_ENI_TARGET=0 with none free', pool: [9, 9], targets: { warmEni: 0 }, wanted: { low: true } },
  { what: 'two ENIs of two', pool: [18, 0], targets: { warmEni: 2 }, wanted: { target: 18, low: false } },
  { what: 'the total, not the assigned addresses, reaches max pods', pool: [29, 29], wanted: { low: false, short: 0 } },
  { what: 'unknown max pods', pool: [290, 290], numbers: { maxPods: null }, wanted: { low: true } },
  { what: 'unknown slots', pool: [9, 9], numbers: { slots: null }, wanted: { target: null, low: null } },

  {
    what: 'W=5: short',
    pool: [15, 12],
    targets: { warmIp: 5 },
    wanted: { regime: 'addresses', target: 5, short: 2, over: 0, low: true, high: false },
  },
  {
    what: 'W=5, M=10: over, limited by M',
    pool: [12, 2],
    targets: { warmIp: 5, minimumIp: 10 },
    wanted: { short: 0, over: 2, low: false, high: true },
  },
  {
    what: 'W=5, M=10: over, limited by W',
    pool: [28, 13],
    numbers: { maxPods: 89 },
    targets: { warmIp: 5, minimumIp: 10 },
    wanted: { short: 0, over: 10, high: true },
  },
  {
    what: 'M without W acts as W=0',
    pool: [6, 0],
    targets: { minimumIp: 10 },
    wanted: { target: 10, short: 4, over: 0, low: true },
  },
  {
    what: 'M without W, met',
    pool: [10, 10],
    targets: { minimumIp: 10 },
    wanted: { target: 0, short: 0, low: false, over: 0 },
  },
  {
    what: 'W and M: the larger need',
    pool: [8, 6],
    targets: { warmIp: 3, minimumIp: 10 },
    wanted: { target: 4, short: 2 },
  },
  {
    what: 'exactly right',
    pool: [10, 5],
    targets: { warmIp: 5 },
    wanted: { short: 0, over: 0, low: false, high: false },
  },
  {
    what: 'at max pods the pool is never low, but may be over',
    pool: [30, 0],
    targets: { warmIp: 5 },
    wanted: { low: false, short: 0, over: 25, high: true },
  },
  {
    what: 'WARM_ENI_TARGET is ignored beside IP targets',
    pool: [10, 5],
    targets: { warmEni: 3, warmIp: 5 },
    wanted: { low: false },
  },

  {
    what: 'cards above 0: W=M=1 is forced',
    pool: [6, 1],
    numbers: { card: 1 },
    targets: { warmEni: 2 },
    wanted: { regime: 'addresses', target: 1, short: 0, over: 4, high: true },
  },
  { what: 'cards above 0: empty', pool: [0, 0], numbers: { card: 1 }, wanted: { short: 1, over: 0, low: true } },
  {
    what: 'cards above 0: full',
    pool: [2, 2],
    numbers: { card: 1 },
    targets: { warmIp: 9 },
    wanted: { short: 1, low: true },
  },
  {
    what: 'cards above 0 count addresses in prefix mode too',
    pool: [16, 0],
    numbers: { card: 1, mode: 'prefix', freePrefixes: 1, prefixes: 1 },
    wanted: { regime: 'addresses', short: 0, over: 15, high: true },
  },

  {
    what: 'prefixes: one used address in the only prefix is already low',
    pool: [16, 1],
    numbers: { mode: 'prefix', freePrefixes: 0, prefixes: 1 },
    wanted: { regime: 'prefixes', target: 16, low: true, short: 1, over: 0, high: false },
  },
  {
    what: 'prefixes: low depends on free addresses, not on whole prefixes',
    pool: [48, 15],
    numbers: { mode: 'prefix', freePrefixes: 0, prefixes: 3, maxPods: 110 },
    targets: { warmPrefix: 2 },
    wanted: { target: 32, low: false, short: 0, high: false },
  },
  {
    what: 'prefixes: high depends on whole prefixes',
    pool: [64, 10],
    numbers: { mode: 'prefix', freePrefixes: 3, prefixes: 4, maxPods: 110 },
    wanted: { low: false, over: 2, high: true },
  },
  {
    what: 'prefixes: target 0, none free',
    pool: [16, 16],
    numbers: { mode: 'prefix', freePrefixes: 0, prefixes: 1 },
    targets: { warmPrefix: 0 },
    wanted: { target: 1, low: true, short: 1 },
  },
  {
    what: 'prefixes: target 3, one whole',
    pool: [32, 10],
    numbers: { mode: 'prefix', freePrefixes: 1, prefixes: 2, maxPods: 110 },
    targets: { warmPrefix: 3 },
    wanted: { low: true, short: 2 },
  },

  {
    what: 'prefix mode with W=5: short rounds up to a prefix',
    pool: [16, 14],
    numbers: { mode: 'prefix', freePrefixes: 0, prefixes: 1 },
    targets: { warmIp: 5 },
    wanted: { regime: 'addresses-as-prefixes', target: 5, short: 1, low: true },
  },
  {
    what: 'prefix mode with W=20: two prefixes short',
    pool: [16, 16],
    numbers: { mode: 'prefix', freePrefixes: 0, prefixes: 1, maxPods: 110 },
    targets: { warmIp: 20 },
    wanted: { short: 2 },
  },
  {
    what: 'prefix mode with W=5: only whole free prefixes are over',
    pool: [64, 10],
    numbers: { mode: 'prefix', freePrefixes: 3, prefixes: 4, maxPods: 110 },
    targets: { warmIp: 5 },
    wanted: { over: 3, high: true, low: false },
  },
  {
    what: 'prefix mode with M=40: limited by M',
    pool: [64, 10],
    numbers: { mode: 'prefix', freePrefixes: 3, prefixes: 4, maxPods: 110 },
    targets: { warmIp: 5, minimumIp: 40 },
    wanted: { over: 1, high: true },
  },

  // The boundaries, one on each side.
  { what: 'total one below max pods', pool: [28, 28], wanted: { low: true } },
  { what: 'total at max pods', pool: [29, 28], targets: { warmIp: 5 }, wanted: { low: false, short: 0 } },
  { what: 'W=5, one free too few', pool: [12, 8], targets: { warmIp: 5 }, wanted: { short: 1, over: 0, low: true } },
  { what: 'W=5, one free too many', pool: [14, 8], targets: { warmIp: 5 }, wanted: { short: 0, over: 1, high: true } },
  {
    what: 'M=10, one too few in total',
    pool: [9, 0],
    targets: { warmIp: 1, minimumIp: 10 },
    wanted: { short: 1, over: 0, low: true, high: false },
  },
  {
    what: 'M=10, one too many in total',
    pool: [11, 0],
    targets: { warmIp: 1, minimumIp: 10 },
    wanted: { short: 0, over: 1, high: true },
  },
  { what: 'WARM_ENI_TARGET=2, one address too few', pool: [18, 1], targets: { warmEni: 2 }, wanted: { low: true } },
  {
    what: 'WARM_ENI_TARGET is never high',
    pool: [27, 0],
    targets: { warmEni: 0 },
    wanted: { high: false, over: 0, low: false },
  },
  ...(
    [
      [0, 16, 1],
      [0, 17, 2],
      [15, 16, 1],
      [16, 16, 0],
    ] as const
  ).map(([free, warmIp, short]) => ({
    what: `prefix mode, ${free} free of W=${warmIp}: ${short} prefixes short`,
    pool: [16 + free, 16] as const,
    numbers: { mode: 'prefix', maxPods: 110 } as const,
    targets: { warmIp },
    wanted: { short, low: short > 0 },
  })),
  ...(
    [
      [6, 0, 3],
      [7, 0, 2],
      [6, 16, 3],
      [6, 17, 2],
      [6, 32, 2],
      [6, 33, 1],
      [6, 64, 0],
    ] as const
  ).map(([warmIp, minimumIp, over]) => ({
    what: `prefix mode, 10 used of 4 prefixes, W=${warmIp}, M=${minimumIp}: ${over} prefixes over`,
    pool: [64, 10] as const,
    numbers: { mode: 'prefix', freePrefixes: 3, prefixes: 4, maxPods: 110 } as const,
    targets: { warmIp, minimumIp },
    wanted: { over, high: over > 0 },
  })),
  {
    what: 'prefix mode: used prefixes are never over',
    pool: [64, 4],
    numbers: { mode: 'prefix', freePrefixes: 0, prefixes: 4, maxPods: 110 },
    targets: { warmIp: 1 },
    wanted: { over: 0, high: false },
  },
  {
    what: 'prefix mode: the prefixes of excluded ENIs count',
    pool: [32, 10],
    numbers: { mode: 'prefix', freePrefixes: 1, prefixes: 5, maxPods: 110 },
    targets: { warmIp: 30 },
    wanted: { over: 1, high: true, low: true },
  },
  {
    what: 'prefixes: exactly WARM_PREFIX_TARGET free addresses and prefixes',
    pool: [48, 16],
    numbers: { mode: 'prefix', freePrefixes: 2, prefixes: 3, maxPods: 110 },
    targets: { warmPrefix: 2 },
    wanted: { low: false, high: false, over: 0, short: 0 },
  },
  {
    what: 'prefixes: one more whole free prefix',
    pool: [64, 16],
    numbers: { mode: 'prefix', freePrefixes: 3, prefixes: 4, maxPods: 110 },
    targets: { warmPrefix: 2 },
    wanted: { low: false, high: true, over: 1 },
  },
  {
    what: 'prefixes: target 0, one free address in no whole prefix',
    pool: [16, 15],
    numbers: { mode: 'prefix', freePrefixes: 0, prefixes: 1, maxPods: 110 },
    targets: { warmPrefix: 0 },
    wanted: { low: false, high: false },
  },
];

describe('pool arithmetic', () => {
  it.each(CASES)('$what', ({ pool: [total, assigned], numbers, targets, wanted }) => {
    const state = poolState(
      {
        total,
        available: total - assigned,
        slots: 9,
        freePrefixes: 0,
        prefixes: 0,
        maxPods: 29,
        mode: 'secondary-ip',
        card: 0,
        ...numbers,
      },
      { ...NONE, ...targets },
    );
    expect(state).toMatchObject(wanted);
  });
});
