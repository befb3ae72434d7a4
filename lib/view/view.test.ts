import { applyFilter } from '../../e2e/testing/queries';
import { describe, expect, test } from 'vitest';
import { createCluster } from '../../e2e/testing/layout';
import { GOLDEN_CLUSTERS } from '../../e2e/testing/golden-clusters';
import { describe as describePlace } from './describe';
import { isEmptyFilter, NO_FILTER, type Filter } from './filter';
import { groupNodes } from './node-groups';
import { commonName, shortName } from './node-names';
import { performanceWords } from './labels';

const source = GOLDEN_CLUSTERS.telco().build();

describe('filter', () => {
  const result = (filter: Partial<Filter>) => {
    const found = applyFilter(source, { ...NO_FILTER, ...filter });
    if (found === null) throw new Error('no result');
    return found;
  };
  const shown = (filter: Partial<Filter>) => [...result(filter).shown].sort();
  test('the empty one hides nothing', () => {
    expect(isEmptyFilter(NO_FILTER)).toBe(true);
    expect(applyFilter(source, NO_FILTER)).toBeNull();
  });
  test.each<[string, Partial<Filter>, string[]]>([
    ['a namespace', { namespaces: ['core'] }, ['if:core/upf-0/eth0', 'if:core/upf-0/net1', 'if:core/upf-0/net2']],
    ['a network', { networks: ['net:core/n6'] }, ['if:core/upf-0/net1']],
    ['a state', { states: ['requested'] }, ['if:core/upf-0/net2', 'if:shop/cart-%3C0%3E/eth0']],
    ['an address', { text: '10.6.0.11' }, ['if:core/upf-0/net1']],
    ['a field', { text: 'net:n6' }, ['if:core/upf-0/net1']],
    ['two words', { text: 'UPF 10.0' }, ['if:core/upf-0/eth0']],
    ['nothing', { text: 'no-such' }, []],
  ])('by %s', (_what, filter, expected) => {
    const found = shown(filter).map((id) => id.replace('<0>', '%3C0%3E'));
    expect(found).toEqual(expected);
  });
  test('reports how much each part hides by itself', () => {
    const { parts, hides, total } = result({ namespaces: ['core'], text: 'net1' });
    expect(parts).toEqual([
      { label: 'ns:"core"', hides: total - 3 },
      { label: 'net1', hides: total - 1 },
    ]);
    expect(hides).toBe(total - 1);
  });
  test('matches slots without a holder only for a filter by state alone', () => {
    expect(result({ states: ['warm', 'requested'] }).freeStates).toEqual(new Set(['warm']));
    expect(result({ states: ['warm'], text: 'x' }).freeStates).toBeNull();
  });
});

test('groups are in natural order, the one without a value last', () => {
  const built = createCluster()
    .node('ip-10', { zone: 'z-10' })
    .node('ip-9', { zone: 'z-9' })
    .node('lost', { zone: null })
    .node('ip-1', { zone: 'z-10' })
    .build();
  expect(
    groupNodes(built, { grouping: 'zone' }).map(({ label, nodes }) => [label, nodes.map(({ name }) => name)]),
  ).toEqual([
    ['z-9', ['ip-9']],
    ['z-10', ['ip-1', 'ip-10']],
    ['zone not known', ['lost']],
  ]);
});

describe('names', () => {
  const common = (...names: string[]) => {
    const made = createCluster();
    for (const name of names) made.node(name);
    return commonName(made.build().records.nodes.values());
  };
  test.each<[string[], ReturnType<typeof commonName>]>([
    [['ip-10-0-1-17.eu.internal', 'ip-10-0-2-9.eu.internal'], { prefix: 'ip-10-0-', suffix: '.eu.internal' }],
    [
      ['ip-10-0-1-17.eu.internal', 'ip-10-0-1-18.eu.internal', 'rack3-07'],
      { prefix: 'ip-10-0-1-', suffix: '.eu.internal' },
    ],
    [['ip-10-0-1-17', 'ip-10-0-1-18', 'rack-07', 'host1', 'host2'], null],
    [['a', 'b'], null],
    [['one'], null],
  ])('%j share %j', (names, shared) => expect(common(...names)).toEqual(shared));
  test('the shared part is recomputed, as a new object, when a name changes', () => {
    const before = common('ip-10-0-1-17', 'ip-10-0-1-18');
    expect(common('ip-10-0-1-17', 'ip-10-0-1-18')).toBe(before);
    expect(common('ip-10-0-1-17', 'ip-10-0-2-18')).toEqual({ prefix: 'ip-10-0-', suffix: '' });
    expect(common('ip-10-0-1-17', 'ip-10-0-1-18')).toEqual(before);
  });
  test('a name without the shared part stays whole', () => {
    const shared = { prefix: 'ip-10-0-', suffix: '.internal' };
    expect(shortName('ip-10-0-1-17.internal', shared)).toEqual({ text: '1-17', stripped: true });
    expect(shortName('rack3-07', shared)).toEqual({ text: 'rack3-07', stripped: false });
  });
});

test.each([
  ['Up to 10 Gigabit', 'up to 10 Gbps'],
  ['100 Gigabit', '100 Gbps'],
  [null, null],
])('performance %s reads %s', (given, words) => expect(performanceWords(given)).toBe(words));

describe('describe', () => {
  test('every record in the picture has a description, an unknown id has none', () => {
    const { records } = source;
    for (const id of [
      ...records.nodes.keys(),
      ...records.enis.keys(),
      ...records.networkCards.keys(),
      ...records.pods.keys(),
      ...records.interfaces.keys(),
    ]) {
      const found = describePlace(source, id, null);
      expect(found?.title, id).not.toBe('');
      expect(
        found?.lines.every((line) => line.length > 0),
        id,
      ).toBe(true);
      expect(JSON.stringify(found), id).not.toMatch(/null|undefined|NaN/);
    }
    expect(describePlace(source, 'eni-none', null)).toBeNull();
  });
  test('a warm slot is described with its state and place', () =>
    expect(describePlace(source, 'eni-0aaaaaaaaaaaaaa01', '10.0.1.13')).toEqual({
      title: '10.0.1.13',
      lines: ['warm: ready to assign', 'on eni-0aaaaaaaaaaaaaa01 · ens5'],
    }));
  test('an inferred link is described with its certainty and rule', () =>
    expect(describePlace(source, 'if:core/upf-0/net1', null)?.lines).toContain('inferred (name-heuristic): name rule'));
});
