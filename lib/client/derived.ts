/** Values computed from many records, recomputed only if their inputs have changed. */
import type { Table } from '../model/records';
import { rankNetworks, type ChosenRanks, type NetworkRanks } from '../view/network-colours';
import type { ClientState } from './client-state';

/**
 * A selector that keeps its value until a table in `tables` (which must list every table that `compute` reads) or the
 * value of `input` changes.
 */
function memoOf<T, I>(
  tables: readonly Table[],
  input: () => I,
  compute: (state: ClientState, input: I) => T,
): (state: ClientState) => T {
  let last: { readonly stamp: string; readonly input: I; readonly value: T } | null = null;
  return (state) => {
    const stamp = tables.map((table) => state.tableRevisions[table]).join('.');
    const given = input();
    if (last?.stamp !== stamp || last.input !== given) last = { stamp, input: given, value: compute(state, given) };
    return last.value;
  };
}

/** The selector for values that depend on tables alone. */
export const memoByTables = <T>(
  tables: readonly Table[],
  compute: (state: ClientState) => T,
): ((state: ClientState) => T) => memoOf(tables, () => null, compute);

/** The colours of the networks. The object changes only with a colour, because that redraws the picture. */
export function createRanks(chosen: () => ChosenRanks): (state: ClientState) => NetworkRanks {
  let kept: NetworkRanks = new Map();
  return memoOf(['networks'], chosen, ({ replica }, wanted) => {
    const next = rankNetworks(replica, wanted);
    if (next.size !== kept.size || [...next].some(([id, rank]) => kept.get(id) !== rank)) kept = next;
    return kept;
  });
}
