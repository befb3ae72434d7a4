/** Caches the API server's answers to "may this user list pods there?" for half a minute. */
import type { Clock } from '../store/clock';

/** The user of a review, as the API server identifies it. */
export interface User {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * Asks whether the user may list the pods of a namespace; null: of all namespaces. Rejects with one sentence for the
 * user.
 */
export type Review = (asker: User, namespace: string | null) => Promise<boolean>;

const KEPT_MS = 30_000;
/** After a failure, no request is sent for this long, to spare the API server. */
const FAILED_MS = 3_000;
const MOST_KEPT = 50_000;
/** Maximum concurrent requests. */
const MOST_ASKED = 16;

interface Answer {
  readonly at: number;
  readonly answer: Promise<boolean>;
}

/** The cache of one API server's answers. */
export class Reviews {
  readonly #review: Review;
  readonly #clock: Clock;
  /** In order of age, oldest first. */
  readonly #kept = new Map<string, Answer>();
  readonly #waiting: (() => void)[] = [];
  #asked = 0;
  #failed: { readonly at: number; readonly error: Error } | null = null;

  constructor(review: Review, clock: Clock) {
    this.#review = review;
    this.#clock = clock;
  }

  get kept(): number {
    return this.#kept.size;
  }

  /** Whether the user may list pods. Rejects when the API server cannot be reached. */
  mayList({ user, groups }: User, namespace: string | null): Promise<boolean> {
    const now = this.#clock.now();
    const key = JSON.stringify([namespace, user, ...[...groups].sort()]);
    const known = this.#kept.get(key);
    if (known !== undefined && now - known.at < KEPT_MS) return known.answer;
    if (this.#failed !== null && now - this.#failed.at < FAILED_MS) return Promise.reject(this.#failed.error);
    const answer = this.#ask({ user, groups }, namespace);
    this.#kept.delete(key);
    this.#kept.set(key, { at: now, answer });
    this.#forget(now);
    answer.catch((error: unknown) => {
      if (this.#kept.get(key)?.answer === answer) this.#kept.delete(key);
      this.#failed = { at: this.#clock.now(), error: error instanceof Error ? error : new Error(String(error)) };
    });
    return answer;
  }

  async #ask(asker: User, namespace: string | null): Promise<boolean> {
    if (this.#asked >= MOST_ASKED) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#asked++;
    try {
      return await this.#review(asker, namespace);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#asked--;
      else next();
    }
  }

  #forget(now: number): void {
    for (const [key, { at }] of this.#kept) {
      if (now - at < KEPT_MS && this.#kept.size <= MOST_KEPT) return;
      this.#kept.delete(key);
    }
  }
}
