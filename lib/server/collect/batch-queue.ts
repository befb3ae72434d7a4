/** Feeds batches to the engine in order, in slices, so that a large batch does not block the event loop. */
import type { Batch } from '../../model/observation';
import type { Change, Engine } from '../../topology/engine';
import type { Clock } from '../store/clock';

/** The longest that one slice of a large batch blocks the event loop. Milliseconds. */
const SLICE_MS = 20;

interface Work {
  /** When it arrived, epoch milliseconds. */
  readonly since: number;
  readonly steps: Generator<undefined, Change | null>;
  readonly done: () => void;
}

export interface BatchQueueOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Called with the change of each complete batch; returns whether it made a version. */
  readonly commit: (change: Change | null) => boolean;
  /** Called when the queue is empty. */
  readonly idle: () => void;
}

export class BatchQueue {
  readonly #options: BatchQueueOptions;
  /** The first may be in progress. */
  readonly #waiting: Work[] = [];
  #isWorking = false;
  #cancelSlice: () => void = () => undefined;

  constructor(options: BatchQueueOptions) {
    this.#options = options;
  }

  /** Batches that are not complete. */
  get size(): number {
    return this.#waiting.length;
  }

  /** When the first that is not complete arrived, epoch milliseconds; null: none waits. */
  get waitingSince(): number | null {
    return this.#waiting[0]?.since ?? null;
  }

  /** `done` runs when the batch has been committed. An urgent one comes before all but the first, which may be in progress. */
  add(batch: Batch, done: () => void, isUrgent: boolean): void {
    const work = { since: batch.since ?? batch.at, steps: this.#options.engine.steps(batch), done };
    if (isUrgent) this.#waiting.splice(1, 0, work);
    else this.#waiting.push(work);
  }

  /**
   * Works until the queue is empty or, unless `whole`, the slice is used up; the rest follows later. Returns whether
   * the last batch made a version.
   */
  work(whole: boolean): boolean {
    if (this.#isWorking) return false;
    this.#isWorking = true;
    this.#cancelSlice();
    const { clock, commit, idle } = this.#options;
    const until = clock.now() + SLICE_MS;
    let hasChanged = false;
    try {
      for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
        const step = this.#step(first);
        if (step.done === true) {
          hasChanged = commit(step.value);
          first.done();
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

  /** A batch leaves the queue when it is complete, or when it threw. */
  #step({ steps }: Work): IteratorResult<undefined, Change | null> {
    let isDone: boolean | undefined = true;
    try {
      const step = steps.next();
      isDone = step.done;
      return step;
    } finally {
      if (isDone === true) this.#waiting.shift();
    }
  }
}
