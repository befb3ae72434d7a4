import { describe, expect, test } from 'vitest';
import { cni, createCluster, type Cluster } from '../../../e2e/testing/layout';
import { grown, type Rect } from '../picture/rect';
import { contentHeight, contentOf } from '../rack/eni-content';
import { eniPlaces, type EniPlaces } from './eni-places';

const NODE = 'n';
const ENI = 'eni-1';
const addresses = (count: number, net = '10.0.1') =>
  Array.from({ length: count }, (_, index) => ({
    ip: `${net}.${index + 10}`,
    state: index === 0 ? ('primary' as const) : ('warm' as const),
    interface: null,
  }));
const prefixes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ cidr: `10.0.4.${16 * index}/28`, size: 16, assigned: 0 }));
const trunk = { role: 'trunk', interfaceType: 'trunk' } as const;

function withBranches(count: number): Cluster {
  const made = createCluster()
    .node(NODE, { branch: { limit: 54, used: count } })
    .eni(NODE, { id: ENI, ...trunk });
  for (let index = 0; index < count; index++)
    made.eni(NODE, { id: `eni-b${index}`, role: 'branch', trunk: ENI, vlan: index + 1, states: 'a' });
  return made;
}
const prefixMode = (count: number, single: number): Cluster =>
  createCluster()
    .node(NODE, { cni: cni({ mode: 'prefix' }) })
    .eni(NODE, { id: ENI, capacity: 14, prefixes: prefixes(count), addresses: addresses(single, '10.9.9') });

/** `[name, cluster, addresses with a slot, free places]` */
const CASES: readonly (readonly [string, Cluster, number, number])[] = [
  ['an ENI with free capacity', createCluster().node(NODE).eni(NODE, { id: ENI, states: 'paw', capacity: 9 }), 3, 7],
  [
    'more addresses than its type has slots',
    createCluster()
      .node(NODE)
      .eni(NODE, { id: ENI, capacity: 3, addresses: addresses(9) }),
    4,
    0,
  ],
  ['prefix mode without a prefix', prefixMode(0, 1), 1, 14],
  ['prefix mode with leftovers of secondary-IP mode', prefixMode(2, 5), 5 + 32, 12],
  ['prefix mode with more prefixes than rows', prefixMode(8, 1), 1 + 2 + 96, 6],
  [
    'IPv6 mode, where only the primary of the IPv4 addresses has a slot',
    createCluster()
      .node(NODE, { cni: cni({ mode: 'ipv6' }) })
      .eni(NODE, { id: ENI, addresses: addresses(4), prefixes: [{ cidr: 'fd00::/80', size: null, assigned: 3 }] }),
    1,
    0,
  ],
  ['a trunk with a line for each branch', withBranches(4), 4, 0],
  ['a trunk with more branches than lines', withBranches(20), 20, 0],
  ['an EFA-only ENI', createCluster().node(NODE).eni(NODE, { id: ENI, role: 'efa-only', states: '' }), 0, 0],
];

function placed(cluster: Cluster, scale: number): { readonly places: EniPlaces; readonly block: Rect } {
  const source = cluster.build();
  const eni = source.records.enis.get(ENI);
  const node = source.records.nodes.get(`node:${NODE}`);
  if (eni === undefined) throw new Error('the cluster has the ENI');
  const block = { x: 30, y: 150, w: 297 * scale, h: contentHeight(contentOf(eni, node), eni, node) * scale };
  return { places: eniPlaces(source, eni, node, block, scale), block };
}

const isIn = (outer: Rect, { x, y, w, h }: Rect): boolean =>
  x >= outer.x && y >= outer.y && x + w <= outer.x + outer.w && y + h <= outer.y + outer.h;
const overlap = (a: Rect, b: Rect): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe.each(CASES)('%s', (_what, cluster, held, free) => {
  test('has this many slots and free places', () => {
    const { places } = placed(cluster, 1);
    expect(places.slots).toHaveLength(held);
    expect('free' in places ? places.free : []).toHaveLength(free);
  });
  test.each([1, 0.1])('keeps them inside its block, without overlaps (block scale %f)', (scale) => {
    const { places, block } = placed(cluster, scale);
    const rects = [...places.slots.map(({ rect }) => rect), ...('free' in places ? places.free : [])];
    for (const rect of rects) expect(isIn(grown(block, 1e-6), rect)).toBe(true);
    rects.forEach((a, index) => {
      for (const b of rects.slice(index + 1)) expect(overlap(grown(a, -1e-6), grown(b, -1e-6))).toBe(false);
    });
  });
});

test('attributes an address without an interface to its ENI, and one on a branch to the branch, not the trunk', () => {
  expect(placed(CASES[0]?.[1] ?? createCluster(), 1).places.slots.map(({ id }) => id)).toEqual([ENI, ENI, ENI]);
  expect(placed(withBranches(2), 1).places.slots.map(({ id }) => id)).toEqual(['eni-b0', 'eni-b1']);
});

test('draws a /28 with its range, a frame and sixteen cells', () => {
  const { places } = placed(prefixMode(2, 1), 1);
  if (places.content !== 'prefixes') throw new Error('prefix mode');
  expect(places.rows.map(({ prefix }) => prefix.cidr)).toEqual(['10.0.4.0/28', '10.0.4.16/28']);
  for (const { frame, cells } of places.rows) {
    expect(cells).toHaveLength(16);
    for (const { rect } of cells) expect(isIn(frame, rect)).toBe(true);
  }
});

test('hidden addresses of a /28 fill its first cells, and no free cell has an address', () => {
  const [primary] = addresses(1);
  if (primary === undefined) throw new Error('an address');
  const hidden = (cidr: string, number: number) => ({
    ip: `hidden-${number}@${cidr}`,
    state: 'assigned' as const,
    interface: null,
  });
  const seen = { ip: '10.0.4.1', state: 'assigned' as const, interface: null };
  const cluster = createCluster()
    .node(NODE, { cni: cni({ mode: 'prefix' }) })
    .eni(NODE, {
      id: ENI,
      capacity: 14,
      prefixes: prefixes(2),
      addresses: [primary, seen, hidden('10.0.4.0/28', 1), hidden('10.0.4.0/28', 2)],
    });
  const { places } = placed(cluster, 1);
  if (places.content !== 'prefixes') throw new Error('prefix mode');
  expect(places.loose.map(({ ip }) => ip)).toEqual([primary.ip]);
  const [with2, free] = places.rows.map(({ cells }) => cells.map(({ ip, style }) => `${ip ?? ''} ${style}`));
  expect(with2?.slice(0, 4)).toEqual([
    'hidden-1@10.0.4.0/28 assigned',
    '10.0.4.1 assigned',
    'hidden-2@10.0.4.0/28 assigned',
    '10.0.4.0/28 warm',
  ]);
  expect(free?.slice(0, 2)).toEqual(['10.0.4.16 warm', '10.0.4.17 warm']);
});
