/** The clock of a file, stopped at the time the file was taken, so that ages and findings are those of that time. */
import type { Clock } from '../store/clock';

/** A stopped clock; its timers never fire. */
export interface FrozenClock extends Clock {
  /** Sets the time once the file has been read; epoch milliseconds. */
  stopAt(at: number): void;
}

/** Returns 0 until `stopAt` is called. */
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
