/** Waits for a condition on a store and its surroundings, including changes without a commit. */
import type { Store } from '../../../lib/server/store/store';

/** Interval of checking for changes without a commit (a figure, a log line), in milliseconds. */
const LOOK_MS = 20;

/** Resolves when `holds` returns true; checked at every commit, and periodically. */
export const untilHolds = (store: Pick<Store, 'onCommit'>, holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!holds()) return;
      leave();
      clearInterval(timer);
      resolve();
    };
    const leave = store.onCommit(look);
    const timer = setInterval(look, LOOK_MS);
    look();
  });
