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
/** A span that weighs more than this is answered with a reset: the compressed full set is smaller and applied faster. */
export const SPAN_BYTES = 4 * 2 ** 20;

export interface StoreOptions {
  /** Letters and digits; new with every server start. */
  readonly epoch: string;
  readonly engine: Engine;
  /** The findings evaluator, run after every change; null runs no rules. */
  readonly findings: Findings | null;
  readonly clock: Clock;
  readonly ringBytes?: number;
  readonly spanBytes?: number;
}

/** What happened since a position: nothing, one squashed delta, or so much that the whole set must be fetched. */
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

  /** Puts another record set in the place of this one (a snapshot that was read): one version, and a reset for all. */
  replace(records: RecordMaps, cluster: ClusterInfo): void {
    this.#queue.work(true);
    this.replica.reset(records, cluster);
    this.#ages = Object.fromEntries([...records.sources.values()].map((source) => [source.id, source.asOf]));
    this.#ring.clear();
    this.#advance();
    this.#arm();
  }

  /** Takes a batch in at once, after those that wait; false when no kept field changed. */
  apply(batch: Batch): boolean {
    this.#enqueue(batch, () => undefined);
    return this.#queue.work(true);
  }

  /**
   * Takes a batch in, after those that wait: a small one at once, a relist in slices with room for others between them, and
   * as one version all the same. `done` runs when its version stands.
   */
  take(batch: Batch, done: () => void): void {
    this.#enqueue(batch, done);
    // With others before it, the next slice keeps the order.
    if (this.#queue.size === 1) this.#queue.work(false);
  }

  /** Finishes what waits: batches in slices, rules that are due. */
  settle(): void {
    this.#queue.work(true);
    const now = this.now();
    while ((this.#options.findings?.nextDueAt ?? Infinity) <= now) this.#tick();
  }

  /** From `position` to version `to` (the newest when left out). */
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

  /** Calls back after every commit; the returned function ends that. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Disarms the timers. The records stay readable. */
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

  /** Commits a change together with what the rules make of it. */
  #commitChange(change: Change | null): boolean {
    if (change === null) return false;
    const findings = this.#options.findings?.update(this.replica, change, this.now()) ?? null;
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

  /** What changes by time alone: a cooldown that is over, a rule that asked to be run again. */
  #tick(): void {
    // Amid a batch the engine takes nothing else; the timer is armed again when the queue is empty.
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
