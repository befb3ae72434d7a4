/**
 * The messages between the two threads. News messages are acknowledged, and only a few are in flight at a time: while
 * the serving thread is busy, the collecting thread accumulates changes instead of queueing messages.
 */
import type { Delta } from '../../model/delta';
import type { Ages, Lags } from '../../model/lag';
import type { RecordByTable, Table } from '../../model/records';
import { withAbsent, withoutAbsent } from '../../records/absent';
import { SharedMaps } from '../../records/shared-maps';
import { leanTables, wholeTables } from '../../records/wire';
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
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  /** The sources cannot be started, for a reason that the user can fix. */
  | { readonly kind: 'problem'; readonly is: 'usage' | 'runtime'; readonly message: string };

/** Messages to the collecting thread; `taken` acknowledges one news message. */
export type ToCollecting = { readonly kind: 'taken' } | { readonly kind: 'stop' };

const encoder = new TextEncoder();

/** Replaces whole records; patches stay unchanged. */
const mapPuts = (tables: Delta['tables'], change: (table: Table, record: never) => object): Delta['tables'] =>
  Object.fromEntries(
    Object.entries(tables).map(([table, lists]) => [
      table,
      { ...lists, put: lists.put.map((record) => change(table as Table, record as never)) },
    ]),
  );

/** Encodes a commit into its own buffer, so that it can be transferred. */
export const encodePart = ({ tables, cluster }: Committed): Uint8Array<ArrayBuffer> =>
  encoder.encode(
    JSON.stringify({
      tables: leanTables(mapPuts(tables, withoutAbsent)),
      ...(cluster === undefined ? {} : { cluster }),
    }),
  );

/** The inverse of `encodePart`. */
export function decodePart(part: Uint8Array): Committed {
  const { tables, ...rest } = JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString()) as {
    readonly tables: Delta['tables'];
  };
  return { ...rest, tables: mapPuts(wholeTables(tables), (table, record) => shareLabels(withAbsent(table, record))) };
}

const labelSets = new SharedMaps();

/** Decoding JSON creates a label object per pod; equal ones are shared. */
function shareLabels(record: RecordByTable[Table]): object {
  if (!('labels' in record) || record.labels === null) return record;
  return { ...record, labels: labelSets.of(Object.entries(record.labels)) };
}
