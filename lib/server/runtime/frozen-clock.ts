/** The clock of a file, stopped when the file was taken, so that ages and findings are those of that time. */
import type { Clock } from '../store/clock';

/** A clock that does not run; its timers never fire. */
export interface FrozenClock extends Clock {
  /** `at` is known once the file has been read; epoch milliseconds. */
  stopAt(at: number): void;
}

/** Shows 0 until `stopAt` is called. */
export function createFrozenClock(): FrozenClock {
  let time = 0;
  return {
    now: () => time,
    after: () => () => undefined,
    stopAt(at) {
      time = at;
    },
  };
}
