/**
 * Maps a visitor to the view of what this visitor may see. If the rights cannot be determined, the view has no pods and
 * gives the reason.
 */
import type { Clock } from '../store/clock';
import { Reviews, type User, type Review } from './reviews';
import type { RightsView } from './view';
import type { Views } from './views';

/** An identified visitor. */
export interface Visitor extends User {
  /** When the sign-in expires, epoch milliseconds; null: every request identifies the visitor. */
  readonly until: number | null;
}

/** What a visitor sees: everything or a view; null when too many different views are in use. */
export type GrantedView = 'everything' | RightsView | null;

/** Interval of checking the rights behind an open stream again, in milliseconds. */
const AGAIN_MS = 30_000;
/** Delay after a new namespace appears, because several often appear together. Milliseconds. */
const SOON_MS = 1_000;

/** Options of `Rights`. */
export interface RightsOptions {
  readonly views: Views;
  readonly review: Review;
  readonly clock: Clock;
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Determines the rights of visitors and watches them while a stream is open. */
export class Rights {
  readonly #views: Views;
  readonly #reviews: Reviews;
  readonly #clock: Clock;

  constructor({ views, review, clock }: RightsOptions) {
    this.#views = views;
    this.#reviews = new Reviews(review, clock);
    this.#clock = clock;
  }

  async viewFor(visitor: User): Promise<GrantedView> {
    try {
      if (await this.#reviews.mayList(visitor, null)) return 'everything';
      const names = [...this.#views.namespaces];
      const answers = await Promise.all(names.map((name) => this.#reviews.mayList(visitor, name)));
      return this.#views.viewFor({ namespaces: new Set(names.filter((_, at) => answers[at])), trouble: null });
    } catch (error) {
      return this.#views.viewFor({ namespaces: new Set(), trouble: `No pods are shown: ${sentence(error)}` });
    }
  }

  /** A signal that aborts when the visitor's rights no longer give exactly `granted`. Checks until `closed` aborts. */
  whileGranted(visitor: Visitor, granted: GrantedView, closed: AbortSignal): AbortSignal {
    const ended = new AbortController();
    let cancel: (() => void) | null = null;
    let stopped = closed.aborted;
    const stop = (): void => {
      stopped = true;
      cancel?.();
      leave();
    };
    const look = async (): Promise<void> => {
      const isOver = visitor.until !== null && this.#clock.now() >= visitor.until;
      if (!isOver && (await this.viewFor(visitor)) === granted) lookIn(AGAIN_MS);
      else if (!stopped) {
        stop();
        ended.abort();
      }
    };
    const lookIn = (ms: number): void => {
      if (stopped) return;
      cancel?.();
      const left = visitor.until === null ? ms : Math.max(0, visitor.until - this.#clock.now());
      cancel = this.#clock.after(Math.min(ms, left), () => void look());
    };
    const leave = this.#views.onNamespaces(() => lookIn(SOON_MS));
    closed.addEventListener('abort', stop, { once: true });
    if (stopped) stop();
    else lookIn(AGAIN_MS);
    return ended.signal;
  }
}
