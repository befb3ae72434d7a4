/** Complete facts for tests: a test specifies only the fields that matter to it. */
import type {
  AwsNodeMetricsFact,
  CniNodeFact,
  DaemonSetFact,
  EniFact,
  FactByKind,
  FactKind,
  InstanceFact,
  IpamdEnisFact,
  NadFact,
  NetworkSelection,
  NetworkStatusEntry,
  NodeFact,
  PodFact,
  SubnetFact,
} from '../../lib/model/facts';
import { FACTS } from '../../lib/model/schema/facts/kinds';
import { networkSelection, networkStatusEntry } from '../../lib/model/schema/facts/multus';
import type { Batch, Observation } from '../../lib/model/observation';
import type { RecordMaps, SourceState } from '../../lib/model/records';
import { Engine } from '../../lib/topology/engine';
import { maker } from './maker';

export const AT = Date.parse('2026-09-01T12:00:00Z');
export const iso = (at: number): string => new Date(at).toISOString();

const object = (namespace: string, name: string) => ({
  namespace,
  name,
  uid: `uid-${namespace}-${name}`,
  createdAt: '2026-09-01T10:00:00Z',
});

export const INSTANCE = 'i-0aaaaaaaaaaaaaaaa';

const made = {
  node: maker<NodeFact>(FACTS.node, {
    instanceId: INSTANCE,
    instanceType: 'm5.large',
    zone: 'eu-west-1a',
    osImage: 'Amazon Linux 2',
    os: 'linux',
    ready: true,
    maxPods: 29,
  }),
  pod: maker<PodFact>(FACTS.pod, {
    node: 'n1',
    phase: 'Running',
    startedAt: '2026-09-01T10:00:00Z',
    ready: true,
    serviceAccount: 'default',
  }),
  selection: maker<NetworkSelection>(networkSelection, { namespace: 'default' }),
  entry: maker<NetworkStatusEntry>(networkStatusEntry, {}),
  eni: maker<EniFact>(FACTS.eni, {
    instanceId: INSTANCE,
    ownerId: '111122223333',
    deviceIndex: 0,
    networkCardIndex: 0,
    attachmentStatus: 'attached',
    attachedAt: '2026-09-01T10:00:00Z',
    deleteOnTermination: true,
    interfaceType: 'interface',
    status: 'in-use',
    vpc: 'vpc-1',
    zone: 'eu-west-1a',
    subnet: 'subnet-1',
    sourceDestCheck: true,
  }),
  instance: maker<InstanceFact>(FACTS.instance, {
    instanceType: 'm5.large',
    state: 'running',
    zone: 'eu-west-1a',
    vpc: 'vpc-1',
    subnet: 'subnet-1',
  }),
  subnet: maker<SubnetFact>(FACTS.subnet, {
    cidr: '10.0.0.0/24',
    vpc: 'vpc-1',
    zone: 'eu-west-1a',
    availableAddresses: 200,
  }),
  nad: maker<NadFact>(FACTS.nad, {}),
  daemonSet: maker<DaemonSetFact>(FACTS.daemonSet, {}),
  metrics: maker<AwsNodeMetricsFact>(FACTS.awsNodeMetrics, { readAt: iso(AT) }),
  cniNode: maker<CniNodeFact>(FACTS.cniNode, {}),
};

export const node = (name = 'n1', more: Partial<NodeFact> = {}): NodeFact =>
  made.node({ ...object('', name), providerId: `aws:///eu-west-1a/${more.instanceId ?? INSTANCE}`, ...more });

export const pod = (name: string, more: Partial<PodFact> = {}): PodFact =>
  made.pod({ ...object(more.namespace ?? 'default', name), ...more });

export const selection = (name: string, more: Partial<NetworkSelection> = {}): NetworkSelection =>
  made.selection({ name, ...more });

export const entry = (name: string, more: Partial<NetworkStatusEntry> = {}): NetworkStatusEntry =>
  made.entry({ name, ...more });

/** The aws-node pod of a node, with the variables that matter to a test. */
export const awsNode = (env: Readonly<Record<string, string>> = {}, on = 'n1', version = 'v1.23.1'): PodFact =>
  pod(`aws-node-${on}`, { namespace: 'kube-system', node: on, hostNetwork: true, awsNode: { version, env } });

export const eni = (id: string, more: Partial<EniFact> = {}): EniFact =>
  made.eni({ id, attachmentId: `attach-${id}`, ...more });

/** An ENI that ipamd has tagged as its own. */
export const ownEni = (id: string, more: Partial<EniFact> = {}): EniFact =>
  eni(id, { tags: { 'node.k8s.amazonaws.com/instance_id': more.instanceId ?? INSTANCE }, ...more });

export const instance = (id = INSTANCE, more: Partial<InstanceFact> = {}): InstanceFact =>
  made.instance({ id, ...more });

export const subnet = (id = 'subnet-1', more: Partial<SubnetFact> = {}): SubnetFact => made.subnet({ id, ...more });

export const nad = (name: string, config: unknown, more: Partial<NadFact> = {}): NadFact =>
  made.nad({
    ...object('default', name),
    config: typeof config === 'string' || config === null ? config : JSON.stringify(config),
    ...more,
  });

export const daemonSet = (name: string, more: Partial<DaemonSetFact> = {}): DaemonSetFact =>
  made.daemonSet({ ...object('kube-system', name), ...more });

export const metrics = (of: string, more: Partial<AwsNodeMetricsFact> = {}): AwsNodeMetricsFact =>
  made.metrics({ node: of, ...more });

export const ipamdEnis = (of: string, enis: IpamdEnisFact['enis']): IpamdEnisFact => ({
  node: of,
  readAt: iso(AT),
  enis,
});

type IpamdEni = IpamdEnisFact['enis'][number];

/** The node's first ENI, as in ipamd's own list. */
export const ipamdEni = (id: string, addresses: IpamdEni['addresses']): IpamdEni => ({
  id,
  card: 0,
  deviceNumber: 0,
  isPrimary: true,
  isTrunk: false,
  isEfa: false,
  excluded: false,
  cidrs: [...new Set(addresses.map(({ cidr }) => cidr))],
  addresses,
});

/** An address that ipamd has never assigned. */
export const ipamdAddress = (
  ip: string,
  more: Partial<IpamdEni['addresses'][number]> = {},
): IpamdEni['addresses'][number] => ({
  ip,
  cidr: `${ip}/32`,
  assigned: false,
  podNamespace: null,
  podName: null,
  assignedAt: null,
  unassignedAt: null,
  ...more,
});

export const cniNode = (name: string, more: Partial<CniNodeFact> = {}): CniNodeFact =>
  made.cniNode({ ...object('', name), ...more });

/** The key of a fact: namespace and name for kinds of Kubernetes objects, otherwise its own id. */
const keyOf = (fact: unknown): string => {
  const { namespace, name, id, node: of } = fact as Readonly<Record<string, string | undefined>>;
  if (name !== undefined) return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
  return id ?? of ?? '';
};

export const upsert = <K extends FactKind>(kind: K, fact: FactByKind[K], scope = kind as string): Observation =>
  ({ op: 'upsert', kind, scope, key: keyOf(fact), fact }) as unknown as Observation;

export const remove = <K extends FactKind>(kind: K, fact: FactByKind[K], scope = kind as string): Observation => ({
  op: 'remove',
  kind,
  scope,
  key: keyOf(fact),
  uid: (fact as { readonly uid?: string }).uid ?? null,
});

export const replaceAll = <K extends FactKind>(kind: K, facts: readonly FactByKind[K][], scope = kind as string) =>
  ({ op: 'replaceAll', kind, scope, facts: facts.map((fact) => [keyOf(fact), fact]) }) as unknown as Observation;

export const status = (id: string, state: SourceState = 'live', asOf: number | null = AT): Observation => ({
  op: 'status',
  source: { id, state, asOf: asOf === null ? null : iso(asOf), reason: null },
});

const SOURCES = [
  'kubernetes/pods',
  'kubernetes/nodes',
  'kubernetes/daemonsets',
  'kubernetes/network-attachment-definitions',
  'kubernetes/overlappingrangeipreservations',
  'ec2/network-interfaces',
];

/** Every source that matters has answered. */
export const allLive = (asOf = AT): readonly Observation[] => SOURCES.map((id) => status(id, 'live', asOf));

export const batch = (observations: readonly Observation[], at = AT): Batch => ({ at, observations });

export function engineOf(observations: readonly Observation[], at = AT): Engine {
  const engine = new Engine();
  engine.apply(batch([...allLive(at), ...observations], at));
  return engine;
}

/** A record that must exist. */
export function get<T extends keyof RecordMaps>(engine: Engine, table: T, id: string) {
  const record = engine.replica.records[table].get(id);
  if (record === undefined) {
    throw new Error(`no ${table} record ${id}; there are ${[...engine.replica.records[table].keys()].join(', ')}`);
  }
  return record as RecordMaps[T] extends ReadonlyMap<string, infer R> ? R : never;
}
