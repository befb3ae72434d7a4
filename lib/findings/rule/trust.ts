/** Which sources may be judged by. A rule whose sources are denied, absent, behind, stale or failing says nothing rather than guess. */
import type { SourceRecord } from '../../model/records';
import type { Reader } from './reader';

/** `live` alone counts: facts that are `behind` or `stale` may be right, but no finding is worth a wrong alarm at night. */
export const isTrusted = (source: SourceRecord | undefined): boolean => source?.state === 'live';

/** The same of a source by its id, which the rule must need or heed. */
export const isLive = (read: Reader, source: string): boolean => read.stateOf(source) === 'live';

/** Ids of the sources that may be judged by. */
export function trustedSources(sources: ReadonlyMap<string, SourceRecord>): ReadonlySet<string> {
  const trusted = new Set<string>();
  for (const [id, source] of sources) if (isTrusted(source)) trusted.add(id);
  return trusted;
}
