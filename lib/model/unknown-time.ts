import type { Timestamp } from './records';

/** The time of a capture in which nothing tells one. Nothing was observed then, so it is shown as unknown. */
export const UNKNOWN_TIME: Timestamp = '1970-01-01T00:00:00Z';

/** Epoch milliseconds of a time; null if it is missing, unreadable, or unknown. */
export function knownTime(timestamp: string | null): number | null {
  const at = timestamp === null ? NaN : Date.parse(timestamp);
  return Number.isFinite(at) && at !== Date.parse(UNKNOWN_TIME) ? at : null;
}
