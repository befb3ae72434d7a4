/**
 * The record set with its indexes, advanced by deltas: the same code on the server and in the browser.
 *
 * Always holds: after `apply` the maps and the indexes agree; a record that a delta does not name keeps its identity.
 */
import type { Delta } from '../model/delta';
import type { ClusterInfo, RecordByTable, RecordMaps, Table } from '../model/records';
import { TABLES } from '../model/records';
import { applyTable } from './apply';
import { createIndexes, type Indexes } from './indexes';

export const NO_CLUSTER: ClusterInfo = { name: null, kubernetesVersion: null, region: null, vpcId: null, demo: false };

export interface Replica {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
  readonly indexes: Indexes;
  apply(tables: Delta['tables'], cluster?: ClusterInfo): void;
  /** Takes over a whole record set; nothing of the old one is left. */
  reset(records: RecordMaps, cluster: ClusterInfo): void;
}

export function createReplica(): Replica {
  const maps = {} as { -readonly [T in Table]: Map<string, RecordByTable[T]> };
  for (const table of TABLES) Object.assign(maps, { [table]: new Map() });
  const { indexes, update, clear } = createIndexes();
  let cluster = NO_CLUSTER;
  return {
    records: maps,
    indexes,
    get cluster() {
      return cluster;
    },
    apply(tables, next) {
      if (next !== undefined) cluster = next;
      for (const table of TABLES) applyOne(maps, tables, table, update);
    },
    reset(records, next) {
      cluster = next;
      clear();
      for (const table of TABLES) fill(maps, records, table, update);
    },
  };
}

type Maps = { readonly [T in Table]: Map<string, RecordByTable[T]> };
type Update = ReturnType<typeof createIndexes>['update'];

function applyOne<T extends Table>(maps: Maps, tables: Delta['tables'], table: T, update: Update): void {
  const delta = tables[table];
  if (delta !== undefined) applyTable<T>(maps[table], delta, (before, after) => update(table, before, after));
}

function fill<T extends Table>(maps: Maps, records: RecordMaps, table: T, update: Update): void {
  const map = maps[table];
  const next = [...(records[table] as ReadonlyMap<string, RecordByTable[T]>).values()];
  map.clear();
  for (const record of next) {
    map.set(record.id, record);
    update(table, undefined, record);
  }
}
