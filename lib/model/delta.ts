/**
 * The difference between two versions of the record set: new records whole, changed records as field patches, removed
 * records as ids. Idempotent. Sent as JSON; consecutive deltas can be squashed into one (`lib/records/squash`).
 */
import type { Ages, Lags } from './lag';
import type { ClusterInfo, RecordByTable, Table } from './records';
import type { KeyedEntry, KeyedField } from './schema/tables';

/**
 * `set` holds the changed fields, whole. A keyed list (an ENI's `addresses` and `prefixes`, a pool's `allocations`) is
 * never in `set`: only its changed entries are sent, under the list's own name.
 */
export type RecordPatch<T extends Table> = {
  readonly id: string;
  readonly set: Partial<RecordByTable[T]>;
} & {
  readonly [F in KeyedField]?: { readonly put: readonly KeyedEntry<F>[]; readonly drop: readonly string[] };
};

/** The changes of one table: `put` new records, `patch` changed ones, `drop` the ids of removed ones. */
export interface TableDelta<T extends Table> {
  readonly put: readonly RecordByTable[T][];
  readonly patch: readonly RecordPatch<T>[];
  readonly drop: readonly string[];
}

/** The changes of all tables between two versions of an epoch. Tables without changes are absent; `cluster` is present when it changed. */
export interface Delta {
  readonly epoch: string;
  /** The version it applies to, and the one it leads to. */
  readonly from: number;
  readonly to: number;
  /** Server clock at commit, epoch milliseconds. */
  readonly at: number;
  readonly cluster?: ClusterInfo;
  readonly tables: { readonly [T in Table]?: TableDelta<T> };
}

/** Media type of a stream of deflated events (raw RFC 1951). Not a content encoding, which would be computed for each viewer. */
export const DEFLATED_EVENTS = 'application/vnd.ifscope.events+deflate';

/** A frame of the stream: a delta, a reset (the full set must be fetched again), or a heartbeat with ages and lags. */
export type Frame =
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'reset'; readonly epoch: string; readonly version: number; readonly reason: string }
  | {
      readonly kind: 'heartbeat';
      readonly epoch: string;
      readonly version: number;
      readonly at: number;
      /** Figures that change every second are sent here, never in records. */
      readonly ages: Ages;
      readonly lags: Lags;
    };
