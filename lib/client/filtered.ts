/** The filter's result, shared by picture, tables and bar: gone over once per change, however many ask. */
import type { Table } from '../model/records';
import { applyFilter, isEmptyFilter, type Filter, type FilterResult } from '../view/filter';
import type { ClientState } from './client-state';

const READS = ['interfaces', 'pods', 'enis', 'findings'] as const satisfies readonly Table[];

export function createFiltered(wanted: () => Filter): (state: ClientState) => FilterResult | null {
  let last: { readonly filter: Filter; readonly stamp: string; readonly result: FilterResult } | null = null;
  return (state) => {
    const filter = wanted();
    if (isEmptyFilter(filter)) return null;
    const stamp = READS.map((table) => state.tableRevisions[table]).join('.');
    if (last?.filter !== filter || last.stamp !== stamp)
      last = { filter, stamp, result: applyFilter(state.replica, filter) };
    return last.result;
  };
}
