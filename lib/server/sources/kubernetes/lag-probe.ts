/**
 * Measures how far the watch of one kind is behind the API server (docs/decisions/0009-lag.md).
 *
 * Every few seconds the server is asked up to which version it has come. The watch is at least as far behind as the oldest
 * question whose version it has not reached. A quiet kind's watch reaches none while others write, so where the watch stands
 * still a second, short watch from the same version tells whether anything follows; ended in order and empty, it proves that
 * nothing does. A question without an answer stays open until a later one is settled.
 */
import type { LagReading } from '../lags';
import { sleep } from '../timers';
import { askFollowing, askNewest, askRevision, type AskOptions } from './lag-question';
import { isBefore, isReached } from './versions';

/** What a probe works with. */
export interface LagProbeOptions extends AskOptions {
  readonly reading: LagReading;
  readonly now: () => number;
  readonly random: () => number;
  /** The kind is one without which nothing can be drawn: it is asked about more often. */
  readonly required: boolean;
  /** The facts were all there was at that moment, epoch milliseconds. */
  readonly proved: (at: number) => void;
  /** The server has sent what follows to others twice, and the watch has brought nothing. */
  readonly stuck: () => void;
  /** The server has gone back: its newest version, `to`, is earlier than `from`, which was reached. */
  readonly wentBack: (from: string, to: string) => void;
}

/** Milliseconds, between two questions. */
const EVERY_MS = { required: 5_000, other: 10_000 } as const;
/** After an answer that there is no answer. */
const REFUSED_MS = 60_000;
/** How long what the server has may be on its way. */
const ON_ITS_WAY_MS = 500;
/** Enough for hours; the oldest counts. */
const MOST_QUESTIONS = 2_000;
/** Watches in a row that showed what the kind's own watch did not bring. */
const STUCK = 2;
/** A low answer that has been found harmless is asked about again after this long, milliseconds. */
const CONFIRM_AGAIN_MS = 60_000;

interface Question {
  readonly at: number;
  /** The version that the server answered with; null while there is no answer. */
  version: string | null;
}

/** The lag of one kind's watch. */
export class LagProbe {
  readonly #options: LagProbeOptions;
  /** The version that the list or watch has come to; null before the first list. */
  #reached: string | null = null;
  /** Oldest first; those that are settled are gone. */
  #open: Question[] = [];
  #ignored = 0;
  /** The last question was not one for this server. */
  #isRefused = false;
  /** When the last question that is settled was asked; epoch milliseconds. */
  #settledAt = Number.NEGATIVE_INFINITY;
  /** The last answer below what was reached that a consistent list has found harmless. */
  #harmless = { version: '', at: Number.NEGATIVE_INFINITY };

  constructor(options: LagProbeOptions) {
    this.#options = options;
  }

  /** As of when what arrives now is true: the server had something newer then. Epoch milliseconds. */
  get provenAt(): number {
    return this.#open.find(({ version }) => version !== null)?.at ?? this.#options.now();
  }

  /** The version that the list or watch has come to; null before the first list. */
  get reachedVersion(): string | null {
    return this.#reached;
  }

  /** Whether the facts have held all there was at that moment, epoch milliseconds; null when nothing can be said. */
  hadAllAt(at: number): boolean | null {
    if (this.#settledAt >= at) return true;
    return this.#isRefused ? null : false;
  }

  /** Forgets which version was reached. */
  restart(): void {
    this.#reached = null;
    this.#open = [];
    this.#ignored = 0;
    this.#report();
  }

  /** Asks whether the server has gone back: it may have been restarted. */
  async check(signal: AbortSignal): Promise<void> {
    const before = this.#reached;
    if (before !== null) await this.#hasGoneBack(before, signal);
  }

  /** The list or watch has come to this version. */
  reached(version: string): void {
    if (version === this.#reached) return;
    this.#reached = version;
    this.#ignored = 0;
    if (this.#open.length > 0) this.#settle();
  }

  /** Asks until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { timers, random, required } = this.#options;
    const everyMs = required ? EVERY_MS.required : EVERY_MS.other;
    let waitMs: number = everyMs;
    while (!signal.aborted) {
      await sleep(timers, waitMs * (0.9 + 0.2 * random()), 'lag', signal);
      waitMs = (await this.#ask(signal)) ? everyMs : REFUSED_MS;
    }
  }

  /** One question; false when the server does not take it. */
  async #ask(signal: AbortSignal): Promise<boolean> {
    const { now, timers, reading } = this.#options;
    const before = this.#reached;
    if (signal.aborted || before === null) return true;
    const question: Question = { at: now(), version: null };
    if (this.#open.length < MOST_QUESTIONS) this.#open.push(question);
    this.#report();
    const answer = await askRevision(this.#options, signal);
    if (answer.kind === 'refused' || (answer.kind === 'revision' && !this.#isComparable(answer.version))) {
      this.#open = [];
      this.#isRefused = true;
      reading.unknown();
      return false;
    }
    if (answer.kind === 'silent') return true;
    this.#isRefused = false;
    question.version = answer.version;
    // It is answered: confirming a low answer may take a while, and is no lag.
    this.#settle();
    if (isBefore(answer.version, before)) await this.#confirm(before, answer.version, signal);
    if (!this.#open.includes(question)) return true;
    await sleep(timers, ON_ITS_WAY_MS, 'lag on its way', signal);
    // A watch that moves is not asked after: it gets there.
    if (this.#reached === before && this.#open.includes(question)) await this.#look(before, signal);
    return true;
  }

  /** A low answer may mean that the server has gone back; or that a replica lags, or that the cache of a quiet kind stands still. */
  async #confirm(before: string, low: string, signal: AbortSignal): Promise<void> {
    const { version, at } = this.#harmless;
    const now = this.#options.now();
    if (low === version && now - at < CONFIRM_AGAIN_MS) return;
    if ((await this.#hasGoneBack(before, signal)) === false) this.#harmless = { version: low, at: now };
  }

  /** Null when the server does not say. */
  async #hasGoneBack(before: string, signal: AbortSignal): Promise<boolean | null> {
    const newest = await askNewest(this.#options, signal);
    if (newest.kind !== 'revision') return null;
    // Meanwhile the watch may have come further, or the list may have been made anew.
    const reached = this.#reached;
    if (reached === null || !isBefore(newest.version, before) || !isBefore(newest.version, reached)) return false;
    this.#options.wentBack(before, newest.version);
    return true;
  }

  async #look(from: string, signal: AbortSignal): Promise<void> {
    const at = this.#options.now();
    const following = await askFollowing(this.#options, from, signal);
    if (following === 'none') {
      this.#ignored = 0;
      this.#settled(
        this.#open.findLastIndex((question) => question.at <= at),
        at,
      );
    } else if (following === 'some' && this.#reached === from && ++this.#ignored >= STUCK) {
      this.#ignored = 0;
      this.#options.stuck();
    }
  }

  #isComparable(version: string): boolean {
    return this.#reached !== null && isReached(version, this.#reached) !== null;
  }

  /** Settles every question up to the last whose version has been reached. */
  #settle(): void {
    const reached = this.#reached;
    const last = this.#open.findLastIndex(
      ({ version }) => version !== null && reached !== null && isReached(version, reached) === true,
    );
    this.#settled(last, this.#open[last]?.at ?? null);
  }

  #settled(last: number, at: number | null): void {
    this.#open.splice(0, last + 1);
    if (at !== null) {
      this.#settledAt = Math.max(this.#settledAt, at);
      this.#options.proved(at);
    }
    this.#report();
  }

  #report(): void {
    const { reading, transport } = this.#options;
    const answers = this.#open.some(({ version }) => version !== null);
    reading.missing(
      this.#open[0]?.at ?? null,
      answers ? 'the API server has changes that the watch has not delivered' : `${transport.server} does not answer`,
    );
  }
}
