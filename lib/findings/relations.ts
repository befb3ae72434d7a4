/**
 * Reads that need no edge of their own. Most records read their own node, pod or network; with 165,000 pods, an edge for
 * each would take more memory than the records. The replica's indexes hold these edges already, so it is enough to note
 * once that a rule reads along a relation.
 */
import type { InterfaceRecord, PodRecord, Table } from '../model/records';
import type { Collection } from './rule/reader';
import type { Scope } from './rule/rule';

interface Relation {
  readonly scope: Scope;
  /** The field of the scope's records with the id of the parent. */
  readonly field: 'node' | 'pod' | 'network' | 'eni' | 'subnet' | 'requested';
  readonly parent: Table;
  /** The replica's index of the records that name a parent in that field. */
  readonly children: Collection;
}

/** Fields that refer to a parent, with the index that leads back. */
export const RELATIONS: readonly Relation[] = [
  { scope: 'enis', field: 'node', parent: 'nodes', children: 'enisByNode' },
  { scope: 'pods', field: 'node', parent: 'nodes', children: 'podsByNode' },
  { scope: 'interfaces', field: 'node', parent: 'nodes', children: 'interfacesByNode' },
  { scope: 'interfaces', field: 'pod', parent: 'pods', children: 'interfacesByPod' },
  { scope: 'interfaces', field: 'network', parent: 'networks', children: 'interfacesByNetwork' },
  { scope: 'interfaces', field: 'eni', parent: 'enis', children: 'interfacesByEni' },
  { scope: 'enis', field: 'subnet', parent: 'subnets', children: 'enisBySubnet' },
  { scope: 'pods', field: 'requested', parent: 'networks', children: 'podsByRequestedNetwork' },
];

function names(record: object, field: Relation['field'], id: string): boolean {
  const value = (record as Readonly<Record<string, unknown>>)[field];
  return Array.isArray(value) ? (value as PodRecord['requested']).some(({ network }) => network === id) : value === id;
}

/** Whether the record names that one as its parent. */
export const isParent = (scope: Scope, record: object, table: Table, id: string): boolean =>
  RELATIONS.some(
    (relation) => relation.scope === scope && relation.parent === table && names(record, relation.field, id),
  );

/** Collections whose keys are values of the members themselves: an address, a MAC. */
const OWNERS = ['ownersByIp', 'ownersByMac'] as const satisfies readonly Collection[];
/** Whether the collection lists the owners of an address or a MAC. */
export const isOwners = (collection: Collection | PodSignals): collection is (typeof OWNERS)[number] =>
  (OWNERS as readonly string[]).includes(collection);

/** Whether the record is one of the interfaces with the address or MAC `of`: the replica's index then holds the edge already. */
export const isOwner = (scope: Scope, record: object, collection: Collection | PodSignals, of: string): boolean =>
  scope === 'interfaces' &&
  ((collection === 'ownersByIp' && (record as InterfaceRecord).ips.includes(of)) ||
    (collection === 'ownersByMac' && (record as InterfaceRecord).mac === of));

/** The signals about the pods of a node. */
export const POD_SIGNALS = 'podSignals';
/** The collection of the signals about a pod. */
export type PodSignals = typeof POD_SIGNALS;

/**
 * The key spaces of what a unit may read outside of its relations. A record without its counts is filed under its table's
 * name, the members of a collection under the collection's.
 */
export const SPACES = {
  /** All records of a table without their counts, by table. */
  every: 'every',
  /** The `asOf` of a source went back in time, by source. */
  older: 'older',
  cluster: 'cluster',
  /** The state of a source, by source. */
  state: 'state',
  /** By `holderKey`. */
  holders: 'holders',
} as const;

/** The space of a table's records with their counts. */
export const wholeOf = (table: Table): string => `${table}+`;

/** The key of the holders of an address on a node. */
export const holderKey = (node: string, ip: string): string => `${node} ${ip}`;
