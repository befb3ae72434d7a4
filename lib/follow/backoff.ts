/**
 * The wait before a retry: "full jitter", so that a thousand viewers of a restarted server do not return all at once.
 */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Milliseconds to wait before attempt `attempt` (0: the first retry), uniform between 0 and a ceiling that doubles.
 * `random` returns [0, 1). At least 50 ms, so that a server that closes connections immediately is not called in a
 * tight loop.
 */
export function fullJitter(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.max(50, Math.floor(random() * ceiling));
}
