/**
 * Lists and watches one kind: drives its state machine (`machine.ts`), sends the results, and waits as `recovery.ts`
 * decides.
 *
 * - A first list is delivered as it arrives, a relist as one batch; events before it are sent first.
 * - When `signal` is aborted, `run` resolves soon, and nothing is sent after that.
 */
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { messageOf } from '../../../normalise/protobuf/messages';
import type { Batcher } from '../batcher';
import type { Health } from '../health';
import type { LagReading } from '../lags';
import { replaceAllOf } from '../observe';
import { cleaned, ours, reason } from '../reason';
import { sleep, type Timers } from '../timers';
import type { WatchEvent } from './codec';
import { compareNowAndThen, type ComparisonOptions, type Differences } from './comparison';
import type { Discovery } from './discovery';
import type { Features } from './features';
import { ListProgress } from './list-progress';
import { LagProbe } from './lag-probe';
import type { AskOptions } from './lag-question';
import { createListWatch } from './listwatch';
import { EMPTY, step, type Progress, type Machine, type State } from './machine';
import type { Policy } from './policy';
import { Projector } from './project';
import { Recovery } from './recovery';
import { ServedVersion } from './served-version';
import type { Transport } from './transport';
import { Trace } from './trace';
import { rewound, type Trouble } from './trouble';
import { WatchLife } from './watch-life';

/** Options of a reflector. */
export interface ReflectorOptions {
  readonly row: AnyKindRow;
  readonly health: Health;
  readonly lag: LagReading;
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly features: Features;
  readonly batcher: Batcher;
  readonly policy: Policy;
  readonly timers: Timers;
  readonly now: () => number;
  readonly random: () => number;
  /** Called for an object that made its normaliser throw. */
  readonly complain: (message: string) => void;
  /** Called for errors found in the facts, which are being repaired. */
  readonly say: (message: string) => void;
  /** Called for every list, watch and failure. */
  readonly debug: (message: string) => void;
  /** The API server has gone back to an earlier state, so the other kinds must list again as well. */
  readonly wentBack: (trouble: Trouble) => void;
}

/** Minimum time between two reports that the API server has gone back, in milliseconds. */
const SAME_RESTORE_MS = 60_000;

/** The list and watch of one kind. */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #signal: AbortSignal;
  readonly #projector: Projector;
  readonly #recovery: Recovery;
  readonly #watches: WatchLife;
  readonly #trace: Trace;
  readonly #version: ServedVersion;
  readonly #probe: LagProbe;
  readonly #progress: ListProgress;
  readonly #asking: AskOptions;
  #state: State = EMPTY;
  #machine: Machine;
  /** Why the list must be read again once the step in progress is done. */
  #anew: Trouble | null = null;
  /** The watch is being closed on purpose, and another one continues from its version: not a failure. */
  #isReopening = false;
  /** When the versions were last forgotten; epoch milliseconds. */
  #forgotAt = Number.NEGATIVE_INFINITY;
  /** Whether the connection has failed since a watch was opened. */
  #hasBroken = false;
  /** The error detail last logged, so that it is not repeated. */
  #lastLogged = '';
  #listBegan = 0;

  constructor(options: ReflectorOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    const { batcher } = options;
    this.#projector = new Projector({
      ...options,
      deliver: (portion) => batcher.deliver(portion),
    });
    this.#trace = new Trace({ ...options, id: options.row.id });
    this.#recovery = new Recovery({ ...options, server: options.transport.server });
    this.#watches = new WatchLife({ ...options, lasted: () => this.#recovery.watchProved() });
    this.#version = new ServedVersion({ ...options, changed: () => (this.#machine = this.#newMachine()) });
    this.#machine = this.#newMachine();
    const { row, health, lag } = options;
    const asking = { ...options, apiVersion: () => this.#version.current };
    this.#asking = asking;
    this.#progress = new ListProgress(asking, lag, signal);
    this.#probe = new LagProbe({
      ...asking,
      reading: lag,
      required: row.required,
      proved: (at) => health.proved(at),
      stuck: () => this.#closeWatch(),
      wentBack: (from, to) => this.#listAnew(rewound(from, to)),
    });
  }

  /** Lists and watches until the signal is aborted. */
  async run(): Promise<void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#signal, ended.signal]);
    const beside = [this.#probe.run(signal), compareNowAndThen(this.#comparison(), signal)];
    try {
      while (!this.#signal.aborted) {
        const waitMs = await this.#turn();
        if (waitMs > 0) await sleep(this.#options.timers, waitMs, 'back-off', this.#signal);
      }
    } finally {
      this.#closeWatch();
      ended.abort();
      await Promise.all(beside);
    }
  }

  /** Makes one step of the machine and handles its result. Returns the wait before the next step, in milliseconds. */
  async #turn(): Promise<number> {
    const anew = this.#anew;
    if (anew !== null) {
      this.#anew = null;
      this.#closeWatch();
      const before = this.#state;
      this.#state = EMPTY;
      return this.#recover(anew, before);
    }
    if (this.#state.kind === 'empty') {
      this.#listBegan = this.#options.now();
      this.#projector.begin();
      this.#trace.listBegins();
    }
    if (this.#state.kind === 'listed') await this.#watches.gap(this.#signal);
    const before = this.#state;
    const { state, happened, trouble } = await step(this.#machine, before, this.#signal);
    this.#state = state;
    this.#trace.stepped(before, { state, happened }, this.#projector.listed);
    if (this.#hasEnded()) return 0;
    if (happened?.kind === 'listed') {
      await this.#projector.rest();
      if (this.#hasEnded()) return 0;
    }
    this.#measure(state);
    if (this.#isReopening && state.kind !== 'watching') {
      this.#isReopening = false;
      if (state.kind === 'listed') return 0;
    }
    if (happened !== null) return this.#take(happened, before);
    return trouble === null ? 0 : this.#recover(trouble, before);
  }

  /** Whether the last result must be ignored. */
  #hasEnded(): boolean {
    return this.#signal.aborted || this.#anew !== null;
  }

  /** Reports how far the list or watch has come. */
  #measure(state: State): void {
    if (state.kind === 'listed' || state.kind === 'watching') this.#probe.reached(state.version);
    const { listed } = this.#projector;
    // The number of objects is worth a request only if there is more than a page.
    const isLong = state.kind === 'streaming' && listed >= this.#options.policy.protobufPageSize;
    if (state.kind === 'paging' || isLong) this.#progress.has(listed);
    else this.#progress.end();
  }

  /** Handles a success. Returns the wait in milliseconds. */
  #take(happened: Progress, before: State): number {
    const { attempts } = this.#recovery;
    const { health } = this.#options;
    switch (happened.kind) {
      case 'page':
        attempts.report({ kind: 'answered' });
        return 0;
      case 'listed':
        this.#listed();
        // A streamed list continues as the watch. A server may close it at the end of the list because it was read
        // slowly: not a failure.
        if (before.kind === 'streaming') this.#opened(true);
        return 0;
      case 'opened':
        this.#opened(false);
        // After a connection failure, a different or restored server may answer.
        if (this.#hasBroken) void this.#probe.check(this.#signal);
        this.#hasBroken = false;
        return 0;
      case 'events':
        this.#watches.spoke(happened.events);
        this.#send(happened.events);
        health.proved(this.#probe.provenAt);
        this.#recovery.watchProved();
        return 0;
      case 'closed':
        this.#watches.ended();
        if (this.#watches.wasBrief()) return this.#recovery.watchWasBrief();
        health.proved(this.#probe.provenAt);
        return 0;
    }
  }

  #opened(hasSpoken: boolean): void {
    this.#watches.opened(hasSpoken);
    this.#recovery.watchOpened();
  }

  /** The list is complete: sends the rest of it, or all of a relist, as one batch with its status. */
  #listed(): void {
    const { batcher, health } = this.#options;
    batcher.flush();
    batcher.addAll(this.#projector.end());
    health.proved(this.#listBegan);
    this.#recovery.listed();
    batcher.flush();
  }

  #send(events: readonly WatchEvent[]): void {
    for (const event of events) {
      const observation = this.#projector.event(event);
      if (observation !== null) this.#options.batcher.add(observation);
    }
  }

  /** Handles a failure. Returns the wait in milliseconds. */
  async #recover(trouble: Trouble, before: State): Promise<number> {
    this.#watches.ended();
    this.#hasBroken = true;
    this.#logDetail(trouble);
    if (trouble.kind === 'rewound') this.#forgetVersions(trouble);
    if (trouble.kind === 'ahead') {
      await this.#probe.check(this.#signal);
      if (this.#anew !== null) return 0;
    }
    if (trouble.kind === 'absent' && before.kind === 'empty' && this.#version.next()) return 0;
    const remedy = this.#recovery.after(trouble, before.kind, this.#isCutOff(trouble));
    const { waitMs, then } = remedy;
    this.#forgetRefused();
    if (then === 'watch' && before.kind === 'listed') this.#state = before;
    this.#trace.failed(before, trouble, remedy);
    if (then === 'discovery') await this.#version.untilServed(this.#signal);
    return waitMs;
  }

  /** Two bookmarks are missing, and nothing else proves that the facts are complete. */
  #isCutOff({ kind }: Trouble): boolean {
    const { now, policy } = this.#options;
    return kind === 'silent' && this.#watches.hasBookmarks && this.#probe.hadAllAt(now() - policy.idleMs) !== true;
  }

  /** Another kind has detected that the API server has gone back. */
  serverWentBack(trouble: Trouble): void {
    if (this.#options.now() - this.#forgotAt > SAME_RESTORE_MS) this.#listAnew(trouble);
  }

  /** Discards the list and its version. */
  #listAnew(trouble: Trouble): void {
    if (this.#probe.reachedVersion === null && !this.#recovery.attempts.hasFacts) return;
    this.#anew = trouble;
    this.#closeWatch();
  }

  #forgetVersions(trouble: Trouble): void {
    const { now, row, say, wentBack } = this.#options;
    this.#forgotAt = now();
    this.#projector.forgetVersions();
    this.#probe.restart();
    say(`${row.id}: ${trouble.message}; listed again`);
    wentBack(trouble);
  }

  #comparison(): ComparisonOptions {
    return {
      ...this.#options,
      ...this.#asking,
      mark: () => (this.#state.kind === 'watching' && this.#anew === null ? this.#projector.mark() : null),
      hadAllAt: (at) => this.#probe.hadAllAt(at),
      compared: (differences, isRight) => this.#compared(differences, isRight),
      repair: {
        list: (next, signal) => this.#machine.io.list(this.#machine.pageSize, next, signal),
        put: (item) => this.#send([{ type: 'put', item, version: item.version }]),
        drop: (name) => this.#options.batcher.add(this.#projector.gone(name)),
      },
    };
  }

  /**
   * Logs an error's detail once while it stays the same. Expired versions are not logged: servers drop versions all the
   * time, and each message names others.
   */
  #logDetail({ kind, message, detail = '' }: Trouble): void {
    const { row, say } = this.#options;
    const text = `${row.id}: ${message}: ${cleaned(detail)}`;
    if (kind === 'expired' || detail === '' || text === this.#lastLogged) return;
    this.#lastLogged = text;
    say(text);
  }

  #compared({ compared, missing, gone, outdated }: Differences, isRight: boolean): void {
    const { row, say, now } = this.#options;
    if (missing + gone + outdated === 0) {
      this.#recovery.note(null);
      return;
    }
    const found = reason`${missing} missing, ${gone} deleted, ${outdated} outdated`;
    const message = reason`compared with the ${compared} objects of the API server: ${found}`;
    const then = ours(isRight ? 'corrected' : 'listed again');
    say(`${row.id}: ${message}; ${then}`);
    this.#recovery.note(reason`${ours(`${new Date(now()).toISOString().slice(0, 16)}Z`)}: ${message}; ${then}`);
    // The watch has missed something: another one continues from its version.
    if (isRight) this.#reopen();
    else this.#listAnew({ kind: 'diverged', message });
  }

  /** Drops the facts of a kind that may no longer be read or no longer exists, and those of an unfinished list. */
  #forgetRefused(): void {
    const { batcher, row } = this.#options;
    const { hasFacts, state } = this.#recovery.attempts;
    if (hasFacts || (state !== 'denied' && state !== 'absent')) return;
    if (this.#projector.isPartial) batcher.add(replaceAllOf(row, []));
    this.#projector.forget();
  }

  #closeWatch(): void {
    this.#watches.ended();
    if (this.#state.kind === 'watching' || this.#state.kind === 'streaming') this.#state.watch.close();
    if (this.#state.kind === 'paging') this.#state.ahead?.abort();
  }

  #reopen(): void {
    this.#isReopening = this.#state.kind === 'watching';
    this.#closeWatch();
  }

  #newMachine(): Machine {
    const { row, transport, policy } = this.#options;
    return {
      io: createListWatch({
        ...this.#options,
        version: this.#version.current,
        refused: (credentials) => transport.refresh(credentials),
      }),
      reached: () => this.#probe.reachedVersion,
      receive: {
        page: (items) => this.#projector.list(items),
        events: (events) => this.#projector.listEvents(events),
      },
      pageSize: messageOf(row) === null ? policy.pageSize : policy.protobufPageSize,
      pageBytes: policy.pageBytes,
    };
  }
}
