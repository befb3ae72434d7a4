/**
 * Reads that need no edge of their own. Most records read their own node, pod or network; with 165,000 pods an edge for each
 * would cost more than the records. The replica's indexes have these edges already, so it is enough to know that a rule reads
 * along a relation at all.
 */
import type { Table } from '../model/records';
import type { Collection } from './rule/reader';
import type { Scope } from './rule/rule';

interface Relation {
  readonly scope: Scope;
  /** The field of the scope's records that has the id of the parent. */
  readonly field: 'node' | 'pod' | 'network' | 'eni' | 'subnet';
  readonly parent: Table;
  /** Where the replica keeps which records name a parent in that field. */
  readonly children: Collection;
}

export const RELATIONS: readonly Relation[] = [
  { scope: 'enis', field: 'node', parent: 'nodes', children: 'enisByNode' },
  { scope: 'pods', field: 'node', parent: 'nodes', children: 'podsByNode' },
  { scope: 'interfaces', field: 'node', parent: 'nodes', children: 'interfacesByNode' },
  { scope: 'interfaces', field: 'pod', parent: 'pods', children: 'interfacesByPod' },
  { scope: 'interfaces', field: 'network', parent: 'networks', children: 'interfacesByNetwork' },
  { scope: 'interfaces', field: 'eni', parent: 'enis', children: 'interfacesByEni' },
  { scope: 'enis', field: 'subnet', parent: 'subnets', children: 'enisBySubnet' },
];

/** Whether the record names that one as its parent. */
export const isParent = (scope: Scope, record: object, table: Table, id: string): boolean =>
  RELATIONS.some(
    (relation) =>
      relation.scope === scope &&
      relation.parent === table &&
      (record as Readonly<Record<string, unknown>>)[relation.field] === id,
  );

/** The names of keys: what a unit may read outside of its relations, and what may change. */
export const keyOf = {
  /** A record without its counts. */
  one: (table: Table, id: string): string => `${table} ${id}`,
  /** A record with its counts. */
  whole: (table: Table, id: string): string => `${table}+ ${id}`,
  /** All records of a table without their counts. */
  every: (table: Table): string => `${table} ${EVERY}`,
  members: (collection: Collection | PodSignals, of: string): string => `${collection} ${of}`,
  holder: (node: string, ip: string): string => `holders ${node} ${ip}`,
  /** The newest answer of the source went back in time. */
  older: (source: string): string => `older ${source}`,
  shared: (name: string): string => `${SHARED}${name}`,
  cluster: 'cluster',
};

/** The signals about the pods of a node. */
export const POD_SIGNALS = 'podSignals';
export type PodSignals = typeof POD_SIGNALS;

/** No record has this id. */
const EVERY = '*';
/** The key of a shared value is the name of its unit, too. No rule's id begins so. */
const SHARED = '?';

export const isSlow = (key: string): boolean => key.endsWith(` ${EVERY}`);
export const isShared = (unit: string): boolean => unit.startsWith(SHARED);
