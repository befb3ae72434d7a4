/**
 * Delays the first list of pods until the other kinds are known. Pods derived before their nodes and networks would be
 * derived twice.
 */
import type { Status } from '../../../model/observation';
import { EVENTS, PODS } from '../../../model/source-ids';
import { sleep, type Timers } from '../timers';
import type { Policy } from './policy';

/** Delays the first list of pods. */
export class PodsLast {
  /** Sources that have neither answered nor failed yet. Events are not waited for. */
  readonly #starting: Set<string>;
  readonly #allListed = new AbortController();

  constructor(sources: readonly string[]) {
    this.#starting = new Set(sources.filter((id) => id !== PODS && id !== EVENTS));
  }

  report({ source: { id, state } }: Status): void {
    if (state !== 'starting' && this.#starting.delete(id) && this.#starting.size === 0) this.#allListed.abort();
  }

  /** Resolves when a source may be listed; for pods, after `podsWaitMs` at the latest. */
  async turnOf(source: string, timers: Timers, policy: Policy, signal: AbortSignal): Promise<void> {
    if (source === PODS && this.#starting.size > 0)
      await sleep(timers, policy.podsWaitMs, 'pods last', AbortSignal.any([signal, this.#allListed.signal]));
  }
}
