/**
 * The core of the collecting role: turns batches of observations into commits.
 *
 * - A batch becomes one commit, alone or together with other waiting batches, including the resulting findings. While
 * batches wait, findings are evaluated less often. A batch that changes no stored field makes no commit.
 * - The ages of sources are sent separately from the records, because they change with every answer.
 * - Between two slices of a large batch, the records are those before the batch.
 */
import type { Ages } from '../../model/lag';
import type { TableDelta } from '../../model/delta';
import type { Batch } from '../../model/observation';
import type { Change, Engine } from '../../topology/engine';
import type { Findings } from '../../findings/evaluate';
import type { Replica } from '../../records/replica';
import type { Clock } from '../store/clock';
import type { Serving } from '../store/roles';
import { BatchQueue } from './batch-queue';

/** Options of the collector. */
export interface CollectorOptions {
  readonly engine: Engine;
  /** Evaluates the rules after every change; null: no rules. */
  readonly findings: Pick<Findings, 'update' | 'tick' | 'settle' | 'nextDueAt'> | null;
  readonly clock: Clock;
  readonly serving: Pick<Serving, 'commit' | 'ages'>;
}

/**
 * Once a batch has waited this long (milliseconds), findings are evaluated only every `JUDGE_MS`: the first degradation
 * under overload.
 */
const LATE_MS = 1_000;
const JUDGE_MS = 2_000;
/** Maximum number of changed records whose findings are deferred; with more, the rules would check every record. */
const MAX_UNJUDGED = 2_500;

/** The collector of one engine. It owns timers; call `close` when done. */
export class Collector {
  /** The engine's own replica. */
  readonly replica: Replica;
  readonly #options: CollectorOptions;
  readonly #queue: BatchQueue;
  #ages: Ages = {};
  #judgedAt = Number.NEGATIVE_INFINITY;
  /** Number of records changed by commits whose findings have not been evaluated yet. */
  #unjudged = 0;
  #disarm: () => void = () => undefined;
  #isClosed = false;

  constructor(options: CollectorOptions) {
    const { engine, clock } = options;
    this.replica = engine.replica;
    this.#options = options;
    this.#queue = new BatchQueue({
      engine,
      clock,
      commit: (change) => this.#commitChange(change),
      idle: () => this.#rest(),
    });
    this.#arm();
  }

  /** Applies a batch synchronously, after the waiting ones; returns false when no stored field changed. */
  apply(batch: Batch): boolean {
    this.#enqueue(batch, () => undefined);
    return this.#queue.work(true);
  }

  /**
   * Applies a batch after the waiting ones, or together with them: a small one immediately, a relist in slices, but
   * always in a single commit. `done` runs when it has been committed. An urgent batch waits only for the one in
   * progress.
   */
  take(batch: Batch, done: () => void, isUrgent = false): void {
    this.#enqueue(batch, done, isUrgent);
    // With other batches waiting, the next slice processes all in order.
    if (this.#queue.size === 1) this.#queue.work(false);
  }

  /** Finishes waiting batches, and runs rules that are due or wait for further changes. */
  settle(): void {
    this.#queue.work(true);
    const { clock, findings } = this.#options;
    const now = clock.now();
    this.#commitFindings(findings?.settle(this.replica, now) ?? null);
    while ((findings?.nextDueAt ?? Infinity) <= now) this.#tick();
  }

  /** Cancels the timers. The records stay readable. */
  close(): void {
    this.#isClosed = true;
    this.#queue.close();
    this.#disarm();
  }

  #enqueue(batch: Batch, done: () => void, isUrgent = false): void {
    const before = this.#ages;
    for (const observation of batch.observations)
      if (observation.op === 'status' && this.#ages[observation.source.id] !== observation.source.asOf)
        this.#ages = { ...this.#ages, [observation.source.id]: observation.source.asOf };
    if (this.#ages !== before) this.#options.serving.ages(this.#ages);
    this.#queue.add(batch, done, isUrgent);
  }

  /** Commits a change together with the resulting findings, or without them when the queue is late. */
  #commitChange(change: Change | null): boolean {
    if (change === null) return false;
    const { clock, serving } = this.#options;
    const now = clock.now();
    const isLate = now - (this.#queue.waitingSince ?? now) > LATE_MS;
    this.#unjudged += recordsIn(change);
    const canWait = isLate && now - this.#judgedAt < JUDGE_MS && this.#unjudged < MAX_UNJUDGED;
    const findings = canWait ? null : this.#judge(now);
    serving.commit({ ...change, tables: { ...change.tables, ...(findings === null ? {} : { findings }) } });
    return true;
  }

  /** Evaluates the findings of all changes not covered yet. */
  #judge(now: number): TableDelta<'findings'> | null {
    this.#judgedAt = now;
    this.#unjudged = 0;
    const findings = this.#options.findings?.update(this.replica, now) ?? null;
    if (findings !== null) this.replica.apply({ findings });
    return findings;
  }

  /** Runs when the queue is empty. */
  #rest(): void {
    if (this.#unjudged > 0) {
      const findings = this.#judge(this.#options.clock.now());
      if (findings !== null) this.#options.serving.commit({ tables: { findings } });
    }
    this.#arm();
  }

  /** Applies changes due to time alone: the end of a cooldown, a rule that scheduled a re-evaluation. */
  #tick(): void {
    // In the middle of a batch the engine accepts nothing else; the timer is set again when the queue is empty.
    if (this.#queue.size > 0) return;
    const { engine, findings, clock } = this.#options;
    const now = clock.now();
    this.#commitChange(engine.tick(now));
    const due = findings?.nextDueAt ?? null;
    this.#commitFindings(findings === null || due === null || due > now ? null : findings.tick(this.replica, now));
    this.#arm();
  }

  #commitFindings(findings: TableDelta<'findings'> | null): void {
    if (findings === null) return;
    this.replica.apply({ findings });
    this.#options.serving.commit({ tables: { findings } });
  }

  #arm(): void {
    const { engine, findings, clock } = this.#options;
    this.#disarm();
    this.#disarm = () => undefined;
    if (this.#isClosed || this.#queue.size > 0) return;
    const due = Math.min(engine.nextTickAt ?? Infinity, findings?.nextDueAt ?? Infinity);
    if (due !== Infinity) this.#disarm = clock.after(Math.max(1, due - clock.now()), () => this.#tick());
  }
}

/** Number of records that a change touches; the cluster counts as one. */
const recordsIn = ({ tables }: Change): number =>
  Object.values(tables).reduce((sum, { put, patch, drop }) => sum + put.length + patch.length + drop.length, 1);
