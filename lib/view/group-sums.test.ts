import { expect, test } from 'vitest';
import { createCluster, pool } from '../../e2e/testing/layout';
import { sumGroups } from './group-sums';

const made = createCluster();
for (const [index, zone] of ['a', 'a', 'b', undefined].entries()) {
  made.node(`n-${index}`, { zone: zone ?? null, pools: index === 2 ? [] : [pool(3, 2, 1, null)] });
  made.eni(`n-${index}`, { id: `eni-${index}`, states: 'paaawwc' });
}
made.finding('warning', 'warm-pool-low', ['node:n-0']).finding('error', 'eni-adopted', ['eni-1']);
const source = made.build();

test('a folded group shows its nodes, its worst finding and its addresses', () => {
  expect(sumGroups(source, { grouping: 'zone' }, new Set(['a', 'b']))).toEqual([
    {
      key: 'a',
      label: 'a',
      nodes: 2,
      left: null,
      worst: { severity: 'error', nodes: 1 },
      addresses: { available: 6, free: 6 },
    },
    { key: 'b', label: 'b', nodes: 1, left: null, worst: null, addresses: null },
  ]);
});

test('groups nodes without a value, omits keys without a group, and counts what a filter matches', () => {
  const sums = sumGroups(source, { grouping: 'zone' }, new Set(['', 'elsewhere']), new Set(['node:n-0']));
  expect(sums).toMatchObject([{ key: '', label: 'zone not known', nodes: 1, left: 0 }]);
});
