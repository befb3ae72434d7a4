/**
 * The timers of the sources (back-off, deadlines, gathering, polling). They are passed in, so that a test controls time
 * and ends a wait by its label.
 */
export interface Timers {
  /** Runs `run` once after `milliseconds`; the returned function cancels it. `label` names the wait. */
  after(milliseconds: number, label: string, run: () => void): () => void;
}

/** Real timers. Unlike those of `Clock`, they keep the process alive. */
export const systemTimers: Timers = {
  after(milliseconds, _label, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `milliseconds`, or when `signal` aborts. Never rejects. */
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

/** A timer that can be set again, which cancels the previous wait. */
export class Alarm {
  readonly #timers: Timers;
  #cancel = (): void => undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  arm(milliseconds: number, label: string, run: () => void): void {
    this.#cancel();
    this.#cancel = this.#timers.after(milliseconds, label, run);
  }

  cancel(): void {
    this.#cancel();
    this.#cancel = () => undefined;
  }
}
