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
    const { timers, policy, random } = this.#options;
    for (;;) {
      await sleep(timers, policy.absentMs * (0.8 + 0.4 * random()), 'absent', signal);
      if (signal.aborted) return;
      const index = await this.#served();
      if (index === null) continue;
      this.#use(index);
      return;
    }
  }

  /** The first version that may be served; null if none is. A group version may lack the kind: an alpha one, or a CRD. */
  async #served(): Promise<number | null> {
    const { row, discovery } = this.#options;
    const served = await discovery.versions(row.group);
    if (served === null) return 0;
    for (const [index, version] of row.versions.entries())
      if (served.has(version) && (await discovery.resources(row.group, version))?.has(row.resource) !== false)
        return index;
    return null;
  }

  #use(index: number): void {
    this.#index = index;
    this.#options.changed();
  }
}
