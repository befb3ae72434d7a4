/**
 * The life cycle of a kind's consecutive watches: when each started, whether it has delivered anything, and when it
 * counts as lasting.
 */
import { Alarm, sleep, type Timers } from '../timers';
import type { WatchEvent } from './codec';
import type { Policy } from './policy';

/** Options. */
export interface WatchLifeOptions {
  readonly policy: Policy;
  readonly timers: Timers;
  readonly now: () => number;
  /** Called when a watch has lasted long enough to count as recovered. */
  readonly lasted: () => void;
}

/** The watches of one kind. */
export class WatchLife {
  readonly #options: WatchLifeOptions;
  readonly #lastedAlarm: Alarm;
  #began = Number.NEGATIVE_INFINITY;
  #hasSpoken = false;
  /** The server sends bookmarks, so silence is an error. */
  #hasBookmarks = false;

  constructor(options: WatchLifeOptions) {
    this.#options = options;
    this.#lastedAlarm = new Alarm(options.timers);
  }

  get hasBookmarks(): boolean {
    return this.#hasBookmarks;
  }

  /**
   * Ensures a gap between the starts of two watches: a server that ends each one immediately must not be queried in a
   * loop.
   */
  async gap(signal: AbortSignal): Promise<void> {
    const { now, policy, timers } = this.#options;
    const waitMs = this.#began + policy.watchGapMs - now();
    if (waitMs > 0) await sleep(timers, waitMs, 'watch gap', signal);
    this.#began = now();
  }

  /** `hasSpoken`: it has already delivered something, as a streamed list has. */
  opened(hasSpoken: boolean): void {
    this.#hasSpoken = hasSpoken;
    this.#lastedAlarm.arm(this.#options.policy.settledMs, 'settled', this.#options.lasted);
  }

  spoke(events: readonly WatchEvent[]): void {
    this.#hasSpoken = true;
    this.#hasBookmarks ||= events.some(({ type }) => type === 'bookmark');
    this.#lastedAlarm.cancel();
  }

  /** The watch has ended, or is about to. */
  ended(): void {
    this.#lastedAlarm.cancel();
  }

  /** Whether the watch ended immediately and without an event. */
  wasBrief(): boolean {
    return !this.#hasSpoken && this.#options.now() - this.#began < this.#options.policy.briefMs;
  }
}
