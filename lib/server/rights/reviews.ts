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

const CACHE_MS = 30_000;
/** After a failure, no request is sent for this long, to spare the API server. */
const FAILED_MS = 3_000;
const MAX_CACHED = 50_000;
/** Maximum concurrent requests. */
const MAX_CONCURRENT = 16;

interface Answer {
  readonly at: number;
  readonly answer: Promise<boolean>;
}

/** The cache of one API server's answers. */
export class Reviews {
  readonly #review: Review;
  readonly #clock: Clock;
  /** In order of age, oldest first. */
  readonly #cached = new Map<string, Answer>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;
  #failed: { readonly at: number; readonly error: Error } | null = null;

  constructor(review: Review, clock: Clock) {
    this.#review = review;
    this.#clock = clock;
  }

  get kept(): number {
    return this.#cached.size;
  }

  /** Whether the user may list pods. Rejects when the API server cannot be reached. */
  mayList({ user, groups }: User, namespace: string | null): Promise<boolean> {
    const now = this.#clock.now();
    const key = JSON.stringify([namespace, user, ...[...groups].sort()]);
    const known = this.#cached.get(key);
    if (known !== undefined && now - known.at < CACHE_MS) return known.answer;
    if (this.#failed !== null && now - this.#failed.at < FAILED_MS) return Promise.reject(this.#failed.error);
    const answer = this.#request({ user, groups }, namespace);
    this.#cached.delete(key);
    this.#cached.set(key, { at: now, answer });
    this.#forget(now);
    answer.catch((error: unknown) => {
      if (this.#cached.get(key)?.answer === answer) this.#cached.delete(key);
      this.#failed = { at: this.#clock.now(), error: error instanceof Error ? error : new Error(String(error)) };
    });
    return answer;
  }

  async #request(asker: User, namespace: string | null): Promise<boolean> {
    if (this.#active >= MAX_CONCURRENT) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#active++;
    try {
      return await this.#review(asker, namespace);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#active--;
      else next();
    }
  }

  #forget(now: number): void {
    for (const [key, { at }] of this.#cached) {
      if (now - at < CACHE_MS && this.#cached.size <= MAX_CACHED) return;
      this.#cached.delete(key);
    }
  }
}
