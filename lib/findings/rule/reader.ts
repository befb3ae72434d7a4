/**
 * A check's only access to records. Every read is noted, including that of a missing record, and a change of what was read
 * runs the check again, so that a check cannot miss a change.
 */
import type {
  ClusterInfo,
  InterfaceRecord,
  RecordByTable,
  SignalRecord,
  SourceState,
  Table,
} from '../../model/records';
import type { CountedTable, Steady } from './steady';

/** Collections of records, by the replica's index that keeps each, and the table of their members. */
export const COLLECTIONS = {
  enisByNode: 'enis',
  cardsByNode: 'networkCards',
  hostNicsByNode: 'hostNics',
  podsByNode: 'pods',
  podsByRequestedNetwork: 'pods',
  interfacesByNode: 'interfaces',
  interfacesByPod: 'interfaces',
  interfacesByEni: 'interfaces',
  interfacesByNetwork: 'interfaces',
  attachmentsByNode: 'attachments',
  attachmentsByNetwork: 'attachments',
  enisBySubnet: 'enis',
  nodesByEniConfigSubnet: 'nodes',
  ipPoolsByNetwork: 'ipPools',
  signalsBySubject: 'signals',
  ownersByIp: 'interfaces',
  ownersByMac: 'interfaces',
} as const satisfies Readonly<Record<string, Table>>;

/**
 * Whether rules read the records of a table through an index. They read ENIs through no index of addresses or MACs: at
 * 5,000 nodes, those have 600,000 addresses.
 */
export const isReadByRules = (table: Table, index: string): boolean =>
  (COLLECTIONS as Readonly<Record<string, Table>>)[index] === table;

/** A collection that a rule can read. */
export type Collection = keyof typeof COLLECTIONS;
/** The record type of a collection. */
export type Member<C extends Collection> = RecordByTable[(typeof COLLECTIONS)[C]];

/** A rule's only access to records. Its reads decide when the rule runs again. */
export interface Reader {
  /** A record without its counts; null for null and for a missing record. */
  one<T extends Table>(table: T, id: string | null): Steady<T> | null;
  /** A record with its counts. These change with every pod, so read them last, once all other conditions of a finding hold. */
  whole<T extends CountedTable>(table: T, id: string | null): RecordByTable[T] | null;
  /** Whole members ordered by id; empty for null. Any change of any member counts. */
  all<C extends Collection>(collection: C, of: string | null): readonly Member<C>[];
  /** Same in no particular order and without a copy, for collections of tens of thousands. */
  each<C extends Collection>(collection: C, of: string | null): Iterable<Member<C>>;
  /** Every record of a table without its counts, in no particular order. A change runs the check seconds later. */
  every<T extends Table>(table: T): Iterable<Steady<T>>;
  /** Interfaces on the node that hold the address, by id. Cheaper than `ownersByIp` if every node has the same addresses. */
  holdersOn(node: string, ip: string): readonly InterfaceRecord[];
  /** Signals about pods on the node, by pod and id. */
  podSignals(node: string): readonly SignalRecord[];
  /** Undefined for a source that ifscope does not have. The rule must declare the source in `needs` or `uses`. */
  stateOf(source: string): SourceState | undefined;
  /** Whether the source has listed only some of its objects, as a capture of single ones. */
  isPartial(source: string): boolean;
  /** Whether the source has answered as of `at` or later, epoch milliseconds. Otherwise the check runs again once it has. */
  hasAnsweredSince(source: string, at: number): boolean;
  /** A value computed once for all rules. Its readers run again only if it changes. */
  shared<V>(name: string, compute: (read: Reader) => V): V;
  readonly cluster: ClusterInfo;
}
