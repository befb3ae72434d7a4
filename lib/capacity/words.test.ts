import { expect, test } from 'vitest';
import type { Report, Totals } from './totals';
import { lackWords, limitWords, remarksOf } from './words';

test.each([
  ['every node is calculated', 0, { value: 12, unknown: 0 }, '0'],
  ['some are calculated', 2, { value: 12, unknown: 3 }, '≥ 2'],
  ['none is calculated', 0, { value: null, unknown: 7 }, 'not known'],
])('how many nodes lack an ENI, if %s', (_what, lackEni, calls, words) =>
  expect(lackWords({ lackEni, calls } as Totals)).toBe(words),
);

test.each([
  [['max-pods', 9], 'max pods'],
  [['max-pods', 1200, 'slots', 3], 'max pods on 1,200, address slots on 3'],
  [['max-pods', 9, 'slots', 3, 'unknown', 1], 'max pods on 9, address slots on 3, not known on 1'],
  [
    ['max-pods', 9, 'slots', 3, 'subnet', 2, 'unknown', 1],
    'max pods on 9, address slots on 3, subnet addresses on 2, not known on 1',
  ],
] as const)('the limit on pods, if it is %j', (pairs, words) => {
  const limits = pairs.flatMap((one, at) => (at % 2 === 0 ? [{ by: one, nodes: pairs[at + 1] }] : []));
  expect(limitWords({ limits } as unknown as Totals)).toBe(words);
});

test.each([
  [1, '1 node cannot be calculated: its record is incomplete. Sums marked ≥ leave it out.'],
  [2, '2 nodes cannot be calculated: their records are incomplete. Sums marked ≥ leave them out.'],
])('%d nodes without a calculation', (unreckoned, words) => {
  const none = { waiting: 0, lackEni: 0 } as Totals;
  const all = { key: null, before: none, after: none };
  const report = {
    all,
    displaced: 0,
    homeless: 0,
    unreckoned,
    closed: { fit: 0, nodes: [] },
    reasons: [],
  } as unknown as Report;
  expect(remarksOf(report).map(({ text }) => text)).toEqual([words]);
});
