/** The data that requests are answered from: the full record set, or a visitor's view of it. */
import type { Registry } from 'prom-client';
import type { Timestamp } from '../../model/records';
import { Rights, type Visitor } from '../rights/rights';
import { whileHolds } from '../rights/session';
import type { RightsView } from '../rights/view';
import { Views } from '../rights/views';
import type { SourceContext } from '../sources/source';
import type { Clock } from '../store/clock';
import type { Keyframes } from '../store/keyframes';
import type { Store } from '../store/store';
import type { Hub } from '../stream/hub';
import type { From } from './from';
import type { FileFrom } from './read-file';
import { createReviewer } from './reviewer';

/** A record set with its stream and keyframes, shared by all viewers with the same rights. */
export interface Shared {
  readonly store: Store;
  readonly hub: Hub;
  readonly keyframes: Keyframes;
}

/** The data that a request is answered from. */
export interface Served extends Shared {
  readonly metrics: Registry;
  /** The kind of the file shown, and when it was taken; null for a live source. */
  readonly file: { readonly kind: FileFrom['kind']; readonly takenAt: Timestamp } | null;
  /**
   * Aborts when the visitor's session is over or the rights no longer match this view; checks until `gone` aborts.
   * Absent when neither can happen.
   */
  readonly while?: (gone: AbortSignal) => AbortSignal;
}

/** Options for serving identified visitors. */
export interface VisitorsOptions {
  readonly everything: Served;
  /** Adds what serving a view requires. */
  readonly served: (view: Shared) => Served;
  readonly from: From;
  /** `--rights`; null: the API server of `from` decides. */
  readonly rightsOf: string | null;
  readonly clock: Clock;
  readonly newEpoch: () => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: SourceContext['log'];
}

/** Identified visitors and their views. */
export interface Visitors {
  readonly views: Views;
  /** The data served to a visitor; null when too many different views are in use. */
  servedFor(visitor: Visitor): Promise<Served | null>;
  close(): Promise<void>;
}

/** Not a spread, which would freeze the values of its getters. */
const servedWhile = (served: Served, value: Served['while']): Served =>
  Object.create(served, { while: { value } }) as Served;

/** Serves everything to a visitor whose rights are not checked (`--rights all`), as long as the visitor is signed in. */
export function servedWhileSignedIn(everything: Served, { session }: Visitor, clock: Clock): Served {
  if (session === null) return everything;
  const holds = (): Promise<boolean> => Promise.resolve(true);
  return servedWhile(everything, (gone) => whileHolds({ session, clock, closed: gone, holds }));
}

/** Serves each visitor according to the rights that the API server grants. */
export function createVisitors(options: VisitorsOptions): Visitors {
  const { everything, clock, newEpoch, from, rightsOf: rights, env, log } = options;
  const { store } = everything;
  const reviewer = createReviewer({ from, rights, env, log });
  const views = new Views({ store, clock, newEpoch });
  const seenBy = new Rights({ views, review: reviewer.review, clock });
  const made = new WeakMap<RightsView, Served>();
  const servedOf = (view: RightsView): Served => {
    const known = made.get(view) ?? options.served(view);
    made.set(view, known);
    return known;
  };
  return {
    views,
    async servedFor(visitor) {
      const seen = await seenBy.viewFor(visitor);
      if (seen === null) return null;
      const served = seen === 'everything' ? everything : servedOf(seen);
      return servedWhile(served, (gone) => seenBy.whileGranted(visitor, seen, gone));
    },
    async close() {
      views.close();
      await reviewer.close();
    },
  };
}
