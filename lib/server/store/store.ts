/**
 * The versioned store: batches of observations in, versions of the record set out.
 *
 * Always: version n + 1 is version n plus one delta; a batch that changes no kept field makes no version; the ages of
 * sources are kept beside the records and make no version either (architecture.md, "The flow" 5). Listeners run after
 * the commit is whole, in the order in which they came, and must not throw.
 * Between two slices of a large batch the records stand as before it.
 */
import type { Delta } from '../../model/delta';
import type { Batch } from '../../model/observation';
import type { ClusterInfo, RecordMaps } from '../../model/records';
import type { Change, Engine } from '../../topology/engine';
import type { Findings } from '../../findings/evaluate';
import type { Replica } from '../../records/replica';
import { squash } from '../../records/squash';
import type { Clock } from './clock';
import type { Position } from './position';
import { createRing } from './ring';

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

/** The longest that one slice of a large batch keeps everybody else waiting. Milliseconds. */
const SLICE_MS = 20;

interface Work {
  readonly batch: Batch;
  readonly steps: Generator<undefined, Change | null>;
  readonly done: () => void;
}

/** What happened since a position: nothing, one squashed delta, or so much that the whole set must be fetched. */
export type Since =
  | { readonly kind: 'current' }
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'reset'; readonly reason: string };

export interface Store {
  readonly epoch: string;
  readonly version: number;
  readonly replica: Replica;
  /** The clock of the records: the server's, or of a file the time it was taken. Epoch ms. */
  now(): number;
  /** Bytes held by the ring of deltas. */
  readonly ringBytes: number;
  /** asOf of every source, fresher than the source records. */
  readonly ages: Readonly<Record<string, string | null>>;
  /** Puts another record set in the place of this one (a snapshot that was read): one version, and a reset for all. */
  replace(records: RecordMaps, cluster: ClusterInfo): void;
  /** Takes a batch in at once, after those that wait; false when no kept field changed. */
  apply(batch: Batch): boolean;
  /**
   * Takes a batch in, after those that wait: a small one at once, a relist in slices with room for others between them, and
   * as one version all the same. `done` runs when its version stands.
   */
  take(batch: Batch, done: () => void): void;
  /** Finishes what waits: batches in slices, rules that are due. */
  settle(): void;
  /** From `position` to version `to` (the newest when left out). */
  since(position: Position, to?: number): Since;
  /** Calls back after every commit; the answer ends that. */
  onCommit(listener: () => void): () => void;
  /** Disarms the timers. The records stay readable. */
  close(): void;
}

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

export function createStore(options: StoreOptions): Store {
  const { epoch, engine, findings, clock } = options;
  const { replica } = engine;
  const ring = createRing(options.ringBytes ?? RING_BYTES);
  const listeners = new Set<() => void>();
  let ages: Readonly<Record<string, string | null>> = {};
  let version = 0;
  /** Batches in the order in which they came; the first may be half done. */
  const queue: Work[] = [];
  let working = false;
  let cancelSlice: () => void = () => undefined;
  let disarm: () => void = () => undefined;
  let closed = false;

  const commit = (tables: Delta['tables'], cluster: Delta['cluster']): void => {
    ring.push({
      epoch,
      from: version,
      to: version + 1,
      at: clock.now(),
      ...(cluster === undefined ? {} : { cluster }),
      tables,
    });
    advance();
  };

  const advance = (): void => {
    version++;
    for (const listener of [...listeners]) listener();
  };

  /** Commits a change together with what the rules make of it. */
  const commitJudged = (change: Change | null): boolean => {
    if (change === null) return false;
    const judged = findings?.update(replica, change, clock.now()) ?? null;
    if (judged !== null) replica.apply({ findings: judged });
    commit({ ...change.tables, ...(judged === null ? {} : { findings: judged }) }, change.cluster);
    return true;
  };

  /** What changes by time alone: a cooldown that is over, a rule that asked to be run again. */
  const tick = (): void => {
    // Amid a batch the engine takes nothing else; it is armed again when that has ended.
    if (queue.length > 0) return;
    const now = clock.now();
    commitJudged(engine.tick(now));
    const due = findings?.nextDueAt ?? null;
    const judged = findings === null || due === null || due > now ? null : findings.tick(replica, now);
    if (judged !== null) {
      replica.apply({ findings: judged });
      commit({ findings: judged }, undefined);
    }
    arm();
  };

  const arm = (): void => {
    disarm();
    disarm = () => undefined;
    const due = Math.min(engine.nextTickAt ?? Infinity, findings?.nextDueAt ?? Infinity);
    if (!closed && queue.length === 0 && due !== Infinity) disarm = clock.after(Math.max(1, due - clock.now()), tick);
  };
  arm();

  const noteAges = (batch: Batch): void => {
    for (const observation of batch.observations)
      if (observation.op === 'status' && ages[observation.source.id] !== observation.source.asOf)
        ages = { ...ages, [observation.source.id]: observation.source.asOf };
  };

  const enqueue = (batch: Batch, done: () => void): void => {
    noteAges(batch);
    queue.push({ batch, steps: engine.steps(batch), done });
  };

  /** One step; a batch that has ended, or failed by our mistake, is off the queue. */
  const next = ({ steps }: Work): ReturnType<typeof steps.next> => {
    let done: boolean | undefined = true;
    try {
      const step = steps.next();
      done = step.done;
      return step;
    } finally {
      if (done === true) queue.shift();
    }
  };

  /** Works the queue off until it is empty or, unless `whole`, a slice is used up. Tells whether the last batch changed anything. */
  const work = (whole: boolean): boolean => {
    if (working) return false;
    working = true;
    cancelSlice();
    const until = clock.now() + SLICE_MS;
    let changed = false;
    try {
      for (let first = queue[0]; first !== undefined; first = queue[0]) {
        const step = next(first);
        if (step.done === true) {
          changed = commitJudged(step.value);
          first.done();
        } else if (!whole && clock.now() >= until) {
          cancelSlice = clock.after(0, () => void work(false));
          return false;
        }
      }
    } finally {
      working = false;
    }
    arm();
    return changed;
  };

  return {
    epoch,
    replica,
    get version() {
      return version;
    },
    now: () => clock.now(),
    get ringBytes() {
      return ring.bytes;
    },
    get ages() {
      return ages;
    },
    replace(records, cluster) {
      work(true);
      replica.reset(records, cluster);
      ages = Object.fromEntries([...records.sources.values()].map((source) => [source.id, source.asOf]));
      ring.clear();
      advance();
      arm();
    },
    apply(batch) {
      enqueue(batch, () => undefined);
      return work(true);
    },
    take(batch, done) {
      enqueue(batch, done);
      // Whoever waits for the next slice keeps the order.
      if (queue.length === 1) work(false);
    },
    settle() {
      work(true);
      const now = clock.now();
      while ((findings?.nextDueAt ?? Infinity) <= now) tick();
    },
    since(position, to = version) {
      if (position.epoch !== epoch) return { kind: 'reset', reason: 'the server was restarted since' };
      if (position.version > version) return { kind: 'reset', reason: 'this server has not reached that version' };
      if (position.version >= to) return { kind: 'current' };
      const span = ring.span(position.version, to);
      if (span === null) return { kind: 'reset', reason: 'that is further back than the server remembers' };
      if (span.bytes > (options.spanBytes ?? SPAN_BYTES))
        return { kind: 'reset', reason: 'more has changed since than the whole set weighs' };
      const delta = squashAll(span.deltas);
      return delta === null ? { kind: 'current' } : { kind: 'delta', delta };
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      cancelSlice();
      disarm();
    },
  };
}
