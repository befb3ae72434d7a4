/** Turns the arrays of a file into the maps used in memory. */
import { TABLES } from '../model/records';
import type { RecordMaps, Topology } from '../model/records';

/** The records of a file, by table and id. */
export function toMaps(topology: Topology): RecordMaps {
  const maps = TABLES.map((table) => [
    table,
    new Map(topology[table].map((record): [string, unknown] => [record.id, record])),
  ]);
  return Object.fromEntries(maps) as RecordMaps;
}
