/**
 * The versioned store: batches of observations in, versions of the record set out.
 *
 * - Version n + 1 is version n plus one delta. A batch that changes no kept field makes no version.
 * - The ages of sources are kept beside the records and make no version: they change with every answer.
 * - Listeners run after the commit is complete, in the order in which they were added, and must not throw.
 * - Between two slices of a large batch the records are as before it.
 */
import type { Delta } from '../../model/delta';
import type { Batch } from '../../model/observation';
import type { ClusterInfo, RecordMaps } from '../../model/records';
import type { Change, Engine } from '../../topology/engine';
import type { Findings } from '../../findings/evaluate';
import type { Replica } from '../../records/replica';
import { squash } from '../../records/squash';
import { BatchQueue } from './batch-queue';
import type { Clock } from './clock';
import type { Position } from './position';
import { createRing, type Ring } from './ring';

export const RING_BYTES = 64 * 2 ** 20;
/** A longer span is answered with a reset: the compressed full set is smaller and applied faster. */
export const SPAN_BYTES = 4 * 2 ** 20;

export interface StoreOptions {
  /** Letters and digits; new with every server start. */
  readonly epoch: string;
  readonly engine: Engine;
  /** Evaluates the rules after every change; null: no rules. */
  readonly findings: Findings | null;
  readonly clock: Clock;
  readonly ringBytes?: number;
  readonly spanBytes?: number;
}

/** What changed since a position: nothing, one squashed delta, or so much that the full set must be fetched. */
export type Since =
  | { readonly kind: 'current' }
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'reset'; readonly reason: string };

/** Squashes neighbours first, so that n small deltas cost n log n, not n². */
function squashAll(deltas: readonly Delta[]): Delta | null {
  let level = [...deltas];
  while (level.length > 1) {
    const next: Delta[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [a, b] = [level[i], level[i + 1]];
      if (a !== undefined) next.push(b === undefined ? a : squash(a, b));
    }
    level = next;
  }
  return level[0] ?? null;
}

export class Store {
  readonly epoch: string;
  readonly replica: Replica;
  readonly #options: StoreOptions;
  readonly #ring: Ring;
  readonly #queue: BatchQueue;
  readonly #listeners = new Set<() => void>();
  #ages: Readonly<Record<string, string | null>> = {};
  #version = 0;
  #disarm: () => void = () => undefined;
  #isClosed = false;

  constructor(options: StoreOptions) {
    const { engine, clock } = options;
    this.epoch = options.epoch;
    this.replica = engine.replica;
    this.#options = options;
    this.#ring = createRing(options.ringBytes ?? RING_BYTES);
    this.#queue = new BatchQueue({
      engine,
      clock,
      commit: (change) => this.#commitChange(change),
      idle: () => this.#arm(),
    });
    this.#arm();
  }

  get version(): number {
    return this.#version;
  }

  /** Bytes held by the ring of deltas, by estimate. */
  get ringBytes(): number {
    return this.#ring.bytes;
  }

  /** `asOf` of every source, fresher than the source records. */
  get ages(): Readonly<Record<string, string | null>> {
    return this.#ages;
  }

  /** The clock of the records: the server's, or for a file the time when it was taken. Epoch milliseconds. */
  now(): number {
    return this.#options.clock.now();
  }

  /** Replaces the record set (by a snapshot that was read): one version, and a reset for every viewer. */
  replace(records: RecordMaps, cluster: ClusterInfo): void {
    this.#queue.work(true);
    this.replica.reset(records, cluster);
    this.#ages = Object.fromEntries([...records.sources.values()].map((source) => [source.id, source.asOf]));
    this.#ring.clear();
    this.#advance();
    this.#arm();
  }

  /** Applies a batch at once, after those that wait; false when no kept field changed. */
  apply(batch: Batch): boolean {
    this.#enqueue(batch, () => undefined);
    return this.#queue.work(true);
  }

  /**
   * Applies a batch after those that wait: a small one at once, a relist in slices, but always as one version. `done`
   * runs when it has been committed.
   */
  take(batch: Batch, done: () => void): void {
    this.#enqueue(batch, done);
    // When others wait, the next slice works them off in order.
    if (this.#queue.size === 1) this.#queue.work(false);
  }

  /** Finishes waiting batches and runs rules that are due. */
  settle(): void {
    this.#queue.work(true);
    const now = this.now();
    while ((this.#options.findings?.nextDueAt ?? Infinity) <= now) this.#tick();
  }

  /** From `position` to version `to` (the newest by default). */
  since(position: Position, to = this.#version): Since {
    if (position.epoch !== this.epoch) return { kind: 'reset', reason: 'the server was restarted since' };
    if (position.version > this.#version) return { kind: 'reset', reason: 'this server has not reached that version' };
    if (position.version >= to) return { kind: 'current' };
    const span = this.#ring.span(position.version, to);
    if (span === null) return { kind: 'reset', reason: 'that is further back than the server remembers' };
    if (span.bytes > (this.#options.spanBytes ?? SPAN_BYTES))
      return { kind: 'reset', reason: 'more has changed since than the whole set weighs' };
    const delta = squashAll(span.deltas);
    return delta === null ? { kind: 'current' } : { kind: 'delta', delta };
  }

  /** Calls `listener` after every commit; the returned function stops that. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Cancels the timers. The records stay readable. */
  close(): void {
    this.#isClosed = true;
    this.#queue.close();
    this.#disarm();
  }

  #enqueue(batch: Batch, done: () => void): void {
    for (const observation of batch.observations)
      if (observation.op === 'status' && this.#ages[observation.source.id] !== observation.source.asOf)
        this.#ages = { ...this.#ages, [observation.source.id]: observation.source.asOf };
    this.#queue.add(batch, done);
  }

  /** Commits a change together with the findings that follow from it. */
  #commitChange(change: Change | null): boolean {
    if (change === null) return false;
    const findings = this.#options.findings?.update(this.replica, this.now()) ?? null;
    if (findings !== null) this.replica.apply({ findings });
    this.#commit({ ...change.tables, ...(findings === null ? {} : { findings }) }, change.cluster);
    return true;
  }

  #commit(tables: Delta['tables'], cluster: Delta['cluster']): void {
    const { epoch } = this;
    const from = this.#version;
    const to = from + 1;
    this.#ring.push({ epoch, from, to, at: this.now(), ...(cluster === undefined ? {} : { cluster }), tables });
    this.#advance();
  }

  #advance(): void {
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Applies what changes with time alone: the end of a cooldown, a rule that asked to run again. */
  #tick(): void {
    // In the middle of a batch the engine takes nothing else; the timer is armed again when the queue is empty.
    if (this.#queue.size > 0) return;
    const { engine, findings } = this.#options;
    const now = this.now();
    this.#commitChange(engine.tick(now));
    const due = findings?.nextDueAt ?? null;
    const found = findings === null || due === null || due > now ? null : findings.tick(this.replica, now);
    if (found !== null) {
      this.replica.apply({ findings: found });
      this.#commit({ findings: found }, undefined);
    }
    this.#arm();
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
