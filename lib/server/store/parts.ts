/** Splits a commit into parts that are applied one at a time, so that a list of all pods blocks nothing for long. */
import type { Delta, TableDelta } from '../../model/delta';
import { TABLES, type Table } from '../../model/records';
import type { Committed } from './roles';

/** Records per part: a few milliseconds of work for the receiver. */
const PART = 250;

type Kind = keyof TableDelta<Table>;
interface Row {
  readonly table: Table;
  readonly kind: Kind;
  readonly value: unknown;
}

/** The sources come with the last part: a source is live only when all its facts have arrived. */
const RECORDS = TABLES.filter((table) => table !== 'sources');

function* rowsOf(tables: Delta['tables']): Generator<Row> {
  const list = function* (table: Table, kind: Kind): Generator<Row> {
    for (const value of tables[table]?.[kind] ?? []) yield { table, kind, value };
  };
  for (const table of RECORDS) {
    yield* list(table, 'put');
    yield* list(table, 'patch');
  }
  for (const table of RECORDS.toReversed()) yield* list(table, 'drop');
}

function tablesOf(rows: readonly Row[]): Delta['tables'] {
  const tables: Partial<Record<Table, Record<Kind, unknown[]>>> = {};
  for (const { table, kind, value } of rows) (tables[table] ??= { put: [], patch: [], drop: [] })[kind].push(value);
  return tables as Delta['tables'];
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
  let rows: Row[] = [];
  for (const row of rowsOf(tables)) {
    rows.push(row);
    if (rows.length < most) continue;
    yield { tables: tablesOf(rows) };
    rows = [];
  }
  const { sources } = tables;
  const last = { ...tablesOf(rows), ...(sources === undefined ? {} : { sources }) };
  yield { tables: last, ...(cluster === undefined ? {} : { cluster }) };
}
