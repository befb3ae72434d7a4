/**
 * The serving thread's side: starts the collecting thread, applies its messages, and restarts it when it ends. Only
 * `stop` waits for it. While the thread is silent or gone, its sources are not shown as live.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import type { LogLevel } from '../../model/log-level';
import type { Clock } from '../store/clock';
import type { CommitReceiver } from '../store/commit-receiver';
import type { Collecting, Serving } from '../store/roles';
import { releaseBytes } from '../../model/release-bytes';
import { decodePart, type FromCollecting, type News, type ToCollecting } from './messages';
import type { ThreadData } from './run';

/**
 * A thread sends a message every second. After this silence it is late; if the silence continues, it counts as hung.
 * Milliseconds.
 */
const SILENT_MS = 2_000;
const HUNG_MS = 120_000;
const LOOK_MS = 1_000;
/** Wait from the end of a thread to the start of the next: doubles from the first to the last value. Milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** After a thread has run this long, the wait is reset. Milliseconds. */
const WELL_MS = 60_000;
/** Time allowed for the sources to stop, in milliseconds. */
const STOP_MS = 3_000;

/** The text for viewers. An error's own text may contain anything. */
const BROKE = 'because of an internal error; the log has the details';
const OUT_OF_MEMORY = 'because it ran out of memory; the memory limit must be raised';

/** Id of the collecting thread's source record. */
export const COLLECTOR = 'ifscope/collector';

/** The part of a `Worker` that is used. */
export type Thread = Pick<Worker, 'on' | 'once' | 'postMessage' | 'terminate'>;

/** Options of the serving side. */
export interface HostOptions {
  readonly create: (data: ThreadData) => Thread;
  readonly serving: Pick<Serving, 'started' | 'figures' | 'skew'>;
  readonly receiver: CommitReceiver;
  readonly clock: Clock;
  readonly log: (level: LogLevel, message: string) => void;
  /** The error with which `start` rejects if the sources cannot be started. */
  readonly problem: (kind: 'usage' | 'runtime', message: string) => Error;
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';

/** For the log. Node derives the limit of every thread from the memory of the container or the machine. */
function exhausted(): string {
  const limit = Math.round(getHeapStatistics().heap_size_limit / 2 ** 20);
  return `out of memory: its heap is limited to ${limit} MiB; raise the memory limit of the container, or --max-old-space-size (MiB) in NODE_OPTIONS`;
}

const timeOf = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

class Host implements Collecting {
  readonly #options: HostOptions;
  #worker: Thread | null = null;
  #startedAt = 0;
  #heardAt = 0;
  #failures = 0;
  /** Why the thread ended, if known before its exit, for the log and for the caller of `start`. */
  #fault: string | null = null;
  #failureReason = BROKE;
  #isStopping = false;
  #cancelCheck: () => void = () => undefined;
  #cancelStart: () => void = () => undefined;
  /** Messages are processed one after the other. */
  #work: Promise<void> = Promise.resolve();
  #onStarted: () => void = () => undefined;
  #onProblem: ((error: Error) => void) | null = null;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onStarted = resolve;
      this.#onProblem = reject;
      this.#run(false);
      this.#checkSilence();
    });
  }

  /** Nothing to do: another thread collects. */
  settle(): void {}

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#cancelCheck();
    this.#cancelStart();
    const worker = this.#worker;
    if (worker === null) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#post({ kind: 'stop' });
    const force = setTimeout(() => void worker.terminate(), STOP_MS);
    await gone;
    clearTimeout(force);
  }

  #post(message: ToCollecting): void {
    this.#worker?.postMessage(message);
  }

  #run(isRestart: boolean): void {
    const { create, clock } = this.#options;
    const worker = create({ isRestart });
    this.#worker = worker;
    this.#fault = null;
    this.#failureReason = BROKE;
    this.#startedAt = this.#heardAt = clock.now();
    worker.on('message', (message: FromCollecting) => {
      this.#heardAt = clock.now();
      this.#work = this.#work.then(() => this.#take(worker, message));
    });
    worker.on('error', (error: unknown) => {
      if (isOutOfMemory(error)) {
        this.#fault = exhausted();
        this.#failureReason = OUT_OF_MEMORY;
        return;
      }
      this.#fault = error instanceof Error ? error.message : String(error);
      this.#options.log(
        'error',
        `collecting failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#died();
    });
  }

  async #take(worker: Thread, message: FromCollecting): Promise<void> {
    // The remaining messages of an ended thread are ignored: the next one sends everything again.
    if (this.#worker !== worker || this.#isStopping) return;
    switch (message.kind) {
      case 'news':
        this.#takeNews(message);
        this.#post({ kind: 'taken' });
        return;
      case 'anew':
        return this.#takeResend(message.phase);
      case 'started':
        this.#options.serving.started(message.required);
        this.#onStarted();
        this.#onProblem = null;
        return;
      case 'skew':
        this.#options.serving.skew(message.ms);
        return;
      case 'log':
        this.#options.log(message.level, message.message);
        return;
      case 'problem':
        this.#fault = message.message;
        this.#failureReason = 'its sources cannot be started; the log says why';
        this.#onProblem?.(this.#options.problem(message.is, message.message));
    }
  }

  #takeNews({ part, ages, lags, figures }: News): void {
    const { receiver, serving } = this.#options;
    if (part !== null) {
      receiver.commit(decodePart(part));
      releaseBytes(part);
    }
    if (ages !== null) receiver.ages(ages);
    if (lags !== null) receiver.lags(lags);
    if (figures !== null) serving.figures(figures);
  }

  async #takeResend(phase: 'begin' | 'end'): Promise<void> {
    const { receiver } = this.#options;
    if (phase === 'begin') {
      receiver.beginResend();
      return;
    }
    const steps = receiver.endResend();
    while (steps.next().done !== true) await turn();
    receiver.setLost(null);
    receiver.setSenderStatus(null);
  }

  #lose(reason: string): void {
    const { receiver } = this.#options;
    receiver.setLost(reason);
    const asOf = new Date(this.#heardAt).toISOString();
    receiver.setSenderStatus({ id: COLLECTOR, state: 'failing', asOf, reason });
  }

  #died(): void {
    this.#worker = null;
    const { clock, log } = this.#options;
    if (this.#isStopping) return;
    const why = this.#fault ?? 'its thread ended';
    // Before the first successful start, a problem is reported to the caller of `start`.
    if (this.#onProblem !== null && this.#fault !== null && this.#failures === 0) {
      this.#onProblem(new Error(why));
      this.#isStopping = true;
      this.#cancelCheck();
      return;
    }
    const now = clock.now();
    if (now - this.#startedAt >= WELL_MS) this.#failures = 0;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    log('error', `collecting stopped (${why}); it starts again in ${wait / 1_000} s`);
    this.#lose(`collecting stopped at ${timeOf(now)} (${this.#failureReason}) and starts again`);
    this.#cancelStart = clock.after(wait, () => this.#run(true));
  }

  /** Checks every second whether the thread has sent a message. */
  #checkSilence(): void {
    const { clock, receiver } = this.#options;
    this.#cancelCheck = clock.after(LOOK_MS, () => {
      // This thread may itself have been busy, so pending messages are processed first.
      setImmediate(() => {
        if (this.#isStopping) return;
        this.#checkSilence();
        const silent = clock.now() - this.#heardAt;
        const seconds = this.#worker === null || silent < SILENT_MS ? 0 : Math.floor(silent / 1_000);
        receiver.setLate(seconds, `the collector has been silent since ${timeOf(this.#heardAt)}`);
        if (this.#worker === null || silent < HUNG_MS) return;
        this.#failureReason = `it was silent for ${HUNG_MS / 1_000} s`;
        this.#fault ??= this.#failureReason;
        void this.#worker.terminate();
      });
    });
  }
}

/** Starts no thread before `start`. */
export const collectInThread = (options: HostOptions): Collecting => new Host(options);
