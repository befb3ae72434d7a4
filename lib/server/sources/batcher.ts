/**
 * Gathers observations for a moment and sends them as one batch, in order. An exception in the receiver is logged and
 * never ends a watch.
 *
 * While the receiver processes the previous batch, observations wait, and only the latest state of each object is kept:
 * a watch never pauses, and the backlog is bounded by the number of objects.
 */
import type { Observation } from '../../model/observation';
import type { Emit, SourceContext } from './source';
import type { Timers } from './timers';
import { Waiting } from './waiting';

/** Sends observations in batches. */
export interface Batcher {
  add(...observations: Observation[]): void;
  /** Like `add`, for any number. */
  addAll(observations: readonly Observation[]): void;
  /** Sends the gathered observations, even to a busy receiver. */
  flush(): void;
  /** Adds and sends at once; resolves when everything has been applied, or on `close`. */
  deliver(observations: readonly Observation[]): Promise<void>;
  /** Drops the gathered observations and sends nothing more. */
  close(): void;
}

/** A larger burst is sent at once. */
const MOST = 5_000;

/** `gatherMs`: how long observations are gathered, in milliseconds; 0 sends with the next timer. */
export function createBatcher(ctx: SourceContext, timers: Timers, gatherMs: number, emit: Emit): Batcher {
  const waiting = new Waiting();
  /** Callers waiting for a batch to be applied. */
  const busy = new Set<() => void>();
  let since = 0;
  let cancel: (() => void) | null = null;
  let closed = false;

  const arm = (): void => {
    if (waiting.size >= MOST) flush();
    else cancel ??= timers.after(gatherMs, 'gather', flush);
  };
  const emitted = (observations: readonly Observation[], taken: () => void): void => {
    try {
      emit({ at: ctx.now(), since, observations }, taken);
    } catch (error) {
      ctx.log('error', `a batch of ${observations.length} observations failed: ${String(error)}`);
      taken();
    }
  };
  const begin = (): void => {
    if (waiting.size === 0) since = ctx.now();
  };
  /** Sends the waiting observations, followed by `more`. */
  const send = (more: readonly Observation[] = []): Promise<void> => {
    cancel?.();
    cancel = null;
    if (closed || waiting.size + more.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const taken = (): void => {
        busy.delete(taken);
        resolve();
        if (busy.size === 0 && waiting.size > 0 && !closed) arm();
      };
      busy.add(taken);
      emitted(waiting.size === 0 ? more : [...waiting.take(), ...more], taken);
    });
  };
  const flush = (): void => void send();
  const gather = (observations: readonly Observation[]): void => {
    if (closed) return;
    begin();
    for (const observation of observations) waiting.add(observation);
  };
  const addAll = (observations: readonly Observation[]): void => {
    gather(observations);
    if (!closed && busy.size === 0) arm();
  };
  return {
    add: (...observations) => addAll(observations),
    addAll,
    flush,
    deliver(observations) {
      // A list has each object once, so merging is not needed.
      begin();
      return send(observations);
    },
    close() {
      closed = true;
      cancel?.();
      cancel = null;
      waiting.take();
      for (const taken of busy) taken();
    },
  };
}
