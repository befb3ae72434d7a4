/**
 * Lists and watches one kind: drives its state machine (`machine.ts`), sends the results, and waits as `recovery.ts`
 * decides.
 *
 * - A relist is one batch; the events before it are sent first.
 * - When `signal` is aborted, `run` resolves soon, and nothing is sent after it.
 */
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import type { Batcher } from '../batcher';
import type { Health } from '../health';
import type { LagReading } from '../lags';
import type { Entry } from '../observe';
import { Alarm, sleep, type Timers } from '../timers';
import type { Discovery } from './discovery';
import { ListProgress } from './lag/list-progress';
import { LagProbe } from './lag/probe';
import { createListWatch, type WatchEvent } from './listwatch';
import { EMPTY, step, type Happening, type Machine, type State } from './machine';
import type { Policy } from './policy';
import { createProjector, type Projector } from './project';
import { Recovery } from './recovery';
import type { Transport } from './transport';
import type { Trouble } from './trouble';

export interface ReflectorOptions {
  readonly row: AnyKindRow;
  readonly health: Health;
  readonly lag: LagReading;
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly batcher: Batcher;
  readonly policy: Policy;
  readonly timers: Timers;
  readonly now: () => number;
  readonly random: () => number;
  /** Called for an object that made its normaliser throw. */
  readonly complain: (message: string) => void;
}

export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #signal: AbortSignal;
  readonly #projector: Projector;
  readonly #recovery: Recovery;
  readonly #relistAlarm: Alarm;
  /** Rings when a watch has lasted long enough to count as recovered. */
  readonly #lastedAlarm: Alarm;
  #state: State<Entry> = EMPTY;
  readonly #probe: LagProbe;
  readonly #progress: ListProgress;
  #machine: Machine<Entry>;
  /** Index of the API version in use, in the order of the row. */
  #version = 0;
  #isRelistDue = false;
  #listBegan = 0;
  #watchBegan = Number.NEGATIVE_INFINITY;
  #hasWatchSpoken = false;

  constructor(options: ReflectorOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#projector = createProjector(options.row, options.complain);
    this.#recovery = new Recovery({ ...options, server: options.transport.server });
    this.#relistAlarm = new Alarm(options.timers);
    this.#lastedAlarm = new Alarm(options.timers);
    this.#machine = this.#machineFor(0);
    const { row, health, lag } = options;
    const asking = { ...options, apiVersion: () => row.versions[this.#version] ?? 'v1' };
    this.#progress = new ListProgress(asking, lag, signal);
    this.#probe = new LagProbe({
      ...asking,
      reading: lag,
      required: row.required,
      proved: (at) => health.proved(at),
      stuck: () => this.#closeWatch(),
    });
  }

  /** Lists and watches until the signal is aborted. */
  async run(): Promise<void> {
    const ended = new AbortController();
    const probing = this.#probe.run(AbortSignal.any([this.#signal, ended.signal]));
    try {
      while (!this.#signal.aborted) {
        const waitMs = await this.#turn();
        if (waitMs > 0) await sleep(this.#options.timers, waitMs, 'back-off', this.#signal);
      }
    } finally {
      this.#closeWatch();
      this.#relistAlarm.cancel();
      ended.abort();
      await probing;
    }
  }

  /**
   * One step of the machine and what follows from it. Returns how long to wait before the next one, in milliseconds.
   */
  async #turn(): Promise<number> {
    if (this.#state.kind === 'empty') {
      this.#listBegan = this.#options.now();
      this.#projector.begin();
    }
    if (this.#state.kind === 'listed') await this.#watchGap();
    const before = this.#state;
    const { state, happened, trouble } = await step(this.#machine, before, this.#signal);
    this.#state = state;
    if (this.#signal.aborted) return 0;
    this.#measure(state);
    const isWatch = before.kind === 'watching' || before.kind === 'listed';
    // The periodic relist closes the watch; events that arrived before are still sent.
    if (this.#isRelistDue && isWatch && happened?.kind !== 'events') {
      this.#closeWatch();
      this.#isRelistDue = false;
      this.#state = EMPTY;
      return 0;
    }
    if (happened !== null) return this.#take(happened);
    return trouble === null ? 0 : this.#recover(trouble, before);
  }

  /** Tells how far the list or watch has come. */
  #measure(state: State<Entry>): void {
    if (state.kind === 'listed' || state.kind === 'watching') this.#probe.reached(state.version);
    if (state.kind === 'paging') this.#progress.has(state.entries.reduce((sum, page) => sum + page.length, 0));
    else this.#progress.end();
  }

  /** Handles a success. Returns how long to wait, in milliseconds. */
  #take(happened: Happening<Entry>): number {
    const { attempts } = this.#recovery;
    const { health, now, policy } = this.#options;
    switch (happened.kind) {
      case 'page':
        attempts.report({ kind: 'answered' });
        return 0;
      case 'listed':
        this.#replace(happened.entries);
        return 0;
      case 'opened':
        this.#hasWatchSpoken = false;
        this.#lastedAlarm.arm(policy.settledMs, 'settled', () => this.#recovery.watchProved());
        this.#recovery.watchOpened();
        return 0;
      case 'events':
        this.#hasWatchSpoken = true;
        this.#send(happened.events);
        health.proved(this.#probe.provenAt);
        this.#lastedAlarm.cancel();
        this.#recovery.watchProved();
        return 0;
      case 'closed':
        this.#lastedAlarm.cancel();
        if (!this.#hasWatchSpoken && now() - this.#watchBegan < policy.briefMs) return this.#recovery.watchWasBrief();
        health.proved(this.#probe.provenAt);
        return 0;
    }
  }

  #replace(entries: readonly Entry[]): void {
    const { batcher, policy, random } = this.#options;
    batcher.flush();
    this.#recovery.attempts.replace(entries, this.#listBegan);
    batcher.flush();
    this.#isRelistDue = false;
    this.#relistAlarm.arm(policy.relistMs + random() * policy.relistJitterMs, 'relist', () => {
      this.#isRelistDue = true;
      this.#closeWatch();
    });
  }

  #send(events: readonly WatchEvent[]): void {
    for (const event of events) {
      const observation = this.#projector.event(event);
      if (observation !== null) this.#options.batcher.add(observation);
    }
  }

  /** Handles a failure. Returns how long to wait, in milliseconds. */
  async #recover(trouble: Trouble, before: State<Entry>): Promise<number> {
    this.#lastedAlarm.cancel();
    const isAbsent = trouble.kind === 'absent' && before.kind === 'empty';
    if (isAbsent && this.#version + 1 < this.#options.row.versions.length) {
      this.#use(this.#version + 1);
      return 0;
    }
    if (isAbsent) this.#use(0);
    const { waitMs, then } = this.#recovery.after(trouble, before.kind);
    if (then === 'watch' && before.kind === 'listed') this.#state = before;
    if (then === 'discovery') await this.#untilServed();
    return waitMs;
  }

  async #untilServed(): Promise<void> {
    const { row, timers, policy, discovery, random } = this.#options;
    for (;;) {
      await sleep(timers, policy.absentMs * (0.8 + 0.4 * random()), 'absent', this.#signal);
      if (this.#isStopped()) return;
      const served = await discovery.versions(row.group);
      const index = served === null ? 0 : row.versions.findIndex((each) => served.has(each));
      if (index < 0) continue;
      this.#use(index);
      return;
    }
  }

  #isStopped(): boolean {
    return this.#signal.aborted;
  }

  /** No two watches begin within the gap: a server that ends each one at once must not be asked in a loop. */
  async #watchGap(): Promise<void> {
    const { now, policy, timers } = this.#options;
    const waitMs = this.#watchBegan + policy.watchGapMs - now();
    if (waitMs > 0) await sleep(timers, waitMs, 'watch gap', this.#signal);
    this.#watchBegan = now();
  }

  #closeWatch(): void {
    this.#lastedAlarm.cancel();
    if (this.#state.kind === 'watching') this.#state.watch.close();
  }

  #use(version: number): void {
    this.#version = version;
    this.#machine = this.#machineFor(version);
  }

  #machineFor(version: number): Machine<Entry> {
    const { row, transport, policy } = this.#options;
    return {
      io: createListWatch({
        ...this.#options,
        version: row.versions[version] ?? 'v1',
        refused: (credentials) => transport.refresh(credentials),
      }),
      project: (items) => this.#projector.page(items),
      pageSize: policy.pageSize,
      pageBytes: policy.pageBytes,
    };
  }
}
