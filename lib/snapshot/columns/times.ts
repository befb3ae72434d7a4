/**
 * Converts RFC 3339 times to whole seconds and back, in large numbers: `Date` runs once per day, the rest is
 * arithmetic.
 */
const SECONDS = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)Z$/;
const DAY = 86_400;
/** A cluster's times are on a few days; the limit bounds the cache for hostile input. */
const MAX_DAYS = 10_000;

const dayNumbers = new Map<string, number | null>();
const dayTexts = new Map<number, string>();

function remember<K, V>(memo: Map<K, V>, key: K, value: V): V {
  if (memo.size >= MAX_DAYS) memo.clear();
  memo.set(key, value);
  return value;
}

/** Days since 1970; null for a date that does not exist (February 30th). */
function dayOf(text: string): number | null {
  const known = dayNumbers.get(text);
  if (known !== undefined) return known;
  const time = Date.parse(`${text}T00:00:00Z`);
  const day = Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? null : time / (DAY * 1000);
  return remember(dayNumbers, text, day);
}

/** Seconds since 1970; null for text that would not convert back to itself. */
export function wholeSecondsOrNull(text: string): number | null {
  const match = text.length === 20 ? SECONDS.exec(text) : null;
  if (match === null) return null;
  const day = dayOf(match[1] ?? '');
  return day === null ? null : day * DAY + Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]);
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** The inverse of `wholeSecondsOrNull`. */
export function timeOf(seconds: number): string {
  const day = Math.floor(seconds / DAY);
  const rest = seconds - day * DAY;
  const text = dayTexts.get(day) ?? remember(dayTexts, day, new Date(day * DAY * 1000).toISOString().slice(0, 10));
  const hours = TWO_DIGITS[Math.floor(rest / 3600)] ?? '';
  const minutes = TWO_DIGITS[Math.floor(rest / 60) % 60] ?? '';
  return `${text}T${hours}:${minutes}:${TWO_DIGITS[rest % 60] ?? ''}Z`;
}
