/**
 * What views and layouts read: the record set with the indexes they walk. The replica of `topology/replica` is one;
 * so is anything a test builds. Keys are record ids; an index without the key is an empty set.
 */
import type { ClusterInfo, RecordMaps } from '../model/records';
import type { SparseSet } from './sparse';

export interface Index {
  get(key: string): ReadonlySet<string> | undefined;
}

export interface ViewSource {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
  readonly indexes: {
    readonly enisByNode: Index;
    readonly cardsByNode: Index;
    readonly podsByNode: Index;
    readonly interfacesByNode: Index;
    readonly interfacesByPod: Index;
    readonly interfacesByEni: Index;
    readonly interfacesByNetwork: Index;
    readonly branchesByTrunk: Index;
    readonly hostNicsByNode: Index;
    readonly findingsBySubject: Index;
    readonly ownersByIp: Index;
    readonly ownersByMac: Index;
  };
  /** Absent: every record is there. */
  readonly sparse?: SparseSet;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The ids under a key; an empty set where there is none. */
export const idsOf = (index: Index, key: string): ReadonlySet<string> => index.get(key) ?? NOTHING;

/** The records of one table under a key of an index; ids whose record is gone are left out. */
export function recordsOf<T>(index: Index, key: string, table: ReadonlyMap<string, T>): T[] {
  const found: T[] = [];
  for (const id of idsOf(index, key)) {
    const record = table.get(id);
    if (record !== undefined) found.push(record);
  }
  return found;
}
