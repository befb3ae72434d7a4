/** The API version in which a kind is read: the first of its row's versions that the cluster serves. */
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { sleep, type Timers } from '../timers';
import type { Discovery } from './discovery';
import type { Policy } from './policy';

/** Options of the choice. */
export interface ServedVersionOptions {
  readonly row: AnyKindRow;
  readonly discovery: Discovery;
  readonly policy: Policy;
  readonly timers: Timers;
  readonly random: () => number;
  /** Called whenever another version, or the same one again, is to be used. */
  readonly changed: () => void;
}

/** The version in use. */
export class ServedVersion {
  readonly #options: ServedVersionOptions;
  /** In the order of the row. */
  #index = 0;

  constructor(options: ServedVersionOptions) {
    this.#options = options;
  }

  get current(): string {
    return this.#options.row.versions[this.#index] ?? 'v1';
  }

  /**
   * The cluster does not serve this version: selects the next one. False after the last one; the first is then due
   * again.
   */
  next(): boolean {
    const isLast = this.#index + 1 >= this.#options.row.versions.length;
    this.#use(isLast ? 0 : this.#index + 1);
    return !isLast;
  }

  /** Waits until the cluster serves one of the versions, or the signal is aborted. */
  async untilServed(signal: AbortSignal): Promise<void> {
    const { row, timers, policy, discovery, random } = this.#options;
    for (;;) {
      await sleep(timers, policy.absentMs * (0.8 + 0.4 * random()), 'absent', signal);
      if (signal.aborted) return;
      const served = await discovery.versions(row.group);
      const index = served === null ? 0 : row.versions.findIndex((each) => served.has(each));
      if (index < 0) continue;
      this.#use(index);
      return;
    }
  }

  #use(index: number): void {
    this.#index = index;
    this.#options.changed();
  }
}
