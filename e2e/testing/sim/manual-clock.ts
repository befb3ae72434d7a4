import type { Clock } from '../../../lib/sim/model/clock';

/**
 * A clock that advances only by `advance`. With it, a seed and a number of steps determine every object. `start` is in
 * epoch milliseconds.
 */
export function createManualClock(start = Date.UTC(2026, 8, 1, 12)): Clock & { advance(milliseconds: number): void } {
  let time = start;
  return {
    now: () => time,
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}
