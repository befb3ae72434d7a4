/**
 * The pure core: batches of facts in, changes of records out.
 *
 * Always holds: the replica equals what a new engine makes of the same facts, and equals its own changes applied in order.
 * A batch applied twice changes nothing; batches of different sources commute. The clock is `batch.at` and `tick`.
 */
import type { Delta } from '../model/delta';
import type { Batch } from '../model/observation';
import type { ClusterInfo } from '../model/records';
import type { Replica } from './replica';

export interface Change {
  /** Whole, when anything in it changed. */
  readonly cluster?: ClusterInfo;
  /** Never the findings table. */
  readonly tables: Delta['tables'];
}

export interface Engine {
  /** Takes in one batch, whole or not at all. Null when no kept field changed. */
  apply(batch: Batch): Change | null;
  /** Re-derives what depends on time alone: an address whose cooldown is over. `now` in epoch milliseconds. */
  tick(now: number): Change | null;
  /** When `tick` may next change something, epoch milliseconds; null when nothing waits. */
  readonly nextTickAt: number | null;
  readonly replica: Replica;
}
