import { expect, test } from 'vitest';
import { createCluster, pool, type Cluster } from '../../e2e/testing/layout';
import { countByFinding, countFullness, countStates, sumStates } from './colour-counts';
import { countTiles } from './tile-counts';

/** Nodes of ten addresses with this many assigned; null: the node's pools are not known. */
function cluster(assigned: readonly (number | null)[]): Cluster {
  const made = createCluster();
  assigned.forEach((count, index) => {
    const name = `n-${index}`;
    made.node(name, { zone: 'z', pools: count === null ? [] : [pool(count, 10 - count, 0, null)] });
    made.eni(name, { id: `eni-${index}`, addressCapacity: 10, states: `p${'a'.repeat(count ?? 0)}` });
  });
  return made;
}

test('nodes are counted by fullness, unknown ones separately', () => {
  const source = cluster([0, 4, 5, 9, 9, 10, null]).build();
  expect(countFullness(source)).toEqual({ low: 2, middle: 3, high: 0, full: 1, unknown: 1 });
  expect(countFullness(source, new Set(['node:n-5', 'node:n-6']))).toEqual({
    low: 0,
    middle: 0,
    high: 0,
    full: 1,
    unknown: 1,
  });
  expect(countFullness(source).full).toBe(countTiles(source).nodes.full);
});

test('nodes are counted by the worst of their own findings', () => {
  const made = cluster(Array.from({ length: 20 }, () => 1));
  for (let i = 0; i < 12; i++) made.finding('warning', 'max-pods-too-high', [`node:n-${i}`]);
  made.finding('error', 'eni-adopted', ['eni-0']).finding('info', 'node-cordoned', ['node:n-19']);
  const source = made.build();
  expect(countByFinding(source)).toEqual({ error: 1, warning: 0, info: 1, shared: 11, none: 7 });
  expect(countByFinding(source, new Set(['node:n-0', 'node:n-18']))).toMatchObject({ error: 1, none: 1, shared: 0 });
});

test('addresses are counted by state', () => {
  const made = createCluster();
  made.node('n', { zone: 'z' }).eni('n', { id: 'eni-1', states: 'paawc' }).eni('n', { id: 'eni-2', states: 'pu?' });
  const counts = { primary: 2, assigned: 2, warm: 1, cooling: 1, unclaimed: 1, excluded: 0, unknown: 1 };
  const { records } = made.build();
  expect(countStates(records)).toEqual(counts);
  const [first, second] = [...records.enis].map((entry) => countStates({ enis: new Map([entry]) }));
  expect(sumStates([first, second].filter((part) => part !== undefined))).toEqual(counts);
});
