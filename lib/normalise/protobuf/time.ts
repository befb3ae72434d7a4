/**
 * `Time` and `MicroTime` (seconds 1, nanoseconds 2) in their JSON form: RFC 3339 in UTC, the latter with microseconds; null
 * if unset.
 */
import type { Wire } from './wire';

const SECONDS = 1 << 3;
const NANOS = 2 << 3;
const DAY = 86_400;

const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** Cache of `2026-09-01T` by day since 1970; a cluster's objects were created on few distinct days. */
const days = new Map<number, string>();
const MAX_DAYS = 10_000;

/** Null if the year does not have four digits, as in Go. */
function dayOf(day: number): string | null {
  const known = days.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY * 1000);
  const year = date.getUTCFullYear();
  // Also catches NaN: beyond the range of a Date.
  if (!(year >= 0 && year <= 9999)) return null;
  const text = date.toISOString().slice(0, 11);
  if (days.size >= MAX_DAYS) days.clear();
  days.set(day, text);
  return text;
}

function format(wire: Wire, fraction: (nanos: number) => string): string | null {
  if (wire.at >= wire.end) return null;
  let seconds = 0;
  let nanos = 0;
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    if (tag === SECONDS) seconds = wire.varint64();
    else if (tag === NANOS) nanos = wire.varint32();
    else wire.skip(tag & 7);
  }
  const day = Math.floor(seconds / DAY);
  const date = dayOf(day);
  if (date === null) return null;
  const left = seconds - day * DAY;
  const clock = `${two[Math.floor(left / 3600)]}:${two[Math.floor(left / 60) % 60]}:${two[left % 60]}`;
  return `${date}${clock}${fraction(nanos)}Z`;
}

/** A `Time`, to the second; null if unset or out of range. */
const wholeSeconds = (): string => '';

/** A `Time`, to the second; null if unset or out of range. */
export const time = (wire: Wire): string | null => format(wire, wholeSeconds);

/** A `MicroTime`, with six decimals; null if unset or out of range. */
export const microTime = (wire: Wire): string | null =>
  format(wire, (nanos) => `.${String(Math.floor(nanos / 1000) % 1_000_000).padStart(6, '0')}`);
