/** Splits a commit into parts that are applied one at a time, so that a list of all pods does not block for long. */
import type { Delta, TableDelta } from '../../model/delta';
import { TABLES, type Table } from '../../model/records';
import type { Committed } from './roles';

/** Records per part: a few milliseconds of work for the receiver. */
const PART = 250;

type Kind = keyof TableDelta<Table>;
type Tables = Partial<Record<Table, Record<Kind, readonly unknown[]>>>;

/** The sources are sent with the last part: a source is live only when all its facts have arrived. */
const RECORDS = TABLES.filter((table) => table !== 'sources');

/** The non-empty lists in the order in which they are sent: referenced tables are added first and removed last. */
function* listsOf(tables: Delta['tables']): Generator<readonly [Table, Kind, readonly unknown[]]> {
  for (const table of RECORDS)
    for (const kind of ['put', 'patch'] as const) yield [table, kind, tables[table]?.[kind] ?? []];
  for (const table of RECORDS.toReversed()) yield [table, 'drop', tables[table]?.drop ?? []];
}

const sizeOf = (tables: Delta['tables']): number =>
  Object.values(tables).reduce((sum, { put, patch, drop }) => sum + put.length + patch.length + drop.length, 0);

/** The parts in order, at least one; together they are the commit. A small commit is one part. */
export function* partsOf(commit: Committed, most = PART): Generator<Committed, void> {
  const { tables, cluster } = commit;
  if (sizeOf(tables) <= most) {
    yield commit;
    return;
  }
  let part: Tables = {};
  let left = most;
  for (const [table, kind, list] of listsOf(tables)) {
    for (let at = 0; at < list.length;) {
      const rows = list.slice(at, at + left);
      (part[table] ??= { put: [], patch: [], drop: [] })[kind] = rows;
      at += rows.length;
      left -= rows.length;
      if (left > 0) continue;
      yield { tables: part as Delta['tables'] };
      part = {};
      left = most;
    }
  }
  const { sources } = tables;
  const last = { ...(part as Delta['tables']), ...(sources === undefined ? {} : { sources }) };
  yield { tables: last, ...(cluster === undefined ? {} : { cluster }) };
}
