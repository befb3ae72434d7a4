/** Waits for what a store tells, and for what it tells without a commit. */
import type { Store } from '../../../lib/server/store/store';

/** What changes without a commit (a figure, a log line) is looked at so often, milliseconds. */
const LOOK_MS = 20;

/** Resolves when `holds` does; looks at every commit, and every now and then. */
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
