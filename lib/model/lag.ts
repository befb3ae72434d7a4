/**
 * How far sources lag behind their APIs. These figures change every second, so they are sent beside the records and create
 * no new version.
 */
import type { SourceStatus } from './observation';
import type { SourceRecord } from './records';

/** A source that lags this many seconds behind its API is not `live`. */
export const BEHIND_SECONDS = 5;

/** The measurements of one source. */
export interface SourceLag extends Pick<SourceRecord, 'lagSeconds' | 'waiting' | 'listing'> {
  /** Why it lags, in one sentence; null if it does not. */
  readonly cause: string | null;
}

/** By source id; sources without measurements are absent. */
export type Lags = Readonly<Record<string, SourceLag>>;

/** `asOf` of each source, by id. */
export type Ages = Readonly<Record<string, string | null>>;

/** The figures of a source record without measurements. */
export const UNMEASURED = { lagSeconds: null, waiting: null, listing: null } as const satisfies Partial<SourceRecord>;

/** The record of a source whose lag is not measured. */
export const unmeasuredSource = (status: SourceStatus): SourceRecord => ({ ...UNMEASURED, partial: false, ...status });

/** The current state of a source. Its record alone may be out of date, because it queues inside ifscope together with the facts. */
export function sourceNow(source: SourceRecord, ages: Ages, lags: Lags): SourceRecord {
  const asOf = ages[source.id] ?? source.asOf;
  const lag = lags[source.id];
  if (lag === undefined) return { ...source, asOf };
  const { cause, ...figures } = lag;
  const isBehind = source.state === 'live' && (lag.lagSeconds ?? 0) >= BEHIND_SECONDS;
  return { ...source, ...figures, asOf, ...(isBehind ? { state: 'behind', reason: cause } : {}) };
}
