/** Sources that rules need but cannot use at present: without them, the absence of findings proves nothing. */
import { ENIS, NODES, PODS } from '../model/source-ids';
import type { SourceRecord, SourceState } from '../model/records';
import { isUnknown } from './missing';

const SILENT: ReadonlySet<SourceState> = new Set<SourceState>(['denied', 'failing', 'stale', 'behind', 'starting']);
/** Without these sources, most rules cannot be evaluated. */
const NEEDED: ReadonlySet<string> = new Set([NODES, PODS, ENIS]);
const SILENT_IF_NEEDED: ReadonlySet<SourceState> = new Set<SourceState>(['off', 'absent']);

/** Their ids, the most important ones first. */
export const silentSources = (sources: ReadonlyMap<string, SourceRecord>): readonly string[] => {
  const ids = [...sources.values()]
    .filter(({ id, state }) => SILENT.has(state) || (NEEDED.has(id) && SILENT_IF_NEEDED.has(state)))
    .map(({ id }) => id)
    .sort();
  return [...ids.filter((id) => NEEDED.has(id)), ...ids.filter((id) => !NEEDED.has(id))];
};

const MOST_NAMED = 4;

/** Their ids in words; of many, as when the API server is gone, the most important ones and a count. */
export function silentWords(sources: ReadonlyMap<string, SourceRecord>): string {
  const ids = silentSources(sources);
  if (ids.length <= MOST_NAMED) return ids.join(', ');
  return `${ids.slice(0, MOST_NAMED - 1).join(', ')} and ${ids.length - MOST_NAMED + 1} more`;
}

/** What it means that there are no findings: nothing, unless all sources that rules need were read. */
export function noFindingsWords(sources: ReadonlyMap<string, SourceRecord>): string {
  if (isUnknown(sources.get(PODS))) return 'Findings are not known yet';
  const silent = silentWords(sources);
  if (silent === '') return 'No findings';
  const isNoneKnown = silentSources(sources).every((id) => sources.get(id)?.asOf === null);
  return `No findings so far. ${isNoneKnown ? 'Not known' : 'Not up to date'}: ${silent}`;
}
