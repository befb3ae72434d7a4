/**
 * What the two threads post to each other. News is acknowledged, and only a few are under way at a time: a serving
 * thread that is busy makes the collecting one gather, never queue.
 */
import type { Delta } from '../../model/delta';
import type { Ages, Lags } from '../../model/lag';
import type { Table } from '../../model/records';
import { withAbsent, withoutAbsent } from '../../records/absent';
import { leanTables, wholeTables } from '../../records/wire';
import type { Committed, Figures } from '../store/roles';

export interface News {
  readonly kind: 'news';
  /** A `Committed` as JSON: encoded here and decoded there it costs the serving thread less than a structured clone. */
  readonly part: Uint8Array | null;
  readonly ages: Ages | null;
  readonly lags: Lags | null;
  readonly figures: Figures | null;
}

export type FromCollecting =
  | News
  /** A thread that was started again tells everything anew in the news between the two. */
  | { readonly kind: 'anew'; readonly phase: 'begin' | 'end' }
  | { readonly kind: 'started'; readonly required: readonly string[] }
  | { readonly kind: 'skew'; readonly ms: number }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  /** The sources cannot be started, for a reason that the user can act on. */
  | { readonly kind: 'problem'; readonly is: 'usage' | 'runtime'; readonly message: string };

export type ToCollecting = { readonly kind: 'taken' } | { readonly kind: 'stop' };

const encoder = new TextEncoder();

/** Whole records in another form; patches stay as they are. */
const mapPuts = (tables: Delta['tables'], change: (table: Table, record: never) => object): Delta['tables'] =>
  Object.fromEntries(
    Object.entries(tables).map(([table, lists]) => [
      table,
      { ...lists, put: lists.put.map((record) => change(table as Table, record as never)) },
    ]),
  ) as Delta['tables'];

/** In a buffer of its own, so that it can be transferred. */
export const encodePart = ({ tables, cluster }: Committed): Uint8Array<ArrayBuffer> =>
  encoder.encode(
    JSON.stringify({
      tables: leanTables(mapPuts(tables, withoutAbsent)),
      ...(cluster === undefined ? {} : { cluster }),
    }),
  );

export function decodePart(part: Uint8Array): Committed {
  const { tables, ...rest } = JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString()) as {
    readonly tables: Delta['tables'];
  };
  return { ...rest, tables: mapPuts(wholeTables(tables), withAbsent) };
}
