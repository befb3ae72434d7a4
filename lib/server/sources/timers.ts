/**
 * Timers as a thing that is passed in, so that a test can hold time still and name the wait it ends.
 * Every wait of a source goes through here: back-off, deadlines, gathering, polling.
 */
export interface Timers {
  /** Runs `run` once after `milliseconds`; the returned function cancels it. `label` says what is awaited. */
  after(milliseconds: number, label: string, run: () => void): () => void;
}

export const systemTimers: Timers = {
  after(milliseconds, _label, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `milliseconds`, or at once when `signal` is aborted. Never rejects. */
export function sleep(timers: Timers, milliseconds: number, label: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timers.after(milliseconds, label, done);
    signal.addEventListener('abort', done);
  });
}
