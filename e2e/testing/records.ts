/**
 * Complete records for tests: a test specifies only the fields that matter to it. The other fields have the empty value
 * of their declaration (`lib/model/schema`), except for those that every healthy record of an EC2 node has.
 */
import {
  attachmentId,
  cardId,
  CLUSTER_NETWORK,
  findingId,
  hostNicId,
  interfaceId,
  networkId,
  nodeId,
  podId,
  signalId,
} from '../../lib/model/ids';
import type {
  AttachmentRecord,
  CniConfig,
  EniRecord,
  FindingRecord,
  HostNicRecord,
  InterfaceRecord,
  IpPoolRecord,
  NetworkCardRecord,
  NetworkRecord,
  NodeRecord,
  PodRecord,
  Pool,
  RecordByTable,
  RecordMaps,
  Severity,
  SignalRecord,
  SourceRecord,
  SourceState,
  SubnetRecord,
  Table,
} from '../../lib/model/records';
import { cniConfig, pool } from '../../lib/model/schema/cni';
import { perTable, RECORDS } from '../../lib/model/schema/tables';
import { maker } from './maker';

/** The defaults of aws-node v1.20. */
export const aCniConfig = maker<CniConfig>(cniConfig, {
  mode: 'secondary-ip',
  multiNic: false,
  customNetworking: false,
  podEni: false,
  prefixDelegation: false,
  manageUntagged: true,
  imdsOnly: false,
  manageNonSchedulable: false,
  leakedEniCleanup: true,
  networkResourceProvisioning: true,
  subnetDiscovery: true,
  cooldownSeconds: 30,
});

export const aPool = maker<Pool>(pool, { short: 0, over: 0, low: false, high: false });

const made = {
  sources: maker<SourceRecord>(RECORDS.sources, { state: 'live' }),
  nodes: maker<NodeRecord>(RECORDS.nodes, {
    instanceType: 'm5.large',
    instanceState: 'running',
    zone: 'eu-west-1a',
    osImage: 'Amazon Linux 2023',
    os: 'linux',
    ready: true,
    maxPods: 29,
    podCount: 0,
    headroom: { pods: null, limitedBy: 'unknown' },
  }),
  networkCards: maker<NetworkCardRecord>(RECORDS.networkCards, { maxEnis: 3, performance: 'Up to 10 Gigabit' }),
  hostNics: maker<HostNicRecord>(RECORDS.hostNics, { up: true }),
  enis: maker<EniRecord>(RECORDS.enis, {
    deviceIndex: 0,
    interfaceType: 'interface',
    management: { state: 'managed', rule: 'primary', certainty: 'observed', observed: true },
    status: 'in-use',
    attachmentStatus: 'attached',
    deleteOnTermination: true,
    sourceDestCheck: true,
    zone: 'eu-west-1a',
    subnet: 'subnet-a',
    capacity: 9,
    addressCapacity: 9,
  }),
  subnets: maker<SubnetRecord>(RECORDS.subnets, { vpc: 'vpc-1', zone: 'eu-west-1a' }),
  networks: maker<NetworkRecord>(RECORDS.networks, {
    plugins: ['ipvlan'],
    mainPlugin: 0,
    parent: { kind: 'host-device', value: 'eth1' },
    mode: 'l2',
  }),
  attachments: maker<AttachmentRecord>(RECORDS.attachments, {}),
  ipPools: maker<IpPoolRecord>(RECORDS.ipPools, {}),
  pods: maker<PodRecord>(RECORDS.pods, { phase: 'Running' }),
  interfaces: maker<InterfaceRecord>(RECORDS.interfaces, {
    network: CLUSTER_NETWORK,
    link: { rule: 'secondary-ip', certainty: 'observed', evidence: '', candidates: [] },
  }),
  signals: maker<SignalRecord>(RECORDS.signals, {}),
  findings: maker<FindingRecord>(RECORDS.findings, {}),
} satisfies { readonly [T in Table]: (change: Partial<RecordByTable[T]>) => RecordByTable[T] };

export const aSource = (id: string, state: SourceState, change: Partial<SourceRecord> = {}): SourceRecord =>
  made.sources({ id, state, ...change });

export const aNode = (name: string, change: Partial<NodeRecord> = {}): NodeRecord =>
  made.nodes({ id: nodeId(name), name, ...change });

export const aCard = (node: string, index: number, change: Partial<NetworkCardRecord> = {}): NetworkCardRecord =>
  made.networkCards({ id: cardId(node, index), node: nodeId(node), index, ...change });

export const aHostNic = (node: string, name: string, change: Partial<HostNicRecord> = {}): HostNicRecord =>
  made.hostNics({ id: hostNicId(node, name), node: nodeId(node), name, ...change });

/** An attached primary ENI; unattached without a node. */
export const anEni = (node: string | null, id: string, change: Partial<EniRecord> = {}): EniRecord =>
  made.enis({ id, node: node === null ? null : nodeId(node), card: node === null ? null : 0, ...change });

export const aSubnet = (id: string, change: Partial<SubnetRecord> = {}): SubnetRecord =>
  made.subnets({ id, ...change });

export const aNetwork = (namespace: string, name: string, change: Partial<NetworkRecord> = {}): NetworkRecord =>
  made.networks({ id: networkId(namespace, name), namespace, name, ...change });

/** The attachment of a network on a node. */
export const anAttachment = (
  node: string,
  namespace: string,
  name: string,
  change: Partial<AttachmentRecord> = {},
): AttachmentRecord =>
  made.attachments({
    id: attachmentId(node, namespace, name),
    node: nodeId(node),
    network: networkId(namespace, name),
    ...change,
  });

export const anIpPool = (id: string, change: Partial<IpPoolRecord> = {}): IpPoolRecord =>
  made.ipPools({ id, ...change });

export const aPod = (namespace: string, name: string, change: Partial<PodRecord> = {}): PodRecord =>
  made.pods({ id: podId(namespace, name), namespace, name, ...change });

export const anInterface = (
  namespace: string,
  pod: string,
  name: string,
  change: Partial<InterfaceRecord> = {},
): InterfaceRecord =>
  made.interfaces({ id: interfaceId(namespace, pod, name), pod: podId(namespace, pod), name, ...change });

export const aSignal = (subject: string, kind: string, change: Partial<SignalRecord> = {}): SignalRecord =>
  made.signals({ id: signalId(subject, kind), subject, kind, ...change });

export const aFinding = (
  rule: string,
  severity: Severity,
  subjects: readonly string[],
  change: Partial<FindingRecord> = {},
): FindingRecord =>
  made.findings({ id: findingId(rule, subjects[0] ?? ''), rule, severity, subjects, title: rule, ...change });

type Lists = { readonly [T in Table]?: readonly RecordByTable[T][] };

/** A record set of these records, in this order. */
export const recordMaps = (tables: Lists): RecordMaps =>
  perTable((table) => {
    const records: readonly { readonly id: string }[] = tables[table] ?? [];
    return new Map(records.map((record) => [record.id, record]));
  }) as unknown as RecordMaps;
