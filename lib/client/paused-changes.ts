/**
 * Changes that arrive while the picture is paused: one squashed delta, never a queue, so that a pause of hours costs no
 * more than the records themselves. Above `PENDING_LIMIT` records the delta is dropped: only the count is kept, and
 * resuming loads the full set.
 */
import type { Delta } from '../model/delta';
import { TABLES } from '../model/records';
import { squash } from '../records/squash';

/** Maximum records in the pending delta. */
export const PENDING_LIMIT = 10_000;

/** What has arrived while paused. */
export interface Pending {
  /** Null once the full set must be loaded. */
  readonly delta: Delta | null;
  /** The version that the next delta must continue. */
  readonly epoch: string;
  readonly version: number;
  /** Changed records; a lower bound once `delta` is null. */
  readonly count: number;
}

/**
 * Number of records that a delta changes. Source records are left out, because their ages and states are shown beside
 * the picture.
 */
export function countRecords(delta: Delta): number {
  let count = 0;
  for (const table of TABLES) {
    const change = table === 'sources' ? undefined : delta.tables[table];
    if (change !== undefined) count += change.put.length + change.patch.length + change.drop.length;
  }
  return count;
}

/** Nothing has arrived since this position. */
export const nothingPending = (epoch: string, version: number): Pending => ({ delta: null, epoch, version, count: 0 });

/** Whether resuming must load the full set. */
export const mustRefetch = (pending: Pending): boolean => pending.delta === null && pending.count > 0;

/** Adds a delta, which must continue the pending version. */
export function addPending(pending: Pending, delta: Delta): Pending {
  const at = { epoch: delta.epoch, version: delta.to };
  if (mustRefetch(pending)) return { ...at, delta: null, count: pending.count + countRecords(delta) };
  const merged = pending.delta === null ? delta : squash(pending.delta, delta);
  const count = countRecords(merged);
  return { ...at, delta: count > PENDING_LIMIT ? null : merged, count };
}

/** After a gap or another epoch of the server: the pending changes are no longer a delta. */
export const lostPending = (pending: Pending, epoch: string, version: number): Pending => ({
  delta: null,
  epoch,
  version,
  count: Math.max(1, pending.count),
});
