/**
 * What views and layouts read: the record set with the indexes they walk. The replica of `topology/replica` is one;
 * so is anything a test builds. Keys are record ids; an index without the key is an empty set.
 */
import type { ClusterInfo, HostNicRecord, PodRecord, RecordMaps } from '../model/records';
import type { EniOutline } from './eni-outline';

export interface Index {
  get(key: string): ReadonlySet<string> | undefined;
}

/** What a record set answers of which not everything is in memory, or there yet (`sparse.ts`). Ids are record ids. */
export interface SparseSet {
  /** Whether the pods, interfaces and addresses of a node are there. */
  readonly isHere: (node: string) => boolean;
  /** Whether everything is there. */
  readonly complete: boolean;
  readonly outline: (eni: string) => EniOutline | undefined;
  readonly outlines: () => Iterable<EniOutline>;
  /** The node of a pod, interface, ENI or host NIC; null for none, undefined for a record that is not there. */
  readonly nodeOf: (id: string) => string | null | undefined;
  /** Pods of a node, or of all, that may wait for an address. */
  readonly unaddressed: (node: string | null) => Iterable<PodRecord>;
  /** The host NICs of a node without ENIs. */
  readonly hostNics: (node: string) => readonly HostNicRecord[];
  /** How many interfaces of a node have an address and stand on no ENI and no virtual function. */
  readonly looseCount: (node: string) => number;
  /** Nodes with an interface in a network. */
  readonly nodesOfNetwork: (network: string) => ReadonlySet<string>;
}

export interface ViewSource {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
  readonly indexes: {
    readonly enisByNode: Index;
    readonly enisBySubnet: Index;
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
