import { describe, expect, test } from 'vitest';
import { withRank } from './network-colours';

const ranks = ['cluster', 'net:core/a', 'net:core/b', 'net:core/c'];

describe('a colour that is chosen', () => {
  test.each([
    ['of another network: the two change', 'net:core/a', 3, ['cluster', 'net:core/c', 'net:core/b', 'net:core/a']],
    ['for one without a colour: it is taken', 'net:core/z', 2, ['cluster', 'net:core/a', 'net:core/z', 'net:core/c']],
    ['its own', 'net:core/b', 2, ranks],
    ['of the cluster network', 'net:core/a', 0, ranks],
    ['that nobody has', 'net:core/a', 7, ranks],
    ['for the cluster network', 'cluster', 2, ranks],
  ])('%s', (_, network, rank, expected) => {
    expect(withRank(ranks, network, rank)).toEqual(expected);
  });
});
