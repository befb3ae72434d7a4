/** Maps a visitor to the view of what this visitor may see: without pods, and saying why, if the rights cannot be determined. */
import type { Clock } from '../store/clock';
import { Reviews, type Asker, type Review } from './reviews';
import { whileHolds, type Session } from './session';
import type { RightsView } from './view';
import type { Views } from './views';

/** An identified visitor. */
export interface Visitor extends Asker {
  /** Null: every request identifies the visitor. */
  readonly session: Session | null;
}

/** What a visitor sees: everything or a view; null when too many different views are in use. */
export type Seen = 'everything' | RightsView | null;

/** Delay after a new namespace appears, because several often appear together. */
const SOON_MS = 1_000;

/** What rights are determined with. */
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

  async of(visitor: Asker): Promise<Seen> {
    try {
      if (await this.#reviews.mayList(visitor, null)) return 'everything';
      const names = [...this.#views.namespaces];
      const answers = await Promise.all(names.map((name) => this.#reviews.mayList(visitor, name)));
      return this.#views.of({ namespaces: new Set(names.filter((_, at) => answers[at])), trouble: null });
    } catch (error) {
      return this.#views.of({ namespaces: new Set(), trouble: `No pods are shown: ${sentence(error)}` });
    }
  }

  /** A signal that aborts when the visitor's rights no longer give exactly `seen`. Checks until `gone` aborts. */
  whileSees(visitor: Visitor, seen: Seen, gone: AbortSignal): AbortSignal {
    return whileHolds({
      session: visitor.session,
      clock: this.#clock,
      gone,
      holds: async () => (await this.of(visitor)) === seen,
      sooner: (lookIn) => this.#views.onNamespaces(() => lookIn(SOON_MS)),
    });
  }
}
