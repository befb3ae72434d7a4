import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cni, createCluster, pool, type Cluster } from '../../../e2e/testing/layout';
import type { NodeLimits, NodeRecord } from '../../model/records';
import { buildRack } from './build';
import { fill, wrap } from './columns';
import { blockKind, blockOf, blockRect, boxRect, type Rack } from './rack';
import { isStillValid } from './still-valid';

/** A cluster of `nodes` nodes in two zones; `states` returns the ENIs' address states. */
function cluster(nodes: number, states: (node: number) => string): Cluster {
  const made = createCluster();
  for (let i = 0; i < nodes; i++) {
    const name = `ip-10-0-1-${i}.internal`;
    made.node(name, { zone: `z-${i % 2}`, pools: [pool(1, 1, 0, 2)] }).card(name, 0);
    made.eni(name, { id: `eni-${i}a`, states: states(i) });
    made.eni(name, { id: `eni-${i}b`, deviceIndex: 1, states: 'p', capacity: 14 });
  }
  return made;
}

const places = (rack: Rack): unknown => [
  rack.boxes.id,
  [...rack.boxes.x],
  [...rack.boxes.y],
  [...rack.boxes.h],
  rack.blocks.ref,
  [...rack.blocks.y],
  [...rack.blocks.h],
];

const seed = 20261121;
const statesOf = fc.array(fc.constantFrom('a', 'w', 'c'), { maxLength: 9 }).map((states) => `p${states.join('')}`);

describe('the rack', () => {
  test('does not depend on the order of the records', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.infiniteStream(fc.nat()), (nodes, chance) => {
        const made = cluster(nodes, () => 'paw');
        const straight = buildRack(made.build(), { grouping: 'zone' });
        const shuffled = made.build((entries) =>
          entries
            .map((entry) => [chance.next().value, entry] as const)
            .sort(([a], [b]) => a - b)
            .map(([, entry]) => entry),
        );
        expect(places(buildRack(shuffled, { grouping: 'zone' }))).toEqual(places(straight));
      }),
      { seed, numRuns: 60 },
    );
  });

  test('with a folded group is laid out as if its nodes did not exist', () => {
    const options = { grouping: 'zone', folded: ['z-1'] } as const;
    const made = cluster(9, () => 'pa').build();
    const rack = buildRack(made, options);
    expect(rack.groups.map(({ key, count }) => [key, count])).toEqual([['z-0', 5]]);
    expect(rack.boxOf.has('node:ip-10-0-1-1.internal')).toBe(false);
    // A change inside a folded group moves nothing; a node that leaves the group does.
    const changed = ['node:ip-10-0-1-1.internal', 'eni-1a', 'eni-1b'];
    expect(isStillValid(rack, made, changed, options)).toBe(true);
    expect(isStillValid(rack, made, changed, { grouping: 'zone', folded: [] })).toBe(false);
  });

  test('does not depend on the addresses of an ENI', () => {
    fc.assert(
      fc.property(fc.array(statesOf, { minLength: 4, maxLength: 4 }), (states) => {
        const empty = buildRack(cluster(4, () => 'p').build(), { grouping: 'zone' });
        const full = buildRack(cluster(4, (node) => states[node] ?? 'p').build(), { grouping: 'zone' });
        expect(places(full)).toEqual(places(empty));
      }),
      { seed, numRuns: 60 },
    );
  });

  test('keeps boxes of a column apart, and blocks inside their box, one below another', () => {
    const rack = buildRack(cluster(23, () => 'paaa').build(), { grouping: 'zone' });
    const { columns, boxes } = rack;
    for (let c = 0; c < columns.x.length; c++)
      for (let box = (columns.first[c] ?? 0) + 1; box < (columns.first[c + 1] ?? 0); box++)
        expect(boxRect(rack, box).y).toBeGreaterThan(boxRect(rack, box - 1).y + boxRect(rack, box - 1).h);
    for (let box = 0; box < boxes.id.length; box++) {
      let bottom = 0;
      for (let block = boxes.firstBlock[box] ?? 0; block < (boxes.firstBlock[box + 1] ?? 0); block++) {
        expect(rack.blocks.y[block]).toBeGreaterThanOrEqual(bottom);
        bottom = (rack.blocks.y[block] ?? 0) + (rack.blocks.h[block] ?? 0);
      }
      expect(bottom).toBeLessThan(boxes.h[box] ?? 0);
    }
  });

  test('sorts nodes naturally, down the columns', () => {
    const rack = buildRack(cluster(12, () => 'p').build(), { grouping: 'none' });
    expect(rack.boxes.id).toEqual(Array.from({ length: 12 }, (_, i) => `node:ip-10-0-1-${i}.internal`));
  });

  test('moves only later nodes of the group when a node is added', () => {
    const before = buildRack(cluster(20, () => 'p').build(), { grouping: 'zone' });
    const grown = cluster(20, () => 'p').node('ip-10-0-1-15a.internal', { zone: 'z-1', pools: [pool(1, 1, 0, 2)] });
    const after = buildRack(grown.build(), { grouping: 'zone', near: before });
    const place = (rack: Rack, id: string) => boxRect(rack, rack.boxOf.get(id) ?? -1);
    for (let i = 0; i < 20; i++) {
      const id = `node:ip-10-0-1-${i}.internal`;
      if (i % 2 === 0 || i <= 15) expect(place(after, id)).toEqual(place(before, id));
    }
  });
});

describe('columns', () => {
  test('keep the whole close to its aspect ratio, without a leftover box', () => {
    const heights = Array.from({ length: 300 }, () => 350);
    const [group] = wrap([heights], 1.6);
    const columns = (group?.first.length ?? 0) - 1;
    expect(columns).toBe(24);
    expect(fill(heights, group?.cap ?? 0, 3).length - 1).toBe(3);
  });
  test('a single box is one column', () => expect(wrap([[200]], 1.6)[0]?.first).toEqual([0, 1]));
  test('an empty list wraps to no columns', () => expect(wrap([], 1.6)).toEqual([]));
});

describe('cards', () => {
  const p5 = (addressed: number): Cluster => {
    const made = createCluster().node('p5', { pools: [pool(1, 0, 0, null)] });
    for (let index = 0; index < 32; index++) {
      made.card('p5', index, { managed: index < addressed });
      const efa = { role: 'efa-only', interfaceType: 'efa-only', states: '' } as const;
      made.eni('p5', { id: `eni-${index}`, card: index, ...(index < addressed ? {} : efa) });
    }
    return made;
  };
  const kinds = (rack: Rack): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (let block = 0; block < rack.blocks.ref.length; block++) {
      const kind = blockKind(rack, block);
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return counts;
  };
  test('up to four with addresses are listed, the other, equal ones fold into one line', () => {
    const rack = buildRack(p5(4).build(), { grouping: 'zone' });
    expect(kinds(rack)).toMatchObject({ 'card-heading': 4, eni: 4, fold: 1 });
    expect(rack.blocks.rows[rack.blocks.ref.lastIndexOf('card:p5/4')]).toBe(28);
  });
  test('more are drawn as a matrix of eight columns by index', () => {
    const rack = buildRack(p5(32).build(), { grouping: 'zone' });
    expect(kinds(rack)).toEqual({ cell: 32, eni: 32 });
    const at = (index: number) => blockRect(rack, blockOf(rack, `card:p5/${index}`) ?? -1);
    expect(at(8).x).toBe(at(0).x);
    expect(at(9).y).toBe(at(8).y);
    expect(at(8).y).toBeGreaterThan(at(0).y);
  });
  test('a folded run in the matrix covers its cells', () => {
    expect(kinds(buildRack(p5(12).build(), { grouping: 'zone' }))).toEqual({ cell: 12, eni: 12, region: 2 });
  });
  test('unfolded, all are listed, and one line folds them again', () => {
    const rack = buildRack(p5(32).build(), { grouping: 'zone', unfolded: new Set(['node:p5']) });
    expect(kinds(rack)).toMatchObject({ 'card-heading': 32, eni: 32, fold: 1 });
  });
});

describe('the space of ENIs', () => {
  const limits: NodeLimits = {
    enisPerCard: 8,
    ipv4PerEni: 30,
    cards: 1,
    maxBranchEnis: 54,
    trunkCompatible: true,
    source: 'ec2',
    maxPodsByFormula: 234,
  };
  /** A node of a type with eight ENIs, with these device indices attached. */
  const withEnis = (devices: readonly number[], change: Partial<NodeRecord> = {}): Rack => {
    const made = createCluster().node('n', { pools: [pool(1, 1, 0, 2)], limits, ...change });
    made.card('n', 0, { maxEnis: 8 });
    for (const device of devices) made.eni('n', { id: `eni-${device}`, deviceIndex: device, capacity: 29 });
    return buildRack(made.build(), { grouping: 'zone' });
  };
  const at = (rack: Rack, eni: string) => blockRect(rack, blockOf(rack, eni) ?? -1);

  test.each<[string, Partial<NodeRecord>]>([
    ['secondary addresses', {}],
    ['prefixes', { cni: cni({ mode: 'prefix' }) }],
    ['IPv6', { cni: cni({ mode: 'ipv6' }) }],
    ['a trunk that is yet to come', { branch: { limit: 54, used: 0 } }],
  ])('is reserved for all that can be attached: %s', (_what, change) => {
    const racks = [[0], [0, 1, 2], [0, 1, 2, 3, 4, 5, 6, 7]].map((devices) => withEnis(devices, change));
    // One of the eight places is reserved for the trunk.
    const possible = change.branch === undefined ? racks : racks.slice(0, 2);
    expect(new Set(possible.map(({ boxes }) => boxes.h[0])).size).toBe(1);
  });

  test('stays in place when an earlier ENI is detached', () => {
    const [all, gap] = [withEnis([0, 1, 2, 5]), withEnis([0, 2, 5])];
    for (const eni of ['eni-0', 'eni-2', 'eni-5']) expect(at(gap, eni)).toEqual(at(all, eni));
  });

  test('includes a trunk before it is attached', () => {
    const made = (attached: boolean): Rack => {
      const cluster = createCluster().node('n', {
        pools: [pool(1, 1, 0, 2)],
        limits,
        branch: { limit: 54, used: 0 },
      });
      cluster.card('n', 0, { maxEnis: 8 }).eni('n', { id: 'eni-0', deviceIndex: 0, capacity: 29 });
      if (attached) cluster.eni('n', { id: 'eni-t', deviceIndex: 1, role: 'trunk' });
      return buildRack(cluster.build(), { grouping: 'zone' });
    };
    expect(made(true).boxes.h[0]).toBe(made(false).boxes.h[0]);
  });

  test('is smaller from five ENIs on, so that large instance types stay compact', () => {
    const rack = withEnis([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(at(rack, 'eni-3').w).toBeGreaterThan(2 * at(rack, 'eni-4').w);
    expect(at(rack, 'eni-5').y).toBe(at(rack, 'eni-4').y);
  });
});

describe('validity of a rack after', () => {
  const base = (): Cluster => cluster(6, () => 'paw');
  const rack = buildRack(base().build(), { grouping: 'zone' });
  const stands = (after: Cluster, changed: string[]) =>
    isStillValid(rack, after.build(), changed, { grouping: 'zone' });
  const node = 'ip-10-0-1-3.internal';

  test.each<[string, (made: Cluster) => Cluster, string[], boolean]>([
    ['an address change', (made) => made.eni(node, { id: 'eni-3a', states: 'pwwwaaa' }), ['eni-3a'], true],
    ['a new pod', (made) => made.pod(node, 'a', 'b'), ['pod:a/b', `node:${node}`], true],
    ['a new ENI', (made) => made.eni(node, { id: 'eni-3c', deviceIndex: 2 }), ['eni-3c'], false],
    ['a new node', (made) => made.node('new', { zone: 'z-1' }), ['node:new'], false],
    ['an ENI that becomes unknown', (made) => made, ['eni-gone'], true],
    [
      'a node that moves to another zone',
      (made) => made.node(node, { zone: 'z-0', pools: [pool(1, 1, 0, 2)] }),
      [`node:${node}`],
      false,
    ],
    [
      'a mode change',
      (made) => made.node(node, { zone: 'z-1', pools: [pool(1, 1, 0, 2)], cni: cni({ mode: 'prefix' }) }),
      [`node:${node}`],
      false,
    ],
    ['a node that is deleted', (made) => made.node(node, { zone: 'z-1', gone: true }), [`node:${node}`], false],
    ['an ENI that becomes unattached', (made) => made.eni(null, { id: 'eni-left' }), ['eni-left'], false],
  ])('%s', (_what, change, changed, expected) => expect(stands(change(base()), changed)).toBe(expected));

  test('a drawn ENI or node that has disappeared', () => {
    expect(isStillValid(rack, cluster(5, () => 'p').build(), ['node:ip-10-0-1-5.internal'], { grouping: 'zone' })).toBe(
      false,
    );
    expect(isStillValid(rack, cluster(5, () => 'p').build(), ['eni-5a'], { grouping: 'zone' })).toBe(false);
  });
});
