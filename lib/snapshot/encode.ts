/**
 * Writes the record set as a file: arrays sorted by id, keys in a fixed order. Equal sets give equal bytes, except for
 * `takenAt` and ages.
 */
import { byCodeUnit } from '../model/order';
import { SCHEMA, TABLES } from '../model/records';
import type { ClusterInfo, RecordByTable, RecordMaps, Table, Timestamp, Topology } from '../model/records';
import { CLUSTER } from '../model/schema/cluster';
import type { Shape } from '../model/schema/shape';
import { RECORDS } from '../model/schema/tables';

const sorted = <T extends Table>(records: RecordMaps, table: T): readonly RecordByTable[T][] =>
  [...(records[table] as ReadonlyMap<string, RecordByTable[T]>).values()].sort((a, b) => byCodeUnit(a.id, b.id));

/** The record set in file form: arrays sorted by id. Records are not copied. */
export function toTopology(records: RecordMaps, cluster: ClusterInfo, takenAt: Timestamp): Topology {
  const tables = Object.fromEntries(TABLES.map((table) => [table, sorted(records, table)]));
  return { schema: SCHEMA, takenAt, cluster, ...(tables as { readonly [T in Table]: readonly RecordByTable[T][] }) };
}

/** Serialises one record per line, so that any tool can compare two snapshots; ends with a newline. */
export const stringifyTopology = (topology: Topology): string =>
  [...pieces(topology.cluster, topology.takenAt, (table) => [topology[table]])].join('');

/**
 * The same text in pieces of a few milliseconds each, all with the records as of the first `next`. A piece may be
 * empty.
 */
export function* topologyPieces(
  records: RecordMaps,
  cluster: ClusterInfo,
  takenAt: Timestamp,
): Generator<string, void> {
  const lists = new Map(TABLES.map((table): [Table, readonly AnyRecord[]] => [table, [...records[table].values()]]));
  yield* pieces(cluster, takenAt, (table) => sortSteps(lists.get(table) ?? []));
}

interface AnyRecord {
  readonly id: string;
}

const RECORDS_A_PIECE = 100;

/** `sorted` yields the records of a table by id, after nulls that mark pauses. */
function* pieces(
  cluster: ClusterInfo,
  takenAt: Timestamp,
  sorted: (table: Table) => Iterable<readonly AnyRecord[] | null>,
): Generator<string, void> {
  yield `{\n"schema": ${JSON.stringify(SCHEMA)},\n"takenAt": ${JSON.stringify(takenAt)},\n`;
  yield `"cluster": ${JSON.stringify(inFileOrder(CLUSTER, cluster))}`;
  for (const table of TABLES) {
    yield `,\n"${table}": [`;
    for (const records of sorted(table)) {
      if (records === null) yield '';
      else {
        for (let from = 0; from < records.length; from += RECORDS_A_PIECE) {
          const lines = records
            .slice(from, from + RECORDS_A_PIECE)
            .map((record) => JSON.stringify(inFileOrder(RECORDS[table], record)));
          yield `${from === 0 ? '\n' : ',\n'}${lines.join(',\n')}`;
        }
        if (records.length > 0) yield '\n';
      }
    }
    yield ']';
  }
  yield '\n}\n';
}

/** Records sorted or merged between two pauses. */
const SORTED_A_STEP = 4_096;

/** Sorts the records by id; yields null at each pause. */
function* sortSteps(records: readonly AnyRecord[]): Generator<readonly AnyRecord[] | null, void> {
  let runs: (readonly AnyRecord[])[] = [];
  for (let from = 0; from < records.length; from += SORTED_A_STEP) {
    runs.push(records.slice(from, from + SORTED_A_STEP).sort(byId));
    yield null;
  }
  while (runs.length > 1) {
    const merged: (readonly AnyRecord[])[] = [];
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* mergeSteps(runs[i] ?? [], runs[i + 1] ?? []));
    runs = merged;
  }
  yield runs[0] ?? [];
}

function* mergeSteps(a: readonly AnyRecord[], b: readonly AnyRecord[]): Generator<null, readonly AnyRecord[]> {
  const merged: AnyRecord[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined) break;
    if (byId(left, right) <= 0) {
      merged.push(left);
      i++;
    } else {
      merged.push(right);
      j++;
    }
    if (merged.length % SORTED_A_STEP === 0) yield null;
  }
  return [...merged, ...a.slice(i), ...b.slice(j)];
}

const byId = (a: AnyRecord, b: AnyRecord): number => byCodeUnit(a.id, b.id);

/** The value with its keys in file order: fields as declared, a map's keys by code unit. */
function inFileOrder(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'text':
    case 'number':
    case 'boolean':
    case 'word':
      return value;
    case 'nullable':
      return value === null ? null : inFileOrder(shape.of, value);
    case 'list':
      return (value as readonly unknown[]).map((item) => inFileOrder(shape.of, item));
    case 'map': {
      const source = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        Object.keys(source)
          .toSorted()
          .map((key) => [key, inFileOrder(shape.of, source[key])]),
      );
    }
    case 'object': {
      const source = value as Readonly<Record<string, unknown>>;
      const result: Record<string, unknown> = {};
      for (const [name, field] of shape.fields) result[name] = inFileOrder(field, source[name]);
      return result;
    }
  }
}
