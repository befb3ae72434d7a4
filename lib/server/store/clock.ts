/** The clock of the server's parts, passed in so that tests can control it. */

/** A clock with timers. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `run` once after at least `ms` milliseconds; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** Maximum wait that Node's timers support; a longer one would fire immediately. */
const LONGEST_MS = 2 ** 31 - 1;

/** Real time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), LONGEST_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
