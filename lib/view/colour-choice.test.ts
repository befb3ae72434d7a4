import { describe, expect, test } from 'vitest';
import { chooseRank, networkAt } from './colour-choice';

const ranks = new Map([
  ['cluster', 0],
  ['net:core/a', 1],
  ['net:core/b', 2],
  ['net:core/c', 4],
]);
const [A, B, C] = ['net:core/a', 'net:core/b', 'net:core/c'];
const AS_IT_IS = [A, B, null, C, null, null, null];

describe('a chosen colour', () => {
  test.each([
    ['of another network: the two are swapped', A, 4, [C, B, null, A, null, null, null]],
    ['for a network without a colour: it is assigned', 'net:core/z', 2, [A, 'net:core/z', null, C, null, null, null]],
    ['that no network has', A, 7, [null, B, null, C, null, null, A]],
    ['its own', B, 2, AS_IT_IS],
    ['of the cluster network', A, 0, AS_IT_IS],
    ['that does not exist', A, 8, AS_IT_IS],
    ['for the cluster network', 'cluster', 2, AS_IT_IS],
  ])('%s', (_, network, rank, expected) => {
    expect(chooseRank(ranks, network, rank)).toEqual(expected);
  });

  test('is found by its number', () => {
    expect([networkAt(ranks, 0), networkAt(ranks, 3), networkAt(ranks, 4)]).toEqual(['cluster', null, C]);
  });
});
