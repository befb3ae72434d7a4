/**
 * The record set that server, stream, browser, commands and files share: flat records keyed by id, JSON-safe, readonly.
 * Unknown is `null`, never `0` or `""`; a field whose source is denied or absent is `null`. Field names are fixed
 * (schema `ifscope/topology/v1`); fields may be added. The records are declared in `./schema`.
 */
import type { ClusterInfo } from './schema/cluster';
import type { Timestamp } from './schema/shape';
import type { RecordByTable, Table } from './schema/tables';

export type { CniConfig, EniSlots, NodeLimits, NodeMetrics, Pool } from './schema/cni';
export type { ClusterInfo, SourceRecord } from './schema/cluster';
export type { EniAddress, EniPrefix, EniRecord, OtherEni, SubnetRecord } from './schema/eni';
export type { FindingRecord, SignalRecord } from './schema/finding';
export type { AttachmentRecord, IpPoolRecord, NetworkRecord } from './schema/network';
export type { HostNicRecord, NetworkCardRecord, NodeCondition, NodeRecord, Taint } from './schema/node';
export type {
  AnnotationState,
  InterfaceAddress,
  InterfaceRecord,
  Link,
  PodClaimRecord,
  PodDevice,
  PodRecord,
  RequestedNetwork,
} from './schema/pod';
export type { Timestamp } from './schema/shape';
export { NOUNS, TABLES, tableOfKind } from './schema/tables';
export type { Nouns, RecordByTable, RecordKind, Table } from './schema/tables';
export type { AddressState, Backing, Certainty, ComputeType, Severity, SourceState } from './schema/vocabulary';

/** Name and version of the file schema. Fields may be added to v1; none is renamed or removed. */
export const SCHEMA = 'ifscope/topology/v1';

/** The record set in memory: one map per table, keyed by record id. */
export type RecordMaps = { readonly [T in Table]: ReadonlyMap<string, RecordByTable[T]> };

/** The record set in a file: one array per table, sorted by id, by code unit. */
export type Topology = {
  readonly schema: typeof SCHEMA;
  readonly takenAt: Timestamp;
  readonly cluster: ClusterInfo;
} & { readonly [T in Table]: readonly RecordByTable[T][] };
