/**
 * Decides what follows each success and failure of the list and watch of one kind: the state of its record, and the
 * wait before the next step. Nothing is retried without a wait, except the first relist after an expiry and the first
 * attempt with new credentials.
 */
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { Attempts, type AttemptRules, type AttemptsOptions } from '../attempts';
import type { Batcher } from '../batcher';
import type { Health } from '../health';
import { ours, reason, type Reason } from '../reason';
import { createBackoff, waitAfterFailures, type Backoff, type Policy } from './policy';
import type { State } from './machine';
import type { Trouble } from './trouble';

/** Options of recovery. */
export interface RecoveryOptions {
  readonly row: AnyKindRow;
  readonly health: Health;
  readonly batcher: Batcher;
  readonly policy: Policy;
  readonly now: () => number;
  readonly random: () => number;
  /** `https://host:port`, for messages. */
  readonly server: Reason;
}

/** How to continue after an error. */
export interface Remedy {
  readonly waitMs: number;
  /** `watch`: retry the watch, although the machine would list. `discovery`: wait until the kind is served. */
  readonly then: 'retry' | 'watch' | 'discovery';
}

/** After this long without a forced relist, the next one counts as the first. Milliseconds. */
const CALM_MS = 120_000;
/** A single watch that ends immediately is not shown; the second one is. */
const UNSHOWN_BRIEF_WATCHES = 1;
/** A version may expire by chance, and once more while a busy server is listed; the third time is shown. */
const UNSHOWN_VAIN_LISTS = 2;

/** After these errors, the first list in a while needs no wait. */
const LISTED_AT_ONCE: ReadonlySet<Trouble['kind']> = new Set<Trouble['kind']>([
  'expired',
  'rewound',
  'diverged',
  'garbled',
]);
/** After these errors, the facts are known to be wrong until the list is complete. */
const WRONG_FACTS: ReadonlySet<Trouble['kind']> = new Set<Trouble['kind']>(['rewound', 'diverged']);

const rulesOf = (policy: Policy): AttemptRules => ({
  confirmMs: () => policy.confirmMs,
  deniedMs: (random) => policy.deniedMs + random * policy.deniedJitterMs,
  failedMs: (failures, random) => waitAfterFailures(policy, failures, random),
  unshownFailures: 1,
});

/** The recovery of one kind. */
export class Recovery {
  readonly attempts: Attempts;
  readonly #options: RecoveryOptions;
  /** Relists forced by an expired or undecodable answer. */
  readonly #relists: Backoff;
  #lastRelistAt = Number.NEGATIVE_INFINITY;
  /** Consecutive lists that expired before a watch from them had lasted. */
  #vainLists = 0;
  /** Consecutive watches that ended immediately. */
  #briefWatches = 0;
  /** The reason shown although the facts are current. */
  #note: Reason | null = null;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#relists = createBackoff(options.policy, options.random);
    const attempts: AttemptsOptions = { ...options, rules: rulesOf(options.policy) };
    this.attempts = new Attempts(attempts);
  }

  /** Sets the reason shown although the facts are current; null: none. */
  note(text: Reason | null): void {
    this.#note = text;
    if (this.attempts.state === 'live') this.attempts.report({ kind: 'succeeded', reason: text });
  }

  listed(): void {
    this.attempts.report({ kind: 'succeeded', reason: this.#note });
  }

  watchOpened(): void {
    this.attempts.report({
      kind: 'opened',
      isShown: this.#briefWatches <= UNSHOWN_BRIEF_WATCHES,
      reason: this.#note,
    });
  }

  /** The watch has delivered events, or has lasted. */
  watchProved(): void {
    this.#briefWatches = 0;
    this.#vainLists = 0;
    this.attempts.report({ kind: 'succeeded', reason: this.#note });
  }

  /** A watch ended without an error, but immediately and without an event. Returns the wait in milliseconds. */
  watchWasBrief(): number {
    this.#briefWatches++;
    const { server, row } = this.#options;
    this.attempts.report({
      kind: 'failed',
      reason: reason`${server} ends every watch of ${ours(row.resource)} at once`,
      isPassing: this.#briefWatches <= UNSHOWN_BRIEF_WATCHES,
    });
    return this.attempts.waitMs;
  }

  /** `before`: the attempted state. `isShown`: show the error even if it is the first in a row. */
  after(trouble: Trouble, before: State['kind'], isShown: boolean): Remedy {
    const { attempts } = this;
    const why = trouble.message;
    switch (trouble.kind) {
      case 'expired':
      case 'rewound':
      case 'diverged':
      case 'garbled':
      case 'rejected':
      case 'too-large':
        this.#relistAfter(trouble);
        break;
      case 'unauthorized':
        attempts.report({ kind: 'unauthorized', reason: why });
        break;
      case 'busy':
      case 'ahead':
        attempts.report({ kind: 'failed', reason: why });
        return { waitMs: Math.max(attempts.waitMs, this.#retryAfter(trouble.retryAfterMs)), then: 'retry' };
      case 'broken':
      case 'silent':
      case 'brief':
        attempts.report({ kind: 'failed', reason: why, ...(isShown ? { isPassing: false } : {}) });
        break;
      case 'denied':
        if (before === 'listed') return this.#watchRefused(why);
        attempts.report({ kind: 'refused', as: 'denied', reason: why });
        break;
      case 'absent':
        // The watch is gone; a list will show whether the kind still exists.
        return before === 'empty' ? this.#notServed() : { waitMs: 0, then: 'retry' };
    }
    return { waitMs: attempts.waitMs, then: 'retry' };
  }

  #retryAfter(stated: number | null): number {
    return Math.min(stated ?? 0, this.#options.policy.retryAfterCapMs);
  }

  /** The first relist in a while is immediate, unless the request itself is at fault. */
  #relistAfter({ kind, message }: Trouble): void {
    const { now } = this.#options;
    if (now() - this.#lastRelistAt > CALM_MS) this.#relists.reset();
    this.#lastRelistAt = now();
    const isFirst = this.#relists.failures === 0;
    const waitMs = this.#relists.next();
    if (kind === 'expired') this.#vainLists++;
    const isVain = this.#vainLists > UNSHOWN_VAIN_LISTS;
    this.attempts.report({
      kind: 'failed',
      reason: isVain
        ? reason`listed ${this.#vainLists} times, and each list expired before a watch held: ${message}`
        : message,
      waitMs: isFirst && LISTED_AT_ONCE.has(kind) ? 0 : waitMs,
      isPassing: kind === 'expired' ? !isVain : !WRONG_FACTS.has(kind) && this.#relists.failures < 2,
    });
  }

  #watchRefused(why: Reason): Remedy {
    const { attempts } = this;
    const every = Math.round(this.#options.policy.deniedMs / 1000);
    attempts.report({ kind: 'watch-refused', reason: reason`${why}; listed every ${every} s instead` });
    return { waitMs: attempts.waitMs, then: attempts.state === 'denied' ? 'retry' : 'watch' };
  }

  #notServed(): Remedy {
    const { attempts } = this;
    const { resource, group } = this.#options.row;
    const what = ours(group === '' ? resource : `${resource}.${group}`);
    attempts.report({ kind: 'refused', as: 'absent', reason: reason`the cluster does not serve ${what}` });
    if (attempts.hasFacts) return { waitMs: attempts.waitMs, then: 'retry' };
    return { waitMs: 0, then: 'discovery' };
  }
}
