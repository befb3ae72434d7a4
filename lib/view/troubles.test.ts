import { applyFilter } from '../../e2e/testing/queries';
import { describe, expect, test } from 'vitest';
import { createCluster, type Cluster } from '../../e2e/testing/layout';
import { RULES } from '../findings/registry';
import { causeWords, foremostCauses, NAMED_RULES, ruleWords } from './cause-words';
import { causesLeft } from './causes-left';
import { groupNodes } from './node-groups';
import { countTiles } from './tile-counts';
import { countSeverities, findTroubles, worstOf } from './troubles';
import { NO_FILTER, type Filter } from './filter';

const name = (index: number): string => `n-${String(index).padStart(2, '0')}`;

function cluster(nodes: number): Cluster {
  const made = createCluster();
  for (let i = 0; i < nodes; i++) made.node(name(i), { zone: 'z' }).eni(name(i), { id: `eni-${i}`, states: 'pa' });
  return made;
}

/** `max-pods-too-high` on the first of ten nodes, and an error on the last one's ENI. */
function warned(nodes: number, warnings: number): Cluster {
  const made = cluster(nodes);
  for (let i = 0; i < warnings; i++) made.finding('warning', 'max-pods-too-high', [`node:${name(i)}`]);
  return made.finding('error', 'eni-adopted', [`eni-${nodes - 1}`]);
}

describe('troubles', () => {
  test('a warning on many nodes marks none of them, and is shown once', () => {
    const { byNode, causes } = findTroubles(warned(20, 20).build());
    expect(byNode.get('node:n-00')).toEqual({
      worst: 'warning',
      count: 1,
      counts: { error: 0, warning: 1, info: 0 },
      apart: null,
    });
    expect(byNode.get('node:n-19')?.apart).toBe('error');
    expect(causes.map((cause) => causeWords(cause, 20))).toEqual([
      'ENI adopted on 1 node',
      'max pods too high on all 20 nodes',
    ]);
  });

  test.each([
    [20, 8, true],
    [20, 7, false],
    [100, 25, true],
    [100, 24, false],
  ])('among %i nodes, a warning on %i is shared: %s', (nodes, warnings, shared) => {
    const { causes, byNode } = findTroubles(warned(nodes, warnings).build());
    expect(causes.find(({ severity }) => severity === 'warning')?.shared).toBe(shared);
    expect(byNode.get('node:n-00')?.apart).toBe(shared ? null : 'warning');
  });

  test('an error on many nodes still marks each of them', () => {
    const made = cluster(20);
    for (let i = 0; i < 20; i++) made.finding('error', 'multus-down', [`node:${name(i)}`]);
    const { byNode, causes } = findTroubles(made.build());
    expect([...byNode.values()].every(({ apart }) => apart === 'error')).toBe(true);
    expect(causes[0]?.shared).toBe(false);
  });

  test('a finding counts once on a node, however many of its records it names', () => {
    const made = cluster(3).finding('error', 'duplicate-address', ['eni-0', 'node:n-00', 'eni-1']);
    const { byNode, causes } = findTroubles(made.build());
    expect([byNode.get('node:n-00')?.count, byNode.get('node:n-01')?.count]).toEqual([1, 1]);
    expect([causes[0]?.findings, causes[0]?.nodes.size]).toEqual([1, 2]);
  });

  test('counts of severities, and the worst of them', () => {
    const counts = countSeverities([{ severity: 'warning' }, { severity: 'info' }, { severity: 'warning' }]);
    expect(counts).toEqual({ error: 0, warning: 2, info: 1 });
    expect(worstOf(counts)).toBe('warning');
    expect(worstOf(countSeverities([]))).toBeNull();
  });

  test('are shown above the picture as errors, then shared causes, then the rest, without info findings', () => {
    const made = warned(20, 20)
      .finding('warning', 'subnet-low', ['subnet-1'])
      .finding('info', 'network-unused', ['net:a/b']);
    const { shown, rest } = foremostCauses(findTroubles(made.build()).causes);
    expect(shown.map(({ rule }) => rule)).toEqual(['eni-adopted', 'max-pods-too-high', 'subnet-low']);
    expect(rest).toBe(0);
    expect(shown.slice(2).map((cause) => causeWords(cause, 20))).toEqual(['subnet low on addresses']);
  });

  test.each([
    ['eni-adopted', 'ENI adopted'],
    ['no-manage-bad-value', 'no_manage bad value'],
    ['duplicate-mac', 'duplicate MAC'],
    ['ec2-throttled', 'throttled by EC2'],
    ['pod-ip-failed', 'pod without address'],
  ])('%s reads "%s"', (rule, words) => expect(ruleWords(rule)).toBe(words));

  test('every named rule exists', () => {
    const ids = new Set(RULES.map(({ id }) => id));
    expect(NAMED_RULES.filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('causes under a filter', () => {
  const words = (filter: Partial<Filter>) => {
    const source = warned(20, 20).finding('warning', 'max-pods-too-high', ['node:n-01']).build();
    const left = applyFilter(source, { ...NO_FILTER, ...filter })?.findings ?? new Set();
    return causesLeft(source, left).map((cause) => causeWords(cause, 20));
  };

  test.each<[string, Partial<Filter>, readonly string[]]>([
    ['a node', { text: 'node node:n-01' }, ['max pods too high on 1 node']],
    ['some nodes', { text: 'node node:n-1*' }, ['ENI adopted on 1 node', 'max pods too high on 10 of 20 nodes']],
    ['a severity', { severities: ['error'] }, ['ENI adopted on 1 node']],
    ['a rule', { rules: ['max-pods-too-high'] }, ['max pods too high on all 20 nodes']],
    ['a name that does not exist', { text: 'node node:no-such' }, []],
  ])('%s', (_what, filter, expected) => expect(words(filter)).toEqual(expected));
});

describe('groups and order of nodes', () => {
  const keys = (source: Parameters<typeof groupNodes>[0]) =>
    groupNodes(source, { grouping: 'worst-finding' }).map(({ label, nodes }) => [
      label,
      nodes.map((node) => node.name),
    ]);

  test('by worst finding, worst first, nodes without a finding last', () => {
    const made = cluster(30).finding('error', 'multus-down', ['node:n-29']).finding('info', 'pool-low', ['node:n-28']);
    for (let i = 0; i < 10; i++) made.finding('warning', 'max-pods-too-high', [`node:${name(i)}`]);
    expect(keys(made.build()).map(([label, names]) => [label, names?.length])).toEqual([
      ['error', 1],
      ['info', 1],
      ['only findings that many nodes share', 10],
      ['no finding', 18],
    ]);
  });

  test('in order of fullness, room and findings; unknown values last', () => {
    const made = createCluster()
      .node('a', { zone: 'z', pools: [], headroom: { pods: null, limitedBy: 'unknown' } })
      .node('b', { zone: 'z', headroom: { pods: 9, limitedBy: 'max-pods' } })
      .node('c', { zone: 'z', headroom: { pods: 0, limitedBy: 'max-pods' } })
      .finding('warning', 'pool-low', ['node:b'])
      .finding('error', 'multus-down', ['node:c']);
    const inOrder = (order: 'free-pods' | 'findings') =>
      groupNodes(made.build(), { grouping: 'zone', order })[0]?.nodes.map((node) => node.name);
    expect(inOrder('free-pods')).toEqual(['c', 'b', 'a']);
    expect(inOrder('findings')).toEqual(['c', 'b', 'a']);
  });

  test('a picture on screen keeps its places; new nodes come last', () => {
    const before = cluster(3).finding('error', 'multus-down', ['node:n-02']).build();
    const first = groupNodes(before, { grouping: 'worst-finding', order: 'findings' });
    const places = new Map(first.flatMap(({ key, nodes }) => nodes.map(({ id }) => [id, key] as const)));
    const ids = [...places.keys()];
    const standing = (id: string) => {
      const key = places.get(id);
      return key === undefined ? null : { key, place: ids.indexOf(id) };
    };
    const after = cluster(4).finding('error', 'multus-down', ['node:n-00']).build();
    const next = groupNodes(after, { grouping: 'worst-finding', order: 'findings' }, standing);
    expect(next.map(({ label, nodes }) => [label, nodes.map((node) => node.name)])).toEqual([
      ['error', ['n-02']],
      ['no finding', ['n-00', 'n-01', 'n-03']],
    ]);
  });
});

test('the legend counts the tiles as shown', () => {
  const made = createCluster().node('lost', { pools: [] });
  made.node('gone', { gone: true }).finding('error', 'multus-down', ['node:lost']);
  expect(countTiles(made.build())).toEqual({
    addresses: { assigned: 0, available: 0, free: 0 },
    nodes: { errors: 1, warnings: 0, notReady: 0, full: 0, unknown: 1 },
  });
});

test('a filter by rule selects the interfaces of its subjects, and nodes without interfaces', () => {
  const made = cluster(2)
    .pod(name(0), 'shop', 'cart')
    .iface('shop', 'cart', 'eth0', { ip: '10.0.1.11', eni: 'eni-0' })
    .finding('error', 'multus-down', [`node:${name(0)}`])
    .finding('error', 'multus-down', [`node:${name(1)}`])
    .finding('error', 'pool-low', [`node:${name(1)}`]);
  const source = made.build();
  const filter = { ...NO_FILTER, rules: ['multus-down'] };
  expect([...(applyFilter(source, filter)?.shown ?? [])]).toEqual(['if:shop/cart/eth0']);
  expect([...(applyFilter(source, filter)?.nodes ?? [])].sort()).toEqual(['node:n-00', 'node:n-01']);
  expect([...(applyFilter(source, { ...NO_FILTER, rules: ['pool-low'] })?.shown ?? ['no result'])]).toEqual([]);
  expect([...(applyFilter(source, { ...filter, text: 'x' })?.nodes ?? ['no result'])]).toEqual([]);
});
