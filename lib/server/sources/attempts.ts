/**
 * What a source record says after each attempt to read its facts, and when the next attempt is due: one state machine
 * for every server that ifscope asks.
 *
 * - Facts stay while the server cannot be asked; the record says `stale`. Without facts it says `failing`.
 * - A refusal (403, 404, UnauthorizedOperation) drops facts only when a second one confirms it: a restarting server may
 *   refuse once.
 *
 * `nextAttempt` is pure: the clock and chance are passed in. `Attempts` applies it to one source record.
 */
import type { SourceState } from '../../model/records';
import type { Batcher } from './batcher';
import type { Health } from './health';
import type { LagReading } from './lags';
import type { Reason } from './reason';
import { replaceAllOf, type Entry, type ObservedRow } from './observe';

export interface AttemptState {
  readonly state: SourceState;
  /** One sentence for the user; null when there is nothing to say. */
  readonly reason: Reason | null;
  /** Whether facts of this source have been sent and not dropped since. */
  readonly hasFacts: boolean;
  /** In a row, since the last answer. */
  readonly refusals: number;
  /** Rejected credentials, in a row. */
  readonly unauthorized: number;
  readonly failures: number;
  /** Refusals of a watch on what may be listed, since a watch was last open. */
  readonly watchRefusals: number;
  /** Epoch milliseconds; -Infinity: at once. */
  readonly nextAt: number;
}

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

/** How an attempt ended. */
export type Outcome =
  /** The facts are current. Without `nextAt` the next attempt stays due when it was. */
  | { readonly kind: 'succeeded'; readonly reason?: Reason | null; readonly nextAt?: number }
  /** Some facts are there, others have not been asked for yet. */
  | { readonly kind: 'incomplete'; readonly reason: Reason }
  /** The server answers, though not yet with all that was asked for. */
  | { readonly kind: 'answered' }
  /** A watch is open: current, but not proved to last. Failures stay counted. */
  | { readonly kind: 'opened'; readonly isShown: boolean; readonly reason?: Reason | null }
  /**
   * `waitMs`: null leaves the time of the next attempt as it was; the rules decide when it is left out.
   * `isPassing`: not shown while there are facts; the rules decide when it is left out.
   */
  | { readonly kind: 'failed'; readonly reason: Reason; readonly waitMs?: number | null; readonly isPassing?: boolean }
  /** The credentials were rejected. The first time, new ones are tried at once. */
  | { readonly kind: 'unauthorized'; readonly reason: Reason }
  /** The server says that there is nothing to read for us; `as` is what the record says once that is confirmed. */
  | { readonly kind: 'refused'; readonly as: 'denied' | 'absent'; readonly reason: Reason }
  /**
   * The same of a watch, where a list is answered: the facts stay, and the record goes on saying so until a watch
   * opens.
   */
  | { readonly kind: 'watch-refused'; readonly reason: Reason }
  /** There is nothing to ask for; known without asking. */
  | { readonly kind: 'absent'; readonly reason: Reason };

/** Waits in milliseconds. `random` is 0 ≤ x < 1. */
export interface AttemptRules {
  /** After the first refusal of what could be read before. */
  readonly confirmMs: (random: number) => number;
  readonly deniedMs: (random: number) => number;
  /** `failures`: in a row, without this one. */
  readonly failedMs: (failures: number, random: number) => number;
  /** How many failures in a row are not shown while there are facts. */
  readonly unshownFailures: number;
}

const ANSWERED = { refusals: 0, unauthorized: 0, failures: 0 } as const;

/** The state after `outcome`. Facts are to be dropped where `hasFacts` was true and is no longer. */
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

export interface AttemptsOptions {
  readonly row: ObservedRow;
  readonly health: Health;
  readonly batcher: Batcher;
  readonly rules: AttemptRules;
  readonly now: () => number;
  readonly random: () => number;
  /** Of a source that is polled: a watch measures its own. */
  readonly lag?: LagReading;
}

/**
 * When the answer after this one is late, epoch milliseconds. It is due when the next read, which begins at `nextAt`, has
 * taken as long as this one; half an interval more is allowed, since all reads of a source take turns.
 */
export const lateAt = (asOf: number, answeredAt: number, nextAt: number): number =>
  nextAt + (answeredAt - asOf) + (nextAt - asOf) / 2;

/** The attempts of one source record: sends what it says, and drops its facts when they are no longer true. */
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
  /** How long until then; 0 when it is due. */
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
    }
    health.become(this.#current.state, this.#current.reason);
  }

  /** All facts were read anew; they were true at `asOf` (epoch milliseconds). */
  replace(entries: readonly Entry[], asOf: number, nextAt?: number): void {
    const { row, health, batcher, lag, now } = this.#options;
    batcher.add(replaceAllOf(row, entries));
    health.proved(asOf);
    if (nextAt !== undefined) lag?.missing(lateAt(asOf, now(), nextAt), 'the next answer is overdue');
    this.report({ kind: 'succeeded', ...(nextAt === undefined ? {} : { nextAt }) });
  }
}
