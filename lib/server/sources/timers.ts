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

/** One timer that is armed again and again: arming it cancels what it was armed for before. */
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
