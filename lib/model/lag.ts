/**
 * How far sources are behind. These figures change every second, so they travel beside the records, as ages do, and make no
 * version of the record set.
 */
import type { SourceRecord } from './records';

/** A source that is this many seconds behind its API is not `live`. */
export const BEHIND_SECONDS = 5;

export interface SourceLag extends Pick<SourceRecord, 'lagSeconds' | 'waiting' | 'listing'> {
  /** What holds it up, in one sentence; null when it is not behind. */
  readonly cause: string | null;
}

/** By source id; a source of which nothing is measured is left out. */
export type Lags = Readonly<Record<string, SourceLag>>;

/** `asOf` of each source, by id. */
export type Ages = Readonly<Record<string, string | null>>;

/** The figures of a record of which nothing is measured. */
export const UNMEASURED = { lagSeconds: null, waiting: null, listing: null } as const satisfies Partial<SourceRecord>;

/**
 * A source as it stands now. Its record may be late itself: while facts wait inside ifscope, so does the record that would
 * say so.
 */
export function sourceNow(source: SourceRecord, ages: Ages, lags: Lags): SourceRecord {
  const asOf = ages[source.id] ?? source.asOf;
  const lag = lags[source.id];
  if (lag === undefined) return { ...source, asOf };
  const { cause, ...figures } = lag;
  const isBehind = source.state === 'live' && (lag.lagSeconds ?? 0) >= BEHIND_SECONDS;
  return { ...source, ...figures, asOf, ...(isBehind ? { state: 'behind', reason: cause } : {}) };
}
