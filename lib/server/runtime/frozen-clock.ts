/**
 * The clock of a file: it stands at the time the file was taken, so that ages and rules say what they said then, and
 * nothing that changes by time alone changes.
 */
import type { Clock } from '../store/clock';

export interface FrozenClock extends Clock {
  /** Known once the file is read. Epoch milliseconds. */
  stand(at: number): void;
}

export function createFrozenClock(): FrozenClock {
  let time = 0;
  return {
    now: () => time,
    after: () => () => undefined,
    stand(at) {
      time = at;
    },
  };
}
