/** All record tables. They are declared here and in the files beside this one, and nowhere else. */
import { source } from './cluster';
import type { SourceRecord } from './cluster';
import { eni, subnet } from './eni';
import type { EniRecord, SubnetRecord } from './eni';
import { finding, signal } from './finding';
import type { FindingRecord, SignalRecord } from './finding';
import { attachment, ipPool, network } from './network';
import type { AttachmentRecord, IpPoolRecord, NetworkRecord } from './network';
import { hostNic, networkCard, node } from './node';
import type { HostNicRecord, NetworkCardRecord, NodeRecord } from './node';
import { pod, podInterface } from './pod';
import type { InterfaceRecord, PodRecord } from './pod';
import type { RecordShape } from './shape';

/** Table name → record type. */
export interface RecordByTable {
  sources: SourceRecord;
  nodes: NodeRecord;
  networkCards: NetworkCardRecord;
  hostNics: HostNicRecord;
  enis: EniRecord;
  subnets: SubnetRecord;
  networks: NetworkRecord;
  attachments: AttachmentRecord;
  ipPools: IpPoolRecord;
  pods: PodRecord;
  interfaces: InterfaceRecord;
  signals: SignalRecord;
  findings: FindingRecord;
}

/** The name of a record table. */
export type Table = keyof RecordByTable;

/** Table → shape of its records, in file order. */
export const RECORDS = {
  sources: source,
  nodes: node,
  networkCards: networkCard,
  hostNics: hostNic,
  enis: eni,
  subnets: subnet,
  networks: network,
  attachments: attachment,
  ipPools: ipPool,
  pods: pod,
  interfaces: podInterface,
  signals: signal,
  findings: finding,
} as const satisfies { readonly [T in Table]: RecordShape<RecordByTable[T]> };

/** In file order. */
export const TABLES = Object.keys(RECORDS) as readonly Table[];

/** The kind of record that an id identifies: its table's name in the singular. Ids of sources have no kind. */
export type RecordKind = Exclude<Table, 'sources'> extends `${infer Kind}s` ? Kind : never;

/** The table with the records of a kind. */
export const tableOfKind = <K extends RecordKind>(kind: K): `${K}s` => `${kind}s` as const;

/** The nouns for one record of a table, and for several. */
export interface Nouns {
  readonly one: string;
  readonly many: string;
}

const nouns = (one: string, many = `${one}s`): Nouns => ({ one, many });

/** The nouns of each table. */
export const NOUNS: Readonly<Record<Table, Nouns>> = {
  sources: nouns('source'),
  nodes: nouns('node'),
  networkCards: nouns('network card'),
  hostNics: nouns('host NIC'),
  enis: nouns('ENI'),
  subnets: nouns('subnet'),
  networks: nouns('network'),
  attachments: nouns('network on a node', 'networks on nodes'),
  ipPools: nouns('address pool'),
  pods: nouns('pod'),
  interfaces: nouns('interface'),
  signals: nouns('event'),
  findings: nouns('finding'),
};

/** An object with one value per table. */
export const perTable = <V>(valueOf: (table: Table) => V): Readonly<Record<Table, V>> =>
  Object.fromEntries(TABLES.map((table) => [table, valueOf(table)])) as Record<Table, V>;

type Shapes = typeof RECORDS;

/** Names of all indexes; several tables may feed one (`ownersByIp`). */
export type IndexName = { [T in Table]: keyof Shapes[T]['indexes'] }[Table];

type Keyed = { [T in Table]: Shapes[T]['keyed'] };

/** Fields that are keyed lists. */
export type KeyedField = { [T in Table]: keyof Keyed[T] }[Table];

/** The entry type of a keyed list, by field. */
export type KeyedEntry<F extends KeyedField> = {
  [T in Table]: F extends keyof Keyed[T] & keyof RecordByTable[T]
    ? RecordByTable[T][F] extends readonly (infer Entry)[]
      ? Entry
      : never
    : never;
}[Table];
