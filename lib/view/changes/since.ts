/** The start of the shown changes, as in the URL: a span (`5m`) or the time of a mark. */

/** The spans on offer; `since` is the value in the URL. */
export const SPANS = [
  { since: '1m', label: '1 min', ms: 60_000 },
  { since: '5m', label: '5 min', ms: 5 * 60_000 },
  { since: '15m', label: '15 min', ms: 15 * 60_000 },
] as const;

/** The time of a mark in epoch ms; null for a span and for an empty value. */
export function markOf(since: string): number | null {
  const at = SPANS.some((span) => span.since === since) ? NaN : Date.parse(since);
  return Number.isFinite(at) ? at : null;
}

/** A mark for the URL. `at`: epoch ms. */
export const markAt = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The start in epoch ms; null: from the start of the log. `now`: the server's clock, epoch ms. */
export function sinceMoment(since: string, now: number): number | null {
  const span = SPANS.find((one) => one.since === since);
  return span === undefined ? markOf(since) : now - span.ms;
}
