/**
 * Gathers observations for a moment and sends them as one batch, in order. An exception in the receiver is logged, so
 * that it never ends a watch.
 */
import type { Observation } from '../../model/observation';
import type { Emit, SourceContext } from './source';
import type { Timers } from './timers';

export interface Batcher {
  add(...observations: Observation[]): void;
  /** Sends what is gathered now. */
  flush(): void;
  /** Drops what is gathered and sends nothing any more. */
  close(): void;
}

/** A larger burst is sent at once. */
const MOST = 5_000;

export function createBatcher(ctx: SourceContext, timers: Timers, gatherMs: number, emit: Emit): Batcher {
  let gathered: Observation[] = [];
  let since = 0;
  let cancel: (() => void) | null = null;
  let closed = false;

  const flush = (): void => {
    cancel?.();
    cancel = null;
    if (closed || gathered.length === 0) return;
    const observations = gathered;
    gathered = [];
    try {
      emit({ at: ctx.now(), since, observations });
    } catch (error) {
      ctx.log('error', `a batch of ${observations.length} observations failed: ${String(error)}`);
    }
  };
  return {
    add(...observations) {
      if (closed) return;
      if (gathered.length === 0) since = ctx.now();
      for (const observation of observations) gathered.push(observation);
      if (gathered.length >= MOST) flush();
      else cancel ??= timers.after(gatherMs, 'gather', flush);
    },
    flush,
    close() {
      closed = true;
      cancel?.();
      cancel = null;
      gathered = [];
    },
  };
}
