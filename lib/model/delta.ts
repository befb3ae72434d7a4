/**
 * The difference between two versions of the record set: whole records for what is new, field patches for what changed,
 * ids for what went. Idempotent to apply. Sent as JSON; squashed over any span (`topology/squash`).
 */
import type { ClusterInfo, EniAddress, EniPrefix, IpPoolRecord, RecordByTable, Table } from './records';

/** One entry of an address pool's `allocations`. */
export type PoolAllocation = IpPoolRecord['allocations'][number];

/**
 * Fields that changed, whole. Of an ENI's `addresses` and `prefixes`, and of a pool's `allocations`, only the entries that
 * changed, keyed by ip or cidr; these are never in `set`.
 */
export interface RecordPatch<T extends Table> {
  readonly id: string;
  readonly set: Partial<RecordByTable[T]>;
  readonly addresses?: { readonly put: readonly EniAddress[]; readonly drop: readonly string[] };
  readonly prefixes?: { readonly put: readonly EniPrefix[]; readonly drop: readonly string[] };
  readonly allocations?: { readonly put: readonly PoolAllocation[]; readonly drop: readonly string[] };
}

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

/** A frame of the stream: a delta, a reset (the full set must be fetched again), or a heartbeat with ages. */
export type Frame =
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'reset'; readonly epoch: string; readonly version: number; readonly reason: string }
  | {
      readonly kind: 'heartbeat';
      readonly epoch: string;
      readonly version: number;
      readonly at: number;
      /** asOf of each source, by id; ages travel here, never as records. */
      readonly ages: Readonly<Record<string, string | null>>;
    };
