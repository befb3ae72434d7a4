/**
 * The contract of a source: one place facts come from.
 *
 * A source never throws outwards: its health is data (`status` observations). It begins with `start` and sends batches
 * until `stop` resolves; after that it sends nothing and holds no socket, timer or promise. `start` is called once.
 */
import type { Batch } from '../../model/observation';

export type Emit = (batch: Batch) => void;

/** What the world gives a source: the clock, chance and a log, passed in so that tests can hold them still. */
export interface SourceContext {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 0 ≤ x < 1; for jitter. */
  readonly random: () => number;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

export interface Source {
  /** Ids of the source records that it reports, known before it starts: `kubernetes/pods`. */
  readonly ids: readonly string[];
  start(emit: Emit): void;
  stop(): Promise<void>;
}
