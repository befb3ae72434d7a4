/**
 * Feeds batches to the engine in order, in slices, so that a large batch does not block the event loop. Waiting batches
 * are applied together: a record that several of them affect is derived once, so a late queue catches up.
 */
import type { Batch } from '../../model/observation';
import type { Change, Engine } from '../../topology/engine';
import type { Clock } from '../store/clock';

/** Maximum time that one slice of a large batch blocks the event loop, in milliseconds. */
const SLICE_MS = 20;

/**
 * Maximum number of facts applied together if they come from several batches, because their change is not processed in
 * slices.
 */
const MAX_FACTS = 20_000;

interface Work {
  readonly batch: Batch;
  readonly done: () => void;
  readonly isUrgent: boolean;
}

/** Batches in progress. */
interface Turn {
  readonly works: readonly Work[];
  readonly steps: Generator<undefined, Change | null>;
}

/** Options of the queue. */
export interface BatchQueueOptions {
  readonly engine: Pick<Engine, 'steps'>;
  readonly clock: Clock;
  /** Called with the change of each turn; returns whether a version was created. */
  readonly commit: (change: Change | null) => boolean;
  /** Called when the queue is empty. */
  readonly idle: () => void;
}

/** The queue of batches of one engine. */
export class BatchQueue {
  readonly #options: BatchQueueOptions;
  #turn: Turn | null = null;
  readonly #waiting: Work[] = [];
  #isWorking = false;
  #cancelSlice: () => void = () => undefined;

  constructor(options: BatchQueueOptions) {
    this.#options = options;
  }

  /** Number of batches that are not complete. */
  get size(): number {
    return (this.#turn?.works.length ?? 0) + this.#waiting.length;
  }

  /** When the first incomplete batch arrived, epoch milliseconds; null when none waits. */
  get waitingSince(): number | null {
    const first = this.#turn?.works[0] ?? this.#waiting[0];
    return first === undefined ? null : (first.batch.since ?? first.batch.at);
  }

  /**
   * Adds a batch. `done` runs when it has been committed. An urgent batch waits only for those in progress and is not
   * combined with others.
   */
  add(batch: Batch, done: () => void, isUrgent: boolean): void {
    const work = { batch, done, isUrgent };
    const before = isUrgent ? this.#waiting.findIndex((other) => !other.isUrgent) : -1;
    this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, work);
  }

  /**
   * Works until the queue is empty or, unless `whole`, the time slice is used up. Returns whether the last turn created
   * a version.
   */
  work(whole: boolean): boolean {
    if (this.#isWorking) return false;
    this.#isWorking = true;
    this.#cancelSlice();
    const { clock, commit, idle } = this.#options;
    const until = clock.now() + SLICE_MS;
    let hasChanged = false;
    try {
      for (let turn = this.#nextTurn(); turn !== null; turn = this.#nextTurn()) {
        const step = this.#step(turn);
        if (step.done === true) {
          hasChanged = commit(step.value);
          for (const { done } of turn.works) done();
        } else if (!whole && clock.now() >= until) {
          this.#cancelSlice = clock.after(0, () => void this.work(false));
          return false;
        }
      }
    } finally {
      this.#isWorking = false;
    }
    idle();
    return hasChanged;
  }

  close(): void {
    this.#cancelSlice();
  }

  /** The turn in progress, or the next waiting batches that may be applied together; null when none waits. */
  #nextTurn(): Turn | null {
    if (this.#turn !== null || this.#waiting.length === 0) return this.#turn;
    let count = 0;
    let facts = 0;
    for (const { batch, isUrgent } of this.#waiting) {
      facts += factsIn(batch);
      if (count > 0 && (facts > MAX_FACTS || isUrgent !== this.#waiting[0]?.isUrgent)) break;
      count++;
    }
    const works = this.#waiting.splice(0, count);
    return (this.#turn = { works, steps: this.#options.engine.steps(works.map(({ batch }) => batch)) });
  }

  /** A turn ends when its batches are complete or when one of them throws. */
  #step({ steps }: Turn): IteratorResult<undefined, Change | null> {
    let isDone: boolean | undefined = true;
    try {
      const step = steps.next();
      isDone = step.done;
      return step;
    } finally {
      if (isDone === true) this.#turn = null;
    }
  }
}

function factsIn(batch: Batch): number {
  let facts = 0;
  for (const observation of batch.observations) facts += observation.op === 'replaceAll' ? observation.facts.length : 1;
  return facts;
}
