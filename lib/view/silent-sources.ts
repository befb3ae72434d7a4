/** Sources that the rules which need them cannot use now: without findings from them, nothing is known to be right. */
import type { SourceRecord, SourceState } from '../model/records';

const SILENT: ReadonlySet<SourceState> = new Set<SourceState>(['denied', 'failing', 'stale', 'behind']);

/** Their ids, sorted. */
export const silentSources = (sources: ReadonlyMap<string, SourceRecord>): readonly string[] =>
  [...sources.values()]
    .filter(({ state }) => SILENT.has(state))
    .map(({ id }) => id)
    .sort();
