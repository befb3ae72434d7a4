/**
 * The record set as a file: arrays sorted by id, keys in a fixed order. Equal record sets are byte-equal files but for
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

export function toTopology(records: RecordMaps, cluster: ClusterInfo, takenAt: Timestamp): Topology {
  const tables = Object.fromEntries(TABLES.map((table) => [table, sorted(records, table)]));
  return { schema: SCHEMA, takenAt, cluster, ...(tables as { readonly [T in Table]: readonly RecordByTable[T][] }) };
}

/** One record a line, so that two snapshots can be compared with any tool; ends with a newline. */
export function stringifyTopology(topology: Topology): string {
  const lines = [
    '{',
    `"schema": ${JSON.stringify(topology.schema)},`,
    `"takenAt": ${JSON.stringify(topology.takenAt)},`,
    `"cluster": ${JSON.stringify(inFileOrder(CLUSTER, topology.cluster))},`,
  ];
  TABLES.forEach((table, index) => {
    const comma = index === TABLES.length - 1 ? '' : ',';
    const records = topology[table];
    if (records.length === 0) {
      lines.push(`"${table}": []${comma}`);
      return;
    }
    lines.push(`"${table}": [`);
    records.forEach((record, position) => {
      const text = JSON.stringify(inFileOrder(RECORDS[table], record));
      lines.push(position === records.length - 1 ? text : `${text},`);
    });
    lines.push(`]${comma}`);
  });
  lines.push('}', '');
  return lines.join('\n');
}

/** The value with its keys in file order: fields as they are declared, a map's keys by code unit. */
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
