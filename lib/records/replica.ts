/** A record set with its indexes, advanced by deltas. Server and browser run this code, so equal deltas give equal records. */
import type { Delta } from '../model/delta';
import { TABLES, type ClusterInfo, type RecordByTable, type RecordMaps, type Table } from '../model/records';
import { applyTable, type NextState, type OnChange } from './apply';
import { MutableIndexes, type Indexes, type IsIndexed } from './indexes';

/** A record set that deltas advance. `records` and `indexes` are live views: their contents change with `apply` and `reset`. */
export interface Replica {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
  readonly indexes: Indexes;
  /** Advances by one delta. Idempotent. */
  readonly apply: (tables: Delta['tables'], cluster?: ClusterInfo, nextState?: NextState) => void;
  /** Replaces everything and notifies the listeners. */
  readonly reset: (records: RecordMaps, cluster: ClusterInfo) => void;
  /**
   * Registers a callback that runs for every record that `apply` changes, before other tables change. `onReset` runs
   * after everything was replaced.
   */
  readonly onChange: (listener: Listener, onReset?: () => void) => void;
}

/** `before` is undefined for a new record, `after` for a removed one. */
export type Listener = <T extends Table>(
  table: T,
  id: string,
  before: RecordByTable[T] | undefined,
  after: RecordByTable[T] | undefined,
) => void;

/** The cluster before anything is known about it. */
export const NO_CLUSTER: ClusterInfo = {
  name: null,
  kubernetesVersion: null,
  region: null,
  vpcId: null,
  vpcCidrs: null,
  demo: false,
};

type MutableMaps = { readonly [T in Table]: Map<string, RecordByTable[T]> };

/** An empty replica, with `NO_CLUSTER` as its cluster. Indexes lack the tables for which `isIndexed` is false. */
export function createReplica(isIndexed?: IsIndexed): Replica {
  const records = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as unknown as MutableMaps;
  const indexes = new MutableIndexes(isIndexed);
  const listeners: Listener[] = [];
  const resets: (() => void)[] = [];
  let cluster = NO_CLUSTER;

  const applyOne = <T extends Table>(
    table: T,
    tables: { readonly [U in T]?: Delta['tables'][U] },
    later: NextState | undefined,
  ): void => {
    const delta = tables[table];
    if (delta === undefined) return;
    const changed: OnChange<T> = (id, before, after) => {
      indexes.move(table, id, before, after);
      for (const listener of listeners) listener(table, id, before, after);
    };
    applyTable(table, records[table], delta, changed, later);
  };
  const fill = <T extends Table>(
    table: T,
    from: { readonly [U in T]: ReadonlyMap<string, RecordByTable[U]> },
  ): void => {
    // `from` may be this replica's own maps.
    const all = [...from[table].values()];
    const own: Map<string, RecordByTable[T]> = records[table];
    own.clear();
    for (const record of all) {
      own.set(record.id, record);
      indexes.move(table, record.id, undefined, record);
    }
  };

  return {
    records,
    indexes: indexes.view,
    get cluster() {
      return cluster;
    },
    apply: (tables, info, later) => {
      if (info !== undefined) cluster = info;
      for (const table of TABLES) applyOne(table, tables, later);
    },
    reset: (from, info) => {
      indexes.clear();
      cluster = info;
      for (const table of TABLES) fill(table, from);
      for (const notify of resets) notify();
    },
    onChange: (listener, onReset) => {
      listeners.push(listener);
      if (onReset !== undefined) resets.push(onReset);
    },
  };
}
