import { expect, test } from 'vitest';
import { createCluster } from '../../e2e/testing/layout';
import type { ChosenRanks } from '../view/network-colours';
import type { ClientState } from './client-state';
import { createRanks } from './derived';

/** The state after a change of the networks table. */
const state = (revision: number, ...names: readonly string[]): ClientState => {
  const made = createCluster();
  for (const name of names) made.network('core', name);
  return { replica: made.build(), tableRevisions: { networks: revision } } as unknown as ClientState;
};

test('the colours are another object only when a colour has changed', () => {
  let chosen: ChosenRanks = [];
  const ranks = createRanks(() => chosen);
  const first = ranks(state(1, 'a', 'b'));
  expect(ranks(state(2, 'b', 'a'))).toBe(first);
  const more = ranks(state(3, 'a', 'b', 'c'));
  expect(more.has('net:core/c')).toBe(true);
  chosen = ['net:core/c'];
  expect(ranks(state(3, 'a', 'b', 'c')).get('net:core/c')).toBe(1);
  chosen = [];
  expect([...ranks(state(3, 'a', 'b', 'c'))]).toEqual([...more]);
});
