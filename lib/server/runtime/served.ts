/** What is answered from: the whole record set, or what a visitor may see of it. */
import type { Registry } from 'prom-client';
import type { Timestamp } from '../../model/records';
import { Rights, type Visitor } from '../rights/rights';
import type { RightsView } from '../rights/view';
import { Views } from '../rights/views';
import type { Clock } from '../store/clock';
import type { Keyframes } from '../store/keyframes';
import type { Store } from '../store/store';
import type { Hub } from '../stream/hub';
import type { From } from './from';
import type { FileFrom } from './read-file';
import { createReviewer } from './reviewer';

/** A record set with what is made of it for those who see it. */
export interface Shared {
  readonly store: Store;
  readonly hub: Hub;
  readonly keyframes: Keyframes;
}

export interface Served extends Shared {
  readonly metrics: Registry;
  /** The kind of file that is shown, and when it was taken; null for a cluster. */
  readonly file: { readonly kind: FileFrom['kind']; readonly takenAt: Timestamp } | null;
  /** Aborts when the visitor no longer sees just this; looks until `gone` aborts. Absent where that never happens. */
  readonly while?: (gone: AbortSignal) => AbortSignal;
}

export interface VisitorsOptions {
  readonly everything: Served;
  /** What is served of a view. */
  readonly served: (view: Shared) => Served;
  readonly from: From;
  /** `--rights`; null: the API server of `from` is asked. */
  readonly rightsOf: string | null;
  readonly clock: Clock;
  readonly newEpoch: () => string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Visitors {
  readonly views: Views;
  /** Null where too many different views are looked at already. */
  servedFor(visitor: Visitor): Promise<Served | null>;
  close(): Promise<void>;
}

export function createVisitors(options: VisitorsOptions): Visitors {
  const { everything, clock, newEpoch, from, rightsOf, env } = options;
  const { store } = everything;
  const reviewer = createReviewer(from, rightsOf, env);
  const views = new Views({ store, clock, newEpoch });
  const rights = new Rights({ views, review: reviewer.review, clock });
  const made = new WeakMap<RightsView, Served>();
  const servedOf = (view: RightsView): Served => {
    const known = made.get(view) ?? options.served(view);
    made.set(view, known);
    return known;
  };
  return {
    views,
    async servedFor(visitor) {
      const seen = await rights.of(visitor);
      if (seen === null) return null;
      const served = seen === 'everything' ? everything : servedOf(seen);
      // Not spread: what is read now of its getters would be old later.
      return Object.create(served, {
        while: { value: (gone: AbortSignal) => rights.whileSees(visitor, seen, gone) },
      }) as Served;
    },
    async close() {
      views.close();
      await reviewer.close();
    },
  };
}
