/**
 * Gathers observations for a moment and hands them on as one batch, in the order in which they came.
 * An exception in the receiver is logged: it must never end a watch.
 */
import type { Observation } from '../../model/observation';
import type { Emit, SourceContext } from './source';
import type { Timers } from './timers';

export interface Batcher {
  add(...observations: Observation[]): void;
  /** Hands on what is gathered, now. Also used around a relist, which is a batch of its own. */
  flush(): void;
  /** Ends it: what is gathered is dropped, and nothing is handed on any more. */
  close(): void;
}

/** A burst is handed on before it grows beyond this. */
const MOST = 5_000;

export function createBatcher(ctx: SourceContext, timers: Timers, gatherMs: number, emit: Emit): Batcher {
  let gathered: Observation[] = [];
  let cancel: (() => void) | null = null;
  let closed = false;

  const flush = (): void => {
    cancel?.();
    cancel = null;
    if (closed || gathered.length === 0) return;
    const observations = gathered;
    gathered = [];
    try {
      emit({ at: ctx.now(), observations });
    } catch (error) {
      ctx.log('error', `a batch of ${observations.length} observations failed: ${String(error)}`);
    }
  };
  return {
    add(...observations) {
      if (closed) return;
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
