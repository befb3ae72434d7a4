/** Sources that rules need but cannot use at present: without them, the absence of findings proves nothing. */
import { ENIS, NODES, PODS } from '../model/source-ids';
import type { SourceRecord, SourceState } from '../model/records';

const SILENT: ReadonlySet<SourceState> = new Set<SourceState>(['denied', 'failing', 'stale', 'behind', 'starting']);
/** Without these sources, most rules cannot be evaluated. */
const NEEDED: ReadonlySet<string> = new Set([NODES, PODS, ENIS]);
const SILENT_IF_NEEDED: ReadonlySet<SourceState> = new Set<SourceState>(['off', 'absent']);

/** Their ids, sorted. */
export const silentSources = (sources: ReadonlyMap<string, SourceRecord>): readonly string[] =>
  [...sources.values()]
    .filter(({ id, state }) => SILENT.has(state) || (NEEDED.has(id) && SILENT_IF_NEEDED.has(state)))
    .map(({ id }) => id)
    .sort();
