/**
 * The input of views and layouts: a record set with its indexes, as a replica provides it. Keys are record ids; a
 * missing key means empty.
 */
import type { ClusterInfo, HostNicRecord, PodRecord, RecordMaps } from '../model/records';
import type { EniOutline } from './eni-outline';

/** Looks up the record ids under a key. */
export interface IdLookup {
  get(key: string): ReadonlySet<string> | undefined;
}

/** Answers for a record set that is partly decoded or has partly arrived (`partial-set.ts`). Ids are record ids. */
export interface PartialSet {
  /** Whether the pods, interfaces and addresses of a node have arrived. */
  readonly hasArrived: (node: string) => boolean;
  /** Whether everything has arrived. */
  readonly complete: boolean;
  readonly outline: (eni: string) => EniOutline | undefined;
  readonly outlines: () => Iterable<EniOutline>;
  /** The node of a pod, interface, ENI or host NIC; null for none, undefined for an unknown record. */
  readonly nodeOf: (id: string) => string | null | undefined;
  /** Pods of a node, or of all nodes, that may be waiting for an address. */
  readonly unaddressed: (node: string | null) => Iterable<PodRecord>;
  /** The host NICs of a node without ENIs. */
  readonly hostNics: (node: string) => readonly HostNicRecord[];
  /** Number of a node's interfaces with an address but neither an ENI nor a virtual function. */
  readonly looseCount: (node: string) => number;
  /** Nodes with an interface in a network. */
  readonly nodesOfNetwork: (network: string) => ReadonlySet<string>;
}

/** A record set with its indexes. */
export interface ViewSource {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
  readonly indexes: {
    readonly enisByNode: IdLookup;
    readonly enisBySubnet: IdLookup;
    readonly cardsByNode: IdLookup;
    readonly podsByNode: IdLookup;
    readonly interfacesByNode: IdLookup;
    readonly interfacesByPod: IdLookup;
    readonly interfacesByEni: IdLookup;
    readonly interfacesByNetwork: IdLookup;
    readonly branchesByTrunk: IdLookup;
    readonly hostNicsByNode: IdLookup;
    readonly findingsBySubject: IdLookup;
    readonly ownersByIp: IdLookup;
    readonly ownersByMac: IdLookup;
  };
  /** Absent: every record is in memory. */
  readonly partial?: PartialSet;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The ids under a key; an empty set without any. */
export const idsOf = (index: IdLookup, key: string): ReadonlySet<string> => index.get(key) ?? NOTHING;

/** The records under a key of an index; ids without a record are left out. */
export function recordsOf<T>(index: IdLookup, key: string, table: Pick<ReadonlyMap<string, T>, 'get'>): T[] {
  const found: T[] = [];
  for (const id of idsOf(index, key)) {
    const record = table.get(id);
    if (record !== undefined) found.push(record);
  }
  return found;
}
