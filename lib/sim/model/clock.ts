/** The clock of a simulated cluster: the wall, or one that only moves when told. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Present only on a clock that stands still by itself. */
  advance?(milliseconds: number): void;
}

export const wallClock: Clock = { now: () => Date.now() };

/** Starts where told and moves only by `advance`; with it, a seed and a number of steps decide every object. */
export function createManualClock(start = Date.UTC(2026, 8, 1, 12)): Clock & { advance(milliseconds: number): void } {
  let time = start;
  return {
    now: () => time,
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}

/** RFC 3339 in whole seconds, as the Kubernetes API writes `metav1.Time`. */
export const rfc3339 = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
