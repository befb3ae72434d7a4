/** Reports the progress of a list: n of about m. The server is asked for m once, if a list takes more than one page. */
import type { LagReading } from '../lags';
import { askCount, type AskOptions } from './lag-question';

/** The progress of one kind's lists. */
export class ListProgress {
  readonly #options: AskOptions;
  readonly #reading: LagReading;
  readonly #signal: AbortSignal;
  #about: number | null = null;
  #isCountRequested = false;
  #read: number | null = null;

  constructor(options: AskOptions, reading: LagReading, signal: AbortSignal) {
    this.#options = options;
    this.#reading = reading;
    this.#signal = signal;
  }

  /** This many objects have been read, and more follow. */
  has(read: number): void {
    this.#read = read;
    this.#report();
    if (this.#isCountRequested) return;
    this.#isCountRequested = true;
    void askCount(this.#options, this.#signal).then((count) => {
      this.#about = count ?? this.#about;
      this.#report();
    });
  }

  /** The list is complete or aborted. */
  end(): void {
    this.#read = null;
    this.#isCountRequested = false;
    this.#report();
  }

  #report(): void {
    const read = this.#read;
    this.#reading.listing(
      read === null ? null : { read, about: this.#about === null ? null : Math.max(read, this.#about) },
    );
  }
}
