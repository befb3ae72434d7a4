/**
 * The contract of a source of facts.
 *
 * A source never throws: its health is data (`status` observations). It sends batches from `start`, which is called
 * once, until `stop` resolves; after that it holds no socket, timer or promise.
 */
import type { LogLevel } from '../../model/log-level';
import type { Batch } from '../../model/observation';
import type { LagReading } from './lags';

/** Receives batches. `applied` is called when the batch has been applied. */
export type Emit = (batch: Batch, applied?: () => void) => void;

/** The clock, randomness and a log, passed in so that tests can control them. */
export interface SourceContext {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 0 ≤ x < 1; for jitter. */
  readonly random: () => number;
  /** Creates a lag reading for a source id; one per watch or poll. */
  readonly lagOf: (source: string) => LagReading;
  readonly log: (level: LogLevel, message: string) => void;
}

/** A source of facts. */
export interface Source {
  /** Ids of the source records that it reports, known before it starts: `kubernetes/pods`. */
  readonly ids: readonly string[];
  start(emit: Emit): void;
  stop(): Promise<void>;
}
