/** Ages and times in words. The clock is passed in. An unreadable time is null, never "0 s". */
import { knownTime } from '../model/unknown-time';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * `12 s`, `4 min`, `3 h`, `3 d`; null for an unreadable or unknown time, and if `now` is NaN. A time in the future counts
 * as now.
 */
export function ageOf(timestamp: string | null, now: number): string | null {
  const at = knownTime(timestamp);
  return at === null || Number.isNaN(now) ? null : duration(now - at);
}

/** A duration in its largest whole unit. `ms`: milliseconds. */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h`;
  return `${Math.floor(span / DAY)} d`;
}

/** A duration in its two largest units, zero units left out: `2 min 16 s`. `seconds` is whole. */
export function exactDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : []))
    .join(' ');
}

/** `2026-11-21 06:04:00 UTC`, for titles; null when unreadable or unknown. */
export function exactTime(timestamp: string | null): string | null {
  const at = knownTime(timestamp);
  return at === null ? null : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
