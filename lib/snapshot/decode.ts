/** Reads a snapshot file and checks every field. Anything else is rejected in one clear line. Never throws. */
import { isObject } from '../model/is-object';
import { SCHEMA, TABLES } from '../model/records';
import type { Topology } from '../model/records';
import { CLUSTER } from '../model/schema/cluster';
import { RECORDS } from '../model/schema/tables';
import { Misfit, readShape } from './guard';

/** The file's content, or why it is rejected, in one line. */
export type ReadTopology = { readonly topology: Topology } | { readonly error: string };

type Json = Readonly<Record<string, unknown>>;
const SCHEMA_FORM = /^ifscope\/topology\/v(\d{1,6})$/;
const OWN_VERSION = versionOf(SCHEMA) ?? 0;

/** Reads the text of a snapshot file. Never throws. */
export function readTopology(text: string): ReadTopology {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : '';
    return { error: `not valid JSON (${reason})` };
  }
  return decodeTopology(value);
}

/** Like `readTopology`, for a value parsed elsewhere. */
export function decodeTopology(value: unknown): ReadTopology {
  if (!isObject(value)) return { error: 'not a snapshot: its top level is not a JSON object' };
  if (typeof value['schema'] !== 'string') {
    return { error: `not a snapshot: it has no schema (expected "${SCHEMA}")` };
  }
  const version = versionOf(value['schema']);
  if (version === null || version < 1) {
    return { error: `not a snapshot of ifscope: its schema is ${JSON.stringify(value['schema'].slice(0, 60))}` };
  }
  if (version > OWN_VERSION) {
    return {
      error: `written by a newer ifscope (schema v${version}; this one reads up to v${OWN_VERSION}): update ifscope`,
    };
  }
  try {
    return { topology: guarded(value) };
  } catch (error) {
    if (error instanceof Misfit) return { error: `damaged: ${error.message}` };
    throw error;
  }
}

function versionOf(schema: string): number | null {
  const match = SCHEMA_FORM.exec(schema);
  return match === null ? null : Number(match[1]);
}

function guarded(value: Json): Topology {
  const takenAt = value['takenAt'];
  if (typeof takenAt !== 'string' || Number.isNaN(Date.parse(takenAt))) throw new Misfit('takenAt is not a time');
  const tables = TABLES.map((table) => {
    const rows = value[table] === undefined ? [] : value[table];
    if (!Array.isArray(rows)) throw new Misfit(`${table} is not a list`);
    const ids = new Set<string>();
    const records = rows.map((row: unknown, index) => {
      const record = readShape(RECORDS[table], row, `${table}[${index}]`) as { readonly id: string };
      if (ids.has(record.id)) throw new Misfit(`${table}[${index}].id ${JSON.stringify(record.id)} appears twice`);
      ids.add(record.id);
      return record;
    });
    return [table, records];
  });
  return {
    schema: SCHEMA,
    takenAt,
    cluster: readShape(CLUSTER, value['cluster'] === undefined ? {} : value['cluster'], 'cluster'),
    ...Object.fromEntries(tables),
  } as Topology;
}
