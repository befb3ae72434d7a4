/**
 * The serving thread's side: starts the collecting thread, takes in what it tells, and starts it again when it dies.
 * Never waits for it but in `stop`. While it says nothing, or is gone, its sources are not shown as live.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../store/clock';
import type { Reception } from '../store/reception';
import type { Collecting, Serving } from '../store/roles';
import { UNMEASURED } from '../../model/lag';
import { decodePart, type FromCollecting, type News, type ToCollecting } from './messages';
import type { ThreadData } from './run';

/** A thread says something every second. One that has said nothing for so long is late, and in the end hangs. */
const SILENT_MS = 2_000;
const HUNG_MS = 120_000;
const LOOK_MS = 1_000;
/** From the end of a thread to the start of the next: doubles from the first to the last. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A thread that ran for so long was well: the next wait is the first again. */
const WELL_MS = 60_000;
/** For the sources to end. */
const STOP_MS = 3_000;

/** What viewers are told. An error's own text may hold anything. */
const BROKE = 'by an error of its own; the log says which';

export const COLLECTOR = 'ifscope/collector';

export type Thread = Pick<Worker, 'on' | 'once' | 'postMessage' | 'terminate'>;

export interface HostOptions {
  readonly create: (data: ThreadData) => Thread;
  readonly serving: Pick<Serving, 'started' | 'figures' | 'skew'>;
  readonly reception: Reception;
  readonly clock: Clock;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** The error that `start` rejects with when the sources cannot be started. */
  readonly problem: (kind: 'usage' | 'runtime', message: string) => Error;
}

const timeOf = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

class Host implements Collecting {
  readonly #options: HostOptions;
  #worker: Thread | null = null;
  #startedAt = 0;
  #heardAt = 0;
  #failures = 0;
  /** Why it died, as far as it is known before it exits: for the log and for who starts it. */
  #fault: string | null = null;
  #said = BROKE;
  #isStopping = false;
  #cancelLook: () => void = () => undefined;
  #cancelStart: () => void = () => undefined;
  /** Messages are taken in one after the other. */
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
      this.#look();
    });
  }

  /** Who serves while another thread collects has nothing to finish. */
  settle(): void {}

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#cancelLook();
    this.#cancelStart();
    const worker = this.#worker;
    if (worker === null) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#tell({ kind: 'stop' });
    const force = setTimeout(() => void worker.terminate(), STOP_MS);
    await gone;
    clearTimeout(force);
  }

  #tell(message: ToCollecting): void {
    this.#worker?.postMessage(message);
  }

  #run(again: boolean): void {
    const { create, clock } = this.#options;
    const worker = create({ again });
    this.#worker = worker;
    this.#fault = null;
    this.#said = BROKE;
    this.#startedAt = this.#heardAt = clock.now();
    worker.on('message', (message: FromCollecting) => {
      this.#heardAt = clock.now();
      this.#work = this.#work.then(() => this.#take(worker, message));
    });
    worker.on('error', (error: unknown) => {
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
    // Of a thread that is gone the rest is not taken in: the next one tells everything anew.
    if (this.#worker !== worker || this.#isStopping) return;
    switch (message.kind) {
      case 'news':
        this.#takeNews(message);
        this.#tell({ kind: 'taken' });
        return;
      case 'anew':
        return this.#takeAnew(message.phase);
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
        this.#said = 'its sources cannot be started; the log says why';
        this.#onProblem?.(this.#options.problem(message.is, message.message));
    }
  }

  #takeNews({ part, ages, lags, figures }: News): void {
    const { reception, serving } = this.#options;
    if (part !== null) reception.commit(decodePart(part));
    if (ages !== null) reception.ages(ages);
    if (lags !== null) reception.lags(lags);
    if (figures !== null) serving.figures(figures);
  }

  async #takeAnew(phase: 'begin' | 'end'): Promise<void> {
    const { reception } = this.#options;
    if (phase === 'begin') {
      reception.beginAnew();
      return;
    }
    const steps = reception.endAnew();
    while (steps.next().done !== true) await turn();
    reception.lose(null);
    reception.about(null);
  }

  #lose(reason: string): void {
    const { reception } = this.#options;
    reception.lose(reason);
    const asOf = new Date(this.#heardAt).toISOString();
    reception.about({ ...UNMEASURED, id: COLLECTOR, state: 'failing', asOf, reason });
  }

  #died(): void {
    this.#worker = null;
    const { clock, log } = this.#options;
    if (this.#isStopping) return;
    const why = this.#fault ?? 'its thread ended';
    // Before the first start has succeeded, a problem is told to who started it.
    if (this.#onProblem !== null && this.#fault !== null && this.#failures === 0) {
      this.#onProblem(new Error(why));
      this.#isStopping = true;
      this.#cancelLook();
      return;
    }
    const now = clock.now();
    if (now - this.#startedAt >= WELL_MS) this.#failures = 0;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    log('error', `collecting stopped (${why}); it starts again in ${wait / 1_000} s`);
    this.#lose(`collecting stopped at ${timeOf(now)} (${this.#said}) and starts again`);
    this.#cancelStart = clock.after(wait, () => this.#run(true));
  }

  /** Looks every second whether the thread says something. */
  #look(): void {
    const { clock, reception } = this.#options;
    this.#cancelLook = clock.after(LOOK_MS, () => {
      // This thread may have been busy itself: what has arrived is heard first.
      setImmediate(() => {
        if (this.#isStopping) return;
        this.#look();
        const silent = clock.now() - this.#heardAt;
        const seconds = this.#worker === null || silent < SILENT_MS ? 0 : Math.floor(silent / 1_000);
        reception.late(seconds, `collecting has said nothing since ${timeOf(this.#heardAt)}`);
        if (this.#worker === null || silent < HUNG_MS) return;
        this.#said = `it said nothing for ${HUNG_MS / 1_000} s`;
        this.#fault ??= this.#said;
        void this.#worker.terminate();
      });
    });
  }
}

export const collectInThread = (options: HostOptions): Collecting => new Host(options);
