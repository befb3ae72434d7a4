/**
 * Which sources findings may rely on. A rule whose sources are denied, absent, behind, stale or failing is inactive rather
 * than guess.
 */
import type { SourceRecord } from '../../model/records';
import type { Reader } from './reader';

/** Only `live` sources are trusted: facts that are `behind` or `stale` may be right, but are not worth a false alarm. */
export const isTrusted = (source: SourceRecord | undefined): boolean => source?.state === 'live';

/** Same for a source by its id, which the rule must declare in `needs` or `uses`. */
export const isSourceLive = (read: Reader, source: string): boolean => read.stateOf(source) === 'live';

/** Whether it is live and has listed everything, so that what it does not list does not exist. */
export const isSourceComplete = (read: Reader, source: string): boolean =>
  isSourceLive(read, source) && !read.isPartial(source);

/** Ids of the trusted sources. */
export function trustedSources(sources: ReadonlyMap<string, SourceRecord>): ReadonlySet<string> {
  const trusted = new Set<string>();
  for (const [id, source] of sources) if (isTrusted(source)) trusted.add(id);
  return trusted;
}
