import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COLOURED_NETWORKS } from '../layout/picture/tokens';
import { createCluster } from '../../e2e/testing/layout';
import { NAD_COLOURS, rankNetworks } from './network-colours';
import type { ViewSource } from './view-source';

/** A record set whose networks have these ids, in this order. */
const sourceOf = (ids: readonly string[]): ViewSource =>
  ({ records: { networks: new Map(ids.map((id) => [id, {}])) } }) as unknown as ViewSource;
const ranksOf = (ids: readonly string[], chosen: readonly (string | null)[] = []) =>
  Object.fromEntries(rankNetworks(sourceOf(ids), chosen));

const ids = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom('core', 'telco'), fc.stringMatching(/^n[0-9]-[a-z0-9]{1,4}$/))
    .map((pair) => `net:${pair.join('/')}`),
  { maxLength: 12 },
);

describe('colours of networks', () => {
  test('do not depend on the order in which networks arrive', () => {
    fc.assert(
      fc.property(
        ids.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(ranksOf(shuffled)).toEqual(ranksOf(list));
        },
      ),
      { seed: 11 },
    );
  });

  test('do not depend on how many interfaces a network has', () => {
    const withInterfaces = (network: string) => {
      const made = createCluster().network('a', 'x').network('a', 'y').node('n').pod('n', 'a', 'p');
      for (let i = 1; i <= 5; i++) made.iface('a', 'p', `net${i}`, { network });
      return made.build();
    };
    expect(rankNetworks(withInterfaces('net:a/x'))).toEqual(rankNetworks(withInterfaces('net:a/y')));
  });

  test('are as many as the palette has', () => expect(1 + NAD_COLOURS).toBe(COLOURED_NETWORKS));

  test('are distinct', () => {
    fc.assert(
      fc.property(ids, (list) => {
        const ranks = Object.values(ranksOf([...list, 'cluster'])).sort((a, b) => a - b);
        expect(new Set(ranks).size).toBe(ranks.length);
        expect(ranks).toHaveLength(1 + Math.min(list.length, NAD_COLOURS));
        expect(ranks[0]).toBe(0);
        expect(ranks.at(-1)).toBeLessThanOrEqual(NAD_COLOURS);
      }),
      { seed: 12 },
    );
  });

  test('are the same on every machine and in every version', () => {
    expect(ranksOf(['cluster', 'net:core/n3-a', 'net:core/n4-a', 'net:core/n6-a', 'net:telco/ipvlan'])).toEqual({
      cluster: 0,
      'net:core/n3-a': 1,
      'net:core/n4-a': 7,
      'net:core/n6-a': 5,
      'net:telco/ipvlan': 2,
    });
  });

  test('change little when a network appears or disappears', () => {
    let others = 0;
    let moved = 0;
    for (let round = 0; round < 500; round++) {
      const before = Array.from({ length: 4 }, (_, index) => `net:r${round}/n${index}`);
      const then = ranksOf([...before, `net:r${round}/newcomer`]);
      const now = ranksOf(before);
      others += before.length;
      moved += before.filter((id) => now[id] !== then[id]).length;
    }
    expect(moved / others).toBeLessThan(0.12);
  });

  test('keep chosen ones, and the other networks share the rest', () => {
    const chosen = ['net:gone/x', null, 'net:core/b'];
    const ranks = ranksOf(['cluster', 'net:core/a', 'net:core/b'], chosen);
    expect(ranks).toMatchObject({ cluster: 0, 'net:gone/x': 1, 'net:core/b': 3 });
    expect([2, 4, 5, 6, 7]).toContain(ranks['net:core/a']);
  });
});
