import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChangeLog, SPAN_MS } from './log';
import { groupOf, workloadOf, type DescribedChange } from './described-change';

const change = (at: number, given: Partial<DescribedChange> = {}): DescribedChange => ({
  kind: 'appeared',
  table: 'pods',
  id: 'pod:shop/web-7d9f8c6b5-x2x55',
  at,
  sentence: 'Pod shop/web-7d9f8c6b5-x2x55 appeared.',
  fields: [],
  node: 'node:a',
  ...given,
});
const logOf = (limits: { changes: number; ms: number }, ...changes: readonly DescribedChange[]): ChangeLog => {
  const log = new ChangeLog(limits);
  log.begin(0);
  for (const one of changes) log.add([one], one.at);
  return log;
};

describe('the log is bounded and reports how far back it reaches', () => {
  test('by time', () => {
    const log = logOf({ changes: 100, ms: 60_000 }, change(1_000), change(30_000), change(90_000));
    expect(log.count).toBe(2);
    expect(log.since).toBe(30_000);
  });

  test('by count: whole spans are dropped, oldest first', () => {
    const log = logOf({ changes: 2, ms: 3_600_000 }, change(1_000), change(11_000), change(21_000));
    expect(log.spans.map(({ from }) => from)).toEqual([10_000, 20_000]);
    expect(log.since).toBe(SPAN_MS);
  });

  test('a burst larger than the limit keeps its newest changes, and counts the omitted ones', () => {
    const log = new ChangeLog({ changes: 10, ms: 3_600_000 });
    log.begin(0);
    log.add(
      Array.from({ length: 25 }, (_, i) => change(5_000, { id: `pod:shop/web-${i}` })),
      5_000,
    );
    expect(log.count).toBe(10);
    expect(log.omitted).toBe(15);
    const [burst] = [...(log.spans[0]?.bursts.values() ?? [])];
    expect(burst?.changes.at(-1)?.id).toBe('pod:shop/web-24');
  });

  test('the limit always holds, and the count equals the number of changes', () => {
    const times = fc.array(fc.nat(200_000), { maxLength: 120 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 30 }), (list, most) => {
        const log = new ChangeLog({ changes: most, ms: 60_000 });
        log.begin(0);
        for (const at of list) {
          log.add([change(at, { id: `pod:a/p-${at % 7}`, kind: at % 2 === 0 ? 'went' : 'appeared' })], at);
          const held = log.spans.flatMap(({ bursts }) => [...bursts.values()].flatMap(({ changes }) => changes));
          expect(log.count).toBe(held.length);
          // Each burst keeps its newest change.
          expect(log.count).toBeLessThanOrEqual(Math.max(most, log.spans.at(-1)?.bursts.size ?? 0));
          expect(Math.min(...held.map((one) => one.at))).toBeGreaterThanOrEqual((log.since ?? 0) - SPAN_MS);
        }
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});

test('missed changes are a gap between the last change and the restart', () => {
  const log = logOf({ changes: 100, ms: 3_600_000 }, change(5_000));
  log.begin(42_000);
  expect(log.gaps).toEqual([{ from: 5_000, until: 42_000 }]);
  expect(log.since).toBe(0);
});

test('after the clock was set back, new changes do not sort below earlier ones', () => {
  const log = logOf({ changes: 100, ms: 3_600_000 }, change(50_000), change(12_000));
  expect(log.spans.map(({ count }) => count)).toEqual([2]);
});

test.each([
  ['web-7d9f8c6b5-x2x55', 'web'],
  ['coredns-5d78c9869d-7xkzq', 'coredns'],
  ['aws-node-4k2lz', 'aws-node'],
  ['db-0', 'db'],
  ['backup-28912345-8zqxv', 'backup-28912345'],
  ['plain', 'plain'],
])('the pods of one workload share one group: %s', (pod, workload) => {
  expect(workloadOf(pod)).toBe(workload);
});

test.each([
  ['interfaces', 'if:shop/web-7d9f8c6b5-x2x55/net1', 'shop/web'],
  ['findings', 'f:max-pods-high/node:a', 'max-pods-high'],
  ['signals', 'sig:pod:shop/web-0/no-pod-address', 'no-pod-address'],
  ['enis', 'eni-0a', ''],
] as const)('the group of %s', (table, id, group) => {
  expect(groupOf({ table, id })).toBe(group);
});
