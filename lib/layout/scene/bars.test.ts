import { expect, test } from 'vitest';
import { createCluster, pool } from '../../../e2e/testing/layout';
import { nodeId } from '../../model/ids';
import { rankNetworks } from '../../view/network-colours';
import { buildRack } from '../rack/build';
import { createSceneFacts } from './facts';
import { QUIET, sceneBoxes } from './scene';

const cluster = createCluster();
cluster.node('ip-10-0-0-1', { pools: [pool(1, 1, 0, null)] });
cluster.eni('ip-10-0-0-1', { id: 'eni-1' });
cluster.finding('error', 'pod-ip-failed', [nodeId('ip-10-0-0-1')]);
const source = cluster.build();

test.each([
  ['with its name', 0.3, true],
  ['too small for its name', 0.13, false],
])('a node at the level of ENI bars shows its error: %s', (_size, scale, isNamed) => {
  const rack = buildRack(source, { grouping: 'zone' });
  const facts = createSceneFacts(source, rankNetworks(source));
  const view = { x: 0, y: 0, scale };
  const marks = sceneBoxes(rack, facts, view, { width: 800, height: 800 }, { ...QUIET, level: 'bars' });
  const parts = marks.map(({ part }) => part);
  expect(parts).toContain('findings error');
  expect(parts.includes('node-name')).toBe(isNamed);
});
