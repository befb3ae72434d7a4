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

/** `2026-09-01T12:00:00`; null if out of range. */
function secondOf(seconds: number): string | null {
  const day = Math.floor(seconds / DAY);
  const date = dayOf(day);
  if (date === null) return null;
  const left = seconds - day * DAY;
  return `${date}${two[Math.floor(left / 3600)]}:${two[Math.floor(left / 60) % 60]}:${two[left % 60]}`;
}

function read(wire: Wire, format: (seconds: number, nanos: number) => string | null): string | null {
  if (wire.at >= wire.end) return null;
  let seconds = 0;
  let nanos = 0;
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    if (tag === SECONDS) seconds = wire.varint64();
    else if (tag === NANOS) nanos = wire.varint32();
    else wire.skip(tag & 7);
  }
  return format(seconds, nanos);
}

/** Number of slots of the cache of times: a power of two. */
const CACHE_SIZE = 1024;
/** Cache of times by their seconds: the pods of a workload are created and started within the same few seconds. */
const times = new Array<{ readonly seconds: number; readonly text: string | null } | undefined>(CACHE_SIZE);

function timeOf(seconds: number): string | null {
  const place = seconds & (CACHE_SIZE - 1);
  const known = times[place];
  if (known?.seconds === seconds) return known.text;
  const second = secondOf(seconds);
  const text = second === null ? null : `${second}Z`;
  times[place] = { seconds, text };
  return text;
}

function microTimeOf(seconds: number, nanos: number): string | null {
  const second = secondOf(seconds);
  return second === null ? null : `${second}.${String(Math.floor(nanos / 1000) % 1_000_000).padStart(6, '0')}Z`;
}

/** A `Time`, to the second; null if unset or out of range. */
export const time = (wire: Wire): string | null => read(wire, timeOf);

/** A `MicroTime`, with six decimals; null if unset or out of range. */
export const microTime = (wire: Wire): string | null => read(wire, microTimeOf);
