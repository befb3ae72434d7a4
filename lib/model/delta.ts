/**
 * The difference between two versions of the record set: whole records for what is new, field patches for what changed,
 * ids for what went. Idempotent to apply. Sent as JSON; squashed over any span (`lib/records/squash`).
 */
import type { Ages, Lags } from './lag';
import type { ClusterInfo, RecordByTable, Table } from './records';
import type { KeyedEntry, KeyedField } from './schema/tables';

/**
 * Fields that changed, whole, in `set`. Of keyed lists (an ENI's `addresses` and `prefixes`, a pool's `allocations`) only the
 * entries that changed, under the list's own name; these are never in `set`.
 */
export type RecordPatch<T extends Table> = {
  readonly id: string;
  readonly set: Partial<RecordByTable[T]>;
} & {
  readonly [F in KeyedField]?: { readonly put: readonly KeyedEntry<F>[]; readonly drop: readonly string[] };
};

export interface TableDelta<T extends Table> {
  readonly put: readonly RecordByTable[T][];
  readonly patch: readonly RecordPatch<T>[];
  readonly drop: readonly string[];
}

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

/**
 * The media type of a stream whose events are deflated (RFC 1951, without a header); who accepts it gets it. Not a content
 * encoding: that would be made for each viewer anew.
 */
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
      /** What changes every second travels here, never as records. */
      readonly ages: Ages;
      readonly lags: Lags;
    };
