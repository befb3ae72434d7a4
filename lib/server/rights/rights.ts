/**
 * Maps a visitor to the view of what this visitor may see. If the rights cannot be determined, the view has no pods and
 * gives the reason.
 */
import type { Clock } from '../store/clock';
import { Reviews, type User, type Review } from './reviews';
import { whileHolds, type Session } from './session';
import type { RightsView } from './view';
import type { Views } from './views';

/** An identified visitor. */
export interface Visitor extends User {
  /** Null: every request identifies the visitor. */
  readonly session: Session | null;
}

/** What a visitor sees: everything or a view; null when too many different views are in use. */
export type GrantedView = 'everything' | RightsView | null;

/** Delay after a new namespace appears, because several often appear together. Milliseconds. */
const SOON_MS = 1_000;

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

  /** A signal that aborts when the visitor's rights no longer match `granted`. Checks until `closed` aborts. */
  whileGranted(visitor: Visitor, granted: GrantedView, closed: AbortSignal): AbortSignal {
    return whileHolds({
      session: visitor.session,
      clock: this.#clock,
      closed,
      holds: async () => (await this.viewFor(visitor)) === granted,
      sooner: (checkIn) => this.#views.onNamespaces(() => checkIn(SOON_MS)),
    });
  }
}
