/**
 * Determines a source record's state after each attempt to read its facts, and when the next attempt is due: one state
 * machine for all sources.
 *
 * - Facts are kept while the server cannot be reached, and the state is `stale`. Without facts it is `failing`.
 * - A refusal (403, 404, UnauthorizedOperation) drops facts only if a second one confirms it: a restarting server may
 * refuse once.
 *
 * `nextAttempt` is pure: clock and randomness are passed in. `Attempts` applies it to one source record.
 */
import type { SourceState } from '../../model/records';
import type { Batcher } from './batcher';
import type { Health } from './health';
import type { LagReading } from './lags';
import type { Reason } from './reason';
import { replaceAllOf, type Entry, type ObservedRow } from './observe';

/** The state of a source between attempts. A success resets the counters. */
export interface AttemptState {
  readonly state: SourceState;
  /** One sentence for the user; null without one. */
  readonly reason: Reason | null;
  /** Whether facts of this source have been sent and not dropped since. */
  readonly hasFacts: boolean;
  /** Consecutive refusals since the last answer. */
  readonly refusals: number;
  /** Consecutive rejections of the credentials. */
  readonly unauthorized: number;
  readonly failures: number;
  /** Refusals of a watch, with lists allowed, since a watch was last open. */
  readonly watchRefusals: number;
  /** When the next attempt is due, epoch milliseconds; -Infinity: immediately. */
  readonly nextAt: number;
}

/** The state before the first attempt. */
export const NOT_TRIED: AttemptState = {
  state: 'starting',
  reason: null,
  hasFacts: false,
  refusals: 0,
  unauthorized: 0,
  failures: 0,
  watchRefusals: 0,
  nextAt: Number.NEGATIVE_INFINITY,
};

/** The result of an attempt. */
export type Outcome =
  /** The facts are current. Without `nextAt`, the time of the next attempt stays the same. */
  | { readonly kind: 'succeeded'; readonly reason?: Reason | null; readonly nextAt?: number }
  /** Some facts have arrived; others have not been requested yet. */
  | { readonly kind: 'incomplete'; readonly reason: Reason }
  /** The server responds, but not yet with everything requested. */
  | { readonly kind: 'answered' }
  /** A watch is open: the facts are current, but the watch may not last, so the failure count is kept. */
  | { readonly kind: 'opened'; readonly isShown: boolean; readonly reason?: Reason | null }
  /**
   * `waitMs`: null keeps the time of the next attempt; absent: the rules decide. `isPassing`: whether to hide the
   * failure while there are facts; absent: the rules decide.
   */
  | { readonly kind: 'failed'; readonly reason: Reason; readonly waitMs?: number | null; readonly isPassing?: boolean }
  /** The credentials were rejected. The first time, new ones are tried immediately. */
  | { readonly kind: 'unauthorized'; readonly reason: Reason }
  /** The server refuses access; `as`: the state once the refusal is confirmed. */
  | { readonly kind: 'refused'; readonly as: 'denied' | 'absent'; readonly reason: Reason }
  /**
   * A watch is refused although lists are allowed: the facts are kept, and the record shows the reason until a watch
   * opens.
   */
  | { readonly kind: 'watch-refused'; readonly reason: Reason }
  /** There is nothing to read, which is known without a request. */
  | { readonly kind: 'absent'; readonly reason: Reason };

/** Waits in milliseconds. `random` is 0 ≤ x < 1. */
export interface AttemptRules {
  /** Wait after the first refusal of something readable before. */
  readonly confirmMs: (random: number) => number;
  readonly deniedMs: (random: number) => number;
  /** `failures`: consecutive failures before this one. */
  readonly failedMs: (failures: number, random: number) => number;
  /** Number of consecutive failures that are hidden while there are facts. */
  readonly unshownFailures: number;
}

const ANSWERED = { refusals: 0, unauthorized: 0, failures: 0 } as const;

/** The state after `outcome`. When `hasFacts` turns false, the caller must drop the facts. */
export function nextAttempt(
  before: AttemptState,
  outcome: Outcome,
  rules: AttemptRules,
  now: number,
  random: () => number,
): AttemptState {
  switch (outcome.kind) {
    case 'succeeded': {
      const { reason = null, nextAt = before.nextAt } = outcome;
      const facts = { ...before, ...ANSWERED, hasFacts: true, nextAt };
      return before.watchRefusals > 0 ? facts : { ...facts, state: 'live', reason };
    }
    case 'incomplete':
      return { ...before, ...ANSWERED, state: 'starting', reason: outcome.reason, hasFacts: true };
    case 'answered':
      return { ...before, ...ANSWERED };
    case 'opened':
      return {
        ...before,
        ...(outcome.isShown ? { state: 'live', reason: outcome.reason ?? null } : {}),
        refusals: 0,
        unauthorized: 0,
        watchRefusals: 0,
      };
    case 'failed': {
      const { reason, isPassing = before.failures < rules.unshownFailures } = outcome;
      const waitMs = outcome.waitMs === undefined ? rules.failedMs(before.failures, random()) : outcome.waitMs;
      const nextAt = waitMs === null ? before.nextAt : now + waitMs;
      const after = { ...before, failures: before.failures + 1, nextAt };
      if (!before.hasFacts) return { ...after, state: 'failing', reason };
      return isPassing ? after : { ...after, state: 'stale', reason };
    }
    case 'unauthorized': {
      const unauthorized = before.unauthorized + 1;
      if (unauthorized === 1) return { ...before, unauthorized, nextAt: now };
      const nextAt = now + rules.failedMs(before.failures, random());
      const failures = before.failures + 1;
      return { ...before, unauthorized, failures, state: 'failing', reason: outcome.reason, nextAt };
    }
    case 'refused': {
      const refusals = before.refusals + 1;
      if (before.hasFacts && refusals === 1) return { ...before, refusals, nextAt: now + rules.confirmMs(random()) };
      const nextAt = now + rules.deniedMs(random());
      return { ...before, refusals, state: outcome.as, reason: outcome.reason, hasFacts: false, nextAt };
    }
    case 'watch-refused': {
      const watchRefusals = before.watchRefusals + 1;
      if (watchRefusals === 1) return { ...before, watchRefusals, nextAt: now + rules.confirmMs(random()) };
      const nextAt = now + rules.deniedMs(random());
      return { ...before, watchRefusals, state: 'denied', reason: outcome.reason, nextAt };
    }
    case 'absent':
      return { ...NOT_TRIED, state: 'absent', reason: outcome.reason };
  }
}

/** Options of `Attempts`. */
export interface AttemptsOptions {
  readonly row: ObservedRow;
  readonly health: Health;
  readonly batcher: Batcher;
  readonly rules: AttemptRules;
  readonly now: () => number;
  readonly random: () => number;
  /** For polled sources; a watch measures its own lag. */
  readonly lag?: LagReading;
}

/**
 * When the next answer counts as late, epoch milliseconds. The next read starts at `nextAt` and may take as long as
 * this one; half an interval is added because the reads of a source take turns.
 */
export const lateAt = (asOf: number, answeredAt: number, nextAt: number): number =>
  nextAt + (answeredAt - asOf) + (nextAt - asOf) / 2;

/** Applies outcomes to one source record: sends its state, and drops its facts when they are no longer valid. */
export class Attempts {
  readonly #options: AttemptsOptions;
  #current = NOT_TRIED;

  constructor(options: AttemptsOptions) {
    this.#options = options;
    options.health.become('starting', null);
  }

  get state(): SourceState {
    return this.#current.state;
  }
  get reason(): Reason | null {
    return this.#current.reason;
  }
  get hasFacts(): boolean {
    return this.#current.hasFacts;
  }
  get refusals(): number {
    return this.#current.refusals;
  }
  /** When the next attempt is due; epoch milliseconds. */
  get nextAt(): number {
    return this.#current.nextAt;
  }
  /** Milliseconds until the next attempt; 0 when it is due. */
  get waitMs(): number {
    return Math.max(0, this.#current.nextAt - this.#options.now());
  }

  /** Makes the next attempt due now. */
  hasten(): void {
    this.#current = { ...this.#current, nextAt: this.#options.now() };
  }

  report(outcome: Outcome): void {
    const { row, health, batcher, rules, now, random } = this.#options;
    const before = this.#current;
    this.#current = nextAttempt(before, outcome, rules, now(), random);
    if (before.hasFacts && !this.#current.hasFacts) {
      batcher.flush();
      batcher.add(replaceAllOf(row, []));
      health.forgot();
    }
    health.become(this.#current.state, this.#current.reason);
  }

  /** Replaces all facts with a complete answer as of `asOf` (epoch milliseconds). */
  replace(entries: readonly Entry[], asOf: number, nextAt?: number): void {
    const { row, health, batcher, lag, now } = this.#options;
    batcher.add(replaceAllOf(row, entries));
    health.proved(asOf);
    if (nextAt !== undefined) lag?.missing(lateAt(asOf, now(), nextAt), 'the next answer is overdue');
    this.report({ kind: 'succeeded', ...(nextAt === undefined ? {} : { nextAt }) });
  }
}
