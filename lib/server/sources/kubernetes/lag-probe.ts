/**
 * Measures how far the watch of one kind is behind the API server (docs/decisions/0009-lag.md).
 *
 * Every few seconds the probe asks the server for its current version. The watch lags at least as long as the oldest
 * request whose version it has not reached. The watch of a quiet kind does not advance while other kinds change, so if
 * a watch stands still, a second, short watch from the same version checks whether anything follows; if it ends
 * normally and empty, nothing does. A request without an answer stays open until a later one is settled.
 */
import type { LagReading } from '../lags';
import { sleep } from '../timers';
import { askFollowing, askNewest, askRevision, type AskOptions } from './lag-question';
import { isBefore, isReached } from './versions';

/** Options of a probe. */
export interface LagProbeOptions extends AskOptions {
  readonly reading: LagReading;
  readonly now: () => number;
  readonly random: () => number;
  /** Every picture needs this kind, so it is probed more often. */
  readonly required: boolean;
  /** The facts were complete at that time, epoch milliseconds. */
  readonly proved: (at: number) => void;
  /** The short watch has received further events twice, and the kind's own watch none. */
  readonly stuck: () => void;
  /** The server has gone back: its newest version, `to`, is earlier than `from`, which was already reached. */
  readonly wentBack: (from: string, to: string) => void;
}

/** Interval of requests, in milliseconds. */
const EVERY_MS = { required: 5_000, other: 10_000 } as const;
/** Wait after the server has refused the request, in milliseconds. */
const REFUSED_MS = 60_000;
/** Allowed time for an event to arrive, in milliseconds. */
const ON_ITS_WAY_MS = 500;
/** Enough for hours; the oldest one determines the lag. */
const MOST_QUESTIONS = 2_000;
/** Number of consecutive short watches with events that the kind's own watch did not deliver. */
const STUCK = 2;
/** After a low answer has proved harmless, the next such answer is checked only after this time, in milliseconds. */
const CONFIRM_AGAIN_MS = 60_000;

interface Question {
  readonly at: number;
  /** The version in the server's answer; null without an answer. */
  version: string | null;
}

/** The lag of one kind's watch. */
export class LagProbe {
  readonly #options: LagProbeOptions;
  /** The version that the list or watch has reached; null before the first list. */
  #reached: string | null = null;
  /** Oldest first; settled requests are removed. */
  #open: Question[] = [];
  #ignored = 0;
  /** Whether the server refused the last request. */
  #isRefused = false;
  /** When the last settled request was sent; epoch milliseconds. */
  #settledAt = Number.NEGATIVE_INFINITY;
  /** The last answer below the reached version that a consistent list has proved harmless. */
  #harmless = { version: '', at: Number.NEGATIVE_INFINITY };

  constructor(options: LagProbeOptions) {
    this.#options = options;
  }

  /** The time as of which arriving events are true: the server had something newer then. Epoch milliseconds. */
  get provenAt(): number {
    return this.#open.find(({ version }) => version !== null)?.at ?? this.#options.now();
  }

  /** The version that the list or watch has reached; null before the first list. */
  get reachedVersion(): string | null {
    return this.#reached;
  }

  /** Whether the facts contained everything at that time (epoch milliseconds); null when not known. */
  hadAllAt(at: number): boolean | null {
    if (this.#settledAt >= at) return true;
    return this.#isRefused ? null : false;
  }

  /** Forgets the reached version. */
  restart(): void {
    this.#reached = null;
    this.#open = [];
    this.#ignored = 0;
    this.#report();
  }

  /** Checks whether the server has gone back, for example after a restore. */
  async check(signal: AbortSignal): Promise<void> {
    const before = this.#reached;
    if (before !== null) await this.#hasGoneBack(before, signal);
  }

  /** The list or watch has reached this version. */
  reached(version: string): void {
    if (version === this.#reached) return;
    this.#reached = version;
    this.#ignored = 0;
    if (this.#open.length > 0) this.#settle();
  }

  /** Probes until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { timers, random, required } = this.#options;
    const everyMs = required ? EVERY_MS.required : EVERY_MS.other;
    let waitMs: number = everyMs;
    while (!signal.aborted) {
      await sleep(timers, waitMs * (0.9 + 0.2 * random()), 'lag', signal);
      waitMs = (await this.#ask(signal)) ? everyMs : REFUSED_MS;
    }
  }

  /** Sends one request; false if the server refuses it. */
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
    // The request is answered. Confirming a low answer may take a while, and that is not a lag.
    this.#settle();
    if (isBefore(answer.version, before)) await this.#confirm(before, answer.version, signal);
    if (!this.#open.includes(question)) return true;
    await sleep(timers, ON_ITS_WAY_MS, 'lag on its way', signal);
    // A watch that advances will get there by itself.
    if (this.#reached === before && this.#open.includes(question)) await this.#look(before, signal);
    return true;
  }

  /**
   * A low answer may mean that the server has gone back, that a replica lags, or that the cache of a quiet kind has not
   * advanced.
   */
  async #confirm(before: string, low: string, signal: AbortSignal): Promise<void> {
    const { version, at } = this.#harmless;
    const now = this.#options.now();
    if (low === version && now - at < CONFIRM_AGAIN_MS) return;
    if ((await this.#hasGoneBack(before, signal)) === false) this.#harmless = { version: low, at: now };
  }

  /** Null when the server gives no answer. */
  async #hasGoneBack(before: string, signal: AbortSignal): Promise<boolean | null> {
    const newest = await askNewest(this.#options, signal);
    if (newest.kind !== 'revision') return null;
    // Meanwhile the watch may have advanced, or a relist may have occurred.
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

  /** Settles every request up to the last one whose version has been reached. */
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
