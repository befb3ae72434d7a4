/**
 * The messages between the two threads. News messages are acknowledged, and only a few are in flight at a time: while
 * the serving thread is busy, the collecting thread accumulates changes instead of queueing messages.
 */
import type { TableDelta } from '../../model/delta';
import type { Ages, Lags } from '../../model/lag';
import type { LogLevel } from '../../model/log-level';
import type { Table } from '../../model/records';
import {
  packPatches,
  packRecords,
  unpackPatches,
  unpackRecords,
  type Packed,
  type PackedPatches,
} from '../../records/packed';
import { SharedValues } from '../../records/shared-values';
import type { Committed, Figures } from '../store/roles';

/** The changes since the last message; null: none. */
export interface News {
  readonly kind: 'news';
  /** A `Committed` as JSON, which costs the serving thread less than a structured clone. */
  readonly part: Uint8Array | null;
  readonly ages: Ages | null;
  readonly lags: Lags | null;
  readonly figures: Figures | null;
}

/** Messages of the collecting thread. */
export type FromCollecting =
  | News
  /** A restarted thread sends everything again in the news between `begin` and `end`. */
  | { readonly kind: 'anew'; readonly phase: 'begin' | 'end' }
  | { readonly kind: 'started'; readonly required: readonly string[] }
  | { readonly kind: 'skew'; readonly ms: number }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string }
  /** The sources cannot be started, for a reason that the user can fix. */
  | { readonly kind: 'problem'; readonly is: 'usage' | 'runtime'; readonly message: string };

/** Messages to the collecting thread; `taken` acknowledges one news message. */
export type ToCollecting = { readonly kind: 'taken' } | { readonly kind: 'stop' };

const encoder = new TextEncoder();

/** A table's lists; empty ones are left out. */
interface PackedLists {
  readonly put?: Packed;
  readonly patch?: readonly PackedPatches[];
  readonly drop?: readonly string[];
}

const packLists = (table: Table, { put, patch, drop }: TableDelta<Table>): PackedLists => ({
  ...(put.length === 0 ? {} : { put: packRecords(table, put) }),
  ...(patch.length === 0 ? {} : { patch: packPatches(patch) }),
  ...(drop.length === 0 ? {} : { drop }),
});

const unpackLists = (table: Table, { put, patch, drop }: PackedLists): TableDelta<Table> => ({
  put: put === undefined ? [] : unpackRecords(table, put, shared),
  patch: patch === undefined ? [] : unpackPatches(table, patch, shared),
  drop: drop ?? [],
});

/** The same change to the lists of every table. */
const mapTables = <A, B>(tables: Readonly<Record<string, A>>, change: (table: Table, lists: A) => B) =>
  Object.fromEntries(Object.entries(tables).map(([table, lists]) => [table, change(table as Table, lists)]));

/** Encodes a commit into its own buffer, so that it can be transferred. */
export const encodePart = ({ tables, cluster }: Committed): Uint8Array<ArrayBuffer> =>
  encoder.encode(
    JSON.stringify({
      tables: mapTables(tables as Readonly<Record<string, TableDelta<Table>>>, packLists),
      ...(cluster === undefined ? {} : { cluster }),
    }),
  );

/** Equal values are one object over all messages. */
const shared = new SharedValues();

/** The inverse of `encodePart`. */
export function decodePart(part: Uint8Array): Committed {
  const { tables, ...rest } = JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString()) as {
    readonly tables: Readonly<Record<string, PackedLists>>;
  };
  return { ...rest, tables: mapTables(tables, unpackLists) };
}
