/** The filter over the whole record set. Loaded with the first filter. */
import { applyFilter, mergedFilter, nodesByFindings } from '../view/apply-filter';
import { isEmptyFilter, type Filter, type FilterResult } from '../view/filter';
import type { ViewSource } from '../view/view-source';
import type { ClientState } from './client-state';
import type { ChunkRecords } from './set/chunk';
import { ChunkPass, type PassResult } from './set/chunk-pass';

/**
 * The result of the filter, computed once for all that show it, a slice at a time; null while the filter is empty.
 * `onResult` is called when there is another one.
 */
export function createFiltered(
  filter: () => Filter,
  onResult: () => void,
): (state: ClientState) => FilterResult | null {
  let pass: { readonly wanted: Filter; readonly stamp: string; readonly chunks: ChunkPass<FilterResult> } | null = null;
  let seen: { readonly of: PassResult<FilterResult>; readonly merged: FilterResult } | null = null;
  let refreshed: ClientState['lastChange'] | null = null;
  return (state) => {
    const wanted = filter();
    if (isEmptyFilter(wanted)) {
      pass?.chunks.stop();
      pass = null;
      return null;
    }
    const { replica } = state;
    // A chunk does not tell when a finding on its records has changed.
    const byFindings = wanted.severities.length + wanted.rules.length > 0;
    const stamp = byFindings ? String(state.tableRevisions.findings) : '';
    if (pass?.wanted !== wanted || pass.stamp !== stamp) {
      pass?.chunks.stop();
      const part = (records: ChunkRecords): FilterResult => applyFilter(partOf(replica, records), wanted);
      pass = { wanted, stamp, chunks: new ChunkPass(part, onResult) };
      refreshed = null;
    }
    if (refreshed !== state.lastChange) pass.chunks.refresh(replica);
    refreshed = state.lastChange;
    const { result } = pass.chunks;
    if (seen?.of !== result) {
      const more = byFindings ? nodesByFindings(replica, wanted) : [];
      seen = { of: result, merged: mergedFilter(result.values, wanted, result.share, more) };
    }
    return seen.merged;
  };
}

/** A chunk as a record set of its own; ENIs of other chunks are found, too. */
function partOf({ records, indexes, cluster }: ClientState['replica'], chunk: ChunkRecords): ViewSource {
  const enis = new Map(chunk.enis);
  for (const { eni } of chunk.interfaces.values()) {
    const other = eni === null || enis.has(eni) ? undefined : records.enis.get(eni);
    if (other !== undefined) enis.set(other.id, other);
  }
  return { cluster, indexes, records: { ...records, ...chunk, enis } };
}
