import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCluster, pool, type Cluster } from '../../../e2e/testing/layout';
import { applyFilter } from '../../../e2e/testing/queries';
import { equal } from '../../model/equal';
import { networkId, nodeId } from '../../model/ids';
import type { Severity } from '../../model/records';
import { NO_FILTER } from '../../view/filter';
import { rankNetworks } from '../../view/network-colours';
import type { ViewSource } from '../../view/view-source';
import { buildRack } from '../rack/build';
import type { Rack } from '../rack/rack';
import { createSceneFacts } from './facts';
import { boxScene, QUIET, type BoxScene } from './scene';

const NETWORK = networkId('net', 'a');

interface Node {
  readonly assigned: number;
  readonly warm: number;
  readonly isPoolKnown: boolean;
  readonly capacity: number | null;
  readonly ready: boolean | null;
  readonly finding: Severity | null;
  readonly isOnNetwork: boolean;
}

const aNode: fc.Arbitrary<Node> = fc.record({
  assigned: fc.nat(3),
  warm: fc.nat(2),
  isPoolKnown: fc.boolean(),
  capacity: fc.constantFrom(null, 4, 9),
  ready: fc.constantFrom(null, true, false),
  finding: fc.constantFrom<(Severity | null)[]>(null, 'error', 'warning'),
  isOnNetwork: fc.boolean(),
});

interface Shown {
  readonly isSelected: boolean;
  readonly isFiltered: boolean;
  readonly isStale: boolean;
}

const aView: fc.Arbitrary<Shown> = fc.record({
  isSelected: fc.boolean(),
  isFiltered: fc.boolean(),
  isStale: fc.boolean(),
});

function add(to: Cluster, name: string, node: Node): void {
  const { assigned, warm, isPoolKnown, capacity, ready, finding, isOnNetwork } = node;
  to.node(name, { ready, pools: isPoolKnown ? [pool(assigned, warm, 0, null)] : [] });
  to.eni(name, { id: `eni-${name}`, addressCapacity: capacity });
  if (isOnNetwork) to.pod(name, 'web', name).iface('web', name, 'net1', { network: NETWORK });
  if (finding !== null) to.finding(finding, `rule-of-${name}`, [nodeId(name)]);
}

const NAMES = ['ip-10-0-0-1', 'ip-10-0-0-2', 'ip-10-0-0-3'] as const;

function sourceOf(nodes: readonly Node[]): ViewSource {
  const cluster = createCluster().network('net', 'a');
  for (const [index, node] of nodes.entries()) add(cluster, NAMES[index] ?? '', node);
  return cluster.build();
}

const rackOf = (source: ViewSource): Rack =>
  buildRack(source, { grouping: 'zone', order: 'name', folded: [], unfolded: new Set(), near: null, now: 0 });

function sceneOf(rack: Rack, source: ViewSource, { isSelected, isFiltered, isStale }: Shown): BoxScene {
  const filter = isFiltered ? applyFilter(source, { ...NO_FILTER, severities: ['error'] }) : null;
  const stale = isStale ? { asOf: 'as of 06:04', badge: 'EC2 7 min old' } : null;
  const state = { ...QUIET, level: 'tile' as const, selection: isSelected ? NETWORK : null, filter, stale };
  return boxScene(rack, createSceneFacts(source, rankNetworks(source)), { x: 0, y: 0, scale: 0.3 }, state);
}

test('draws tiles that look the same only once, so that new data need not draw them again', () => {
  const compared = { alike: 0, different: 0 };
  const nodes = fc.tuple(aNode, aNode, aNode);
  fc.assert(
    fc.property(nodes, aNode, aView, aView, ([a, b, c], other, shown, later) => {
      const before = sourceOf([a, b, c]);
      const rack = rackOf(before);
      const older = sceneOf(rack, before, shown);
      const newer = sceneOf(rack, sourceOf([other, b, c]), later);
      for (const box of rack.boxes.id.keys()) {
        const look = newer.lookOf(box);
        expect(look).not.toBeNull();
        const isAlike = equal(look, older.lookOf(box));
        compared[isAlike ? 'alike' : 'different']++;
        if (isAlike) expect(newer.marksOf([box])).toEqual(older.marksOf([box]));
      }
    }),
    { numRuns: 400 },
  );
  expect(compared.alike).toBeGreaterThan(100);
  expect(compared.different).toBeGreaterThan(100);
});
