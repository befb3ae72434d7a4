/** What a component shows of many records, computed again only when one of the tables it reads has changed. */
import type { Table } from '../model/records';
import type { ClientState } from './client-state';

/** A selector that keeps its last value until a table of `tables` has another revision. `tables` must list all it reads. */
export function memoByTables<T>(
  tables: readonly Table[],
  compute: (state: ClientState) => T,
): (state: ClientState) => T {
  let last: { readonly stamp: string; readonly value: T } | null = null;
  return (state) => {
    const stamp = tables.map((table) => state.tableRevisions[table]).join('.');
    if (last?.stamp !== stamp) last = { stamp, value: compute(state) };
    return last.value;
  };
}
