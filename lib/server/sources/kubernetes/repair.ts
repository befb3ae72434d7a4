/**
 * Repairs the differences that a comparison has found, beside the running watch, so that nothing becomes stale: lists
 * whole objects and decodes only those that differ. Objects with events since the comparison keep the state from those
 * events.
 */
import { sleep, type Timers } from '../timers';
import type { Item, Page } from './codec';
import type { Policy } from './policy';
import type { Marked } from './project';
import { TroubleError } from './trouble';

/** Reads and replaces objects. */
export interface RepairOptions {
  readonly policy: Pick<Policy, 'comparePauseMs'>;
  readonly timers: Timers;
  /** A page of whole objects. Throws a `TroubleError`. */
  readonly list: (next: string | null, signal: AbortSignal) => Promise<Page>;
  readonly put: (item: Item) => void;
  readonly drop: (name: string) => void;
}

/** Names of objects. */
export interface Differing {
  /** Missing here, or known with another version. */
  readonly toRead: readonly string[];
  readonly gone: readonly string[];
}

/** False when the objects could not be read: then a relist is needed. Null when the comparison is no longer valid. */
export async function repair(
  { policy, timers, list, put, drop }: RepairOptions,
  { toRead, gone }: Differing,
  marked: Pick<Marked, 'touched' | 'isCurrent'>,
  signal: AbortSignal,
): Promise<boolean | null> {
  const left = new Set(toRead);
  try {
    for (let next: string | null = null; left.size > 0;) {
      const page = await list(next, signal);
      if (signal.aborted || !marked.isCurrent()) return null;
      for (const item of page.items) if (left.delete(item.key) && !marked.touched.has(item.key)) put(item);
      ({ next } = page);
      if (next === null) break;
      if (left.size > 0) await sleep(timers, policy.comparePauseMs, 'repair pause', signal);
    }
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
    return signal.aborted ? null : false;
  }
  // Objects that were not listed have been deleted meanwhile.
  for (const name of [...gone, ...left]) if (!marked.touched.has(name)) drop(name);
  return true;
}
