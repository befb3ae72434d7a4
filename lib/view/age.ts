/** Ages and times in words. The clock is passed in; a time that cannot be read is null, never "0 s". */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12 s`, `4 min`, `3 h`, `3 d`; null when there is no such time. A time ahead of the clock counts as now. */
export function ageOf(timestamp: string | null, now: number): string | null {
  const at = timestamp === null ? NaN : Date.parse(timestamp);
  return Number.isFinite(at) ? duration(now - at) : null;
}

/** A span of time in its largest whole unit. */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h`;
  return `${Math.floor(span / DAY)} d`;
}

/** `2026-11-21 06:04:00 UTC`, for titles; null when unreadable. */
export function exactTime(timestamp: string | null): string | null {
  const at = timestamp === null ? NaN : Date.parse(timestamp);
  if (!Number.isFinite(at)) return null;
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
