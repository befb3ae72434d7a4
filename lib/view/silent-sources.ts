/** Sources that rules need but cannot use at present: without them, the absence of findings proves nothing. */
import { ENIS, NODES, PODS } from '../model/source-ids';
import type { SourceRecord, SourceState } from '../model/records';
import { isUnknown } from './missing';

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

/** What it means that there are no findings: nothing, unless all sources that rules need were read. */
export function noFindingsWords(sources: ReadonlyMap<string, SourceRecord>): string {
  if (isUnknown(sources.get(PODS))) return 'Findings are not known yet';
  const silent = silentSources(sources);
  return silent.length === 0 ? 'No findings' : `No findings so far. Not up to date: ${silent.join(', ')}`;
}
