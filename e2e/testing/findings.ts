/** Builds small record sets for the rules' tests: a healthy default of each record, and what a case changes about it. */
import { attachmentId, cardId, hostNicId, interfaceId, networkId, nodeId, podId, signalId } from '../../lib/model/ids';
import { familyOf } from '../../lib/model/ip';
import type {
  AttachmentRecord,
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
  SignalRecord,
  SourceState,
  SubnetRecord,
  Table,
} from '../../lib/model/records';
import { TABLES } from '../../lib/model/records';
import { createReplica, type Replica } from '../../lib/records/replica';
import { createFindings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import type { AnyRule } from '../../lib/findings/rule/rule';

export const NOW = Date.parse('2026-09-01T12:00:00Z');
export const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

const NODE = 'n1';
const INSTANCE = 'i-0a0000000000000a1';
const slots = { limit: 3, used: 1, unmanaged: 0, reserved: 0, free: 2 };

export const pool = (change: Partial<Pool> = {}): Pool => ({
  card: 0,
  total: 9,
  assigned: 4,
  available: 5,
  cooling: 0,
  warm: 5,
  target: 9,
  short: 0,
  over: 0,
  low: false,
  high: false,
  next: { action: 'none', count: null, reason: 'the targets are met', blockedBy: null },
  certainty: 'inferred',
  ...change,
});

/** An m5.large in secondary-IP mode, Ready, with one pool. */
export function node(change: Partial<NodeRecord> & { readonly name?: string } = {}): NodeRecord {
  const name = change.name ?? NODE;
  return {
    id: nodeId(name),
    name,
    instanceId: INSTANCE,
    instanceType: 'm5.large',
    instanceState: 'running',
    zone: 'eu-west-1a',
    computeType: 'ec2',
    osImage: 'Amazon Linux 2023.9.20260901',
    os: 'linux',
    internalIps: ['10.0.0.4'],
    labels: {},
    createdAt: ago(86_400),
    deleting: false,
    gone: false,
    ready: true,
    unschedulable: false,
    taints: [],
    maxPods: 29,
    podCount: 6,
    hostNetworkPods: 2,
    allocatable: {},
    cni: {
      version: 'v1.23.1',
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
      warmEniTarget: 1,
      warmIpTarget: null,
      minimumIpTarget: null,
      warmPrefixTarget: null,
      maxEni: null,
      cooldownSeconds: 30,
    },
    ipamd: { ready: true, version: 'v1.23.1' },
    multus: { ready: true, version: 'v4.1.4', startedAt: ago(80_000), installedAt: ago(864_000) },
    metrics: null,
    eniConfig: null,
    eniConfigProblems: [],
    cniNode: { found: null, features: null },
    branch: null,
    eniSlots: slots,
    pools: [pool()],
    headroom: { pods: 23, limitedBy: 'slots' },
    limits: {
      enisPerCard: 3,
      ipv4PerEni: 10,
      cards: 1,
      maxBranchEnis: 9,
      trunkCompatible: true,
      source: 'ec2',
      maxPodsByFormula: 29,
    },
    problems: [],
    ...change,
  };
}

export const cni = (change: Partial<NonNullable<NodeRecord['cni']>>): NonNullable<NodeRecord['cni']> => {
  const { cni: settings } = node();
  if (settings === null) throw new Error('the default node has settings');
  return { ...settings, ...change };
};

export const card = (index = 0, change: Partial<NetworkCardRecord> = {}): NetworkCardRecord => ({
  id: cardId(NODE, index),
  node: nodeId(NODE),
  index,
  maxEnis: 3,
  managed: index === 0,
  performance: 'Up to 10 Gigabit',
  eniSlots: slots,
  ...change,
});

/** The primary ENI of the default node, unless the case says otherwise. */
export const eni = (id = 'eni-0000000000000000a', change: Partial<EniRecord> = {}): EniRecord => ({
  id,
  node: nodeId(NODE),
  instanceId: INSTANCE,
  card: 0,
  deviceIndex: 0,
  interfaceType: 'interface',
  role: 'primary',
  trunk: null,
  vlan: null,
  branchPod: null,
  hostDevice: null,
  management: { state: 'managed', rule: 'primary', certainty: 'observed', observed: true },
  creator: 'other',
  status: 'in-use',
  attachmentStatus: 'attached',
  attachedAt: ago(86_400),
  createdAt: null,
  deleteOnTermination: true,
  sourceDestCheck: true,
  mac: '02:00:00:00:00:0a',
  vpc: 'vpc-1',
  zone: 'eu-west-1a',
  subnet: 'subnet-a',
  securityGroups: ['sg-1'],
  description: '',
  tags: {},
  capacity: 9,
  addressCapacity: 9,
  addresses: [],
  prefixes: [],
  ...change,
});

/** A second ENI on card 0 that somebody else made. */
export const foreignEni = (change: Partial<EniRecord> = {}): EniRecord =>
  eni('eni-0000000000000000f', {
    deviceIndex: 1,
    role: 'secondary',
    description: 'multus',
    mac: '02:00:00:00:00:0f',
    subnet: 'subnet-m',
    management: { state: 'unmanaged', rule: 'no-manage-tag', certainty: 'observed', observed: false },
    tags: { 'node.k8s.amazonaws.com/no_manage': 'true' },
    ...change,
  });

export const subnet = (id = 'subnet-a', change: Partial<SubnetRecord> = {}): SubnetRecord => ({
  id,
  cidr: '10.0.0.0/20',
  ipv6Cidr: null,
  vpc: 'vpc-1',
  zone: 'eu-west-1a',
  availableAddresses: 3_000,
  reservations: [],
  freePrefixes: 200,
  heldByCluster: 10,
  tags: {},
  ...change,
});

export const network = (name = 'ipvlan-a', change: Partial<NetworkRecord> = {}): NetworkRecord => ({
  id: networkId('core', name),
  namespace: 'core',
  name,
  plugins: ['ipvlan'],
  mainPlugin: 0,
  parent: { kind: 'host-device', value: 'ens6' },
  mode: 'l2',
  vlan: null,
  mtu: null,
  capabilities: [],
  semantics: {
    leavesNodeOnEni: true,
    macPolicy: 'parent',
    onePodPerDevice: false,
    perNode: false,
    linkInContainer: false,
    kernelInterface: true,
  },
  ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24'], used: 1, size: 254, routes: [] },
  resourceName: null,
  missing: false,
  podCount: 1,
  description: 'ipvlan (l2) on ens6',
  createdAt: ago(86_400),
  problems: [],
  faults: [],
  ...change,
});

export function pod(name = 'p1', change: Partial<PodRecord> = {}): PodRecord {
  return {
    id: podId('core', name),
    namespace: 'core',
    name,
    uid: `uid-${name}`,
    node: nodeId(NODE),
    phase: 'Running',
    hostNetwork: false,
    createdAt: ago(7_200),
    startedAt: ago(7_200),
    deleting: false,
    owner: { kind: 'ReplicaSet', name: 'p' },
    ips: ['10.0.0.21'],
    nicConfig: null,
    podEni: null,
    networksAnnotation: { state: 'absent', error: null },
    statusAnnotation: { state: 'absent', error: null },
    requested: [],
    resources: {},
    policies: [],
    securityGroupPolicies: null,
    problems: [],
    ...change,
  };
}

/** A pod that waits for its sandbox. */
export const waitingPod = (name = 'w1', change: Partial<PodRecord> = {}): PodRecord =>
  pod(name, { phase: 'Pending', ips: [], ...change });

export const request = (
  name = 'ipvlan-a',
  change: Partial<PodRecord['requested'][number]> = {},
): PodRecord['requested'][number] => ({
  index: 0,
  network: networkId('core', name),
  interface: null,
  ips: [],
  mac: null,
  defaultRoute: null,
  ...change,
});

/** A reported interface of pod p1 on the network ipvlan-a, its address held by `foreignEni`. */
export function face(
  name = 'net1',
  change: Partial<InterfaceRecord> & { readonly podName?: string } = {},
): InterfaceRecord {
  const { podName = 'p1', ...fields } = change;
  const ips = fields.ips ?? ['10.6.0.14'];
  const on = fields.eni === undefined ? 'eni-0000000000000000f' : fields.eni;
  return {
    id: interfaceId('core', podName, name),
    pod: podId('core', podName),
    node: nodeId(NODE),
    name,
    network: networkId('core', 'ipvlan-a'),
    ips,
    addresses: ips.map((ip) => ({ ip, family: familyOf(ip), backed: 'eni', eni: on })),
    mac: null,
    mtu: null,
    default: false,
    state: 'reported',
    eni: on,
    card: on === null ? null : 0,
    hostNic: null,
    device: null,
    requestIndex: 0,
    gateways: [],
    link: { rule: 'secondary-ip', certainty: 'observed', evidence: 'EC2 has the address on that ENI', candidates: [] },
    ...fields,
  };
}

export const eth0 = (change: Partial<InterfaceRecord> & { readonly podName?: string } = {}): InterfaceRecord =>
  face('eth0', {
    network: 'cluster',
    ips: ['10.0.0.21'],
    eni: 'eni-0000000000000000a',
    default: true,
    requestIndex: null,
    ...change,
  });

export const attachment = (name = 'ipvlan-a', change: Partial<AttachmentRecord> = {}): AttachmentRecord => ({
  id: attachmentId(NODE, 'core', name),
  node: nodeId(NODE),
  network: networkId('core', name),
  hostNic: null,
  eni: 'eni-0000000000000000f',
  rule: 'mac',
  certainty: 'observed',
  evidence: 'the MAC of a pod on it is that ENI’s',
  candidates: [],
  ...change,
});

export const hostNic = (name: string, change: Partial<HostNicRecord> = {}): HostNicRecord => ({
  id: hostNicId(NODE, name),
  node: nodeId(NODE),
  name,
  altNames: [],
  mac: null,
  pciAddress: null,
  up: true,
  vfs: null,
  eni: null,
  certainty: 'observed',
  source: 'NodeNetworkState',
  ...change,
});

export const ipPool = (change: Partial<IpPoolRecord> = {}): IpPoolRecord => ({
  id: 'pool:kube-system/10.6.0.0-24',
  range: '10.6.0.0/24',
  networks: [networkId('core', 'ipvlan-a')],
  size: 254,
  used: 10,
  allocations: [],
  orphanReservations: [],
  problems: [],
  ...change,
});

export const signal = (
  subject: string,
  kind: string,
  text: string,
  change: Partial<SignalRecord> = {},
): SignalRecord => ({
  id: signalId(subject, kind),
  subject,
  kind,
  count: 3,
  firstAt: ago(90),
  lastAt: ago(5),
  text,
  ...change,
});

type AnyRecord = { [T in Table]: RecordByTable[T] }[Table];

function tableOf(record: AnyRecord): Table {
  if ('interfaceType' in record) return 'enis';
  if ('allocations' in record) return 'ipPools';
  if ('availableAddresses' in record) return 'subnets';
  if ('networksAnnotation' in record) return 'pods';
  if ('link' in record) return 'interfaces';
  if ('mainPlugin' in record) return 'networks';
  if ('candidates' in record) return 'attachments';
  if ('vfs' in record) return 'hostNics';
  if ('maxEnis' in record) return 'networkCards';
  if ('computeType' in record) return 'nodes';
  if ('subject' in record) return 'signals';
  return 'sources';
}

const SOURCES = [...new Set(RULES.flatMap(({ needs, heeds }) => [...needs, ...(heeds ?? [])]))];

/** A record set of these records; every source that a rule needs is live, but for `states`. */
export function world(records: readonly AnyRecord[], states: Readonly<Record<string, SourceState>> = {}): Replica {
  const maps = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as unknown as Record<
    Table,
    Map<string, AnyRecord>
  >;
  for (const id of SOURCES) maps.sources.set(id, { id, state: states[id] ?? 'live', asOf: ago(1), reason: null });
  for (const record of records) maps[tableOf(record)].set(record.id, record);
  const replica = createReplica();
  replica.reset(maps as unknown as RecordMaps, {
    name: 'test',
    kubernetesVersion: null,
    region: null,
    vpcId: 'vpc-1',
    demo: false,
  });
  return replica;
}

/** What a rule finds in a world at `NOW`, and again `later` seconds after, with everything as it was. */
export function found(
  rule: string,
  records: readonly AnyRecord[],
  options: { readonly later?: number; readonly states?: Readonly<Record<string, SourceState>> } = {},
): readonly FindingRecord[] {
  const one = RULES.filter(({ id }) => id === rule);
  if (one.length === 0) throw new Error(`no rule ${rule}`);
  return foundBy(one, records, options);
}

export function foundBy(
  rules: readonly AnyRule[],
  records: readonly AnyRecord[],
  options: { readonly later?: number; readonly states?: Readonly<Record<string, SourceState>> } = {},
): readonly FindingRecord[] {
  const findings = createFindings(rules);
  const replica = world(records, options.states);
  const first = findings.all(replica, NOW);
  if (first !== null) replica.apply({ findings: first });
  if (options.later !== undefined) {
    const next = findings.tick(replica, NOW + options.later * 1000);
    if (next !== null) replica.apply({ findings: next });
  }
  return [...replica.records.findings.values()];
}

/** By id and without `since`, which depends on when somebody looked first. */
export const timeless = (findings: readonly FindingRecord[]): readonly FindingRecord[] =>
  findings.map((finding) => ({ ...finding, since: null })).sort((a, b) => (a.id < b.id ? -1 : 1));

/** What is found when each record comes by a change of its own, then goes and comes back: as by `foundBy`, or something forgot to look again. */
export function foundAsRecordsCome(
  rules: readonly AnyRule[],
  records: readonly AnyRecord[],
  options: { readonly later: number; readonly states: Readonly<Record<string, SourceState>> },
): readonly FindingRecord[] {
  const findings = createFindings(rules);
  const replica = world([], options.states);
  const keep = (delta: ReturnType<typeof findings.all>): void => {
    if (delta !== null) replica.apply({ findings: delta });
  };
  keep(findings.all(replica, NOW));
  const change = (record: AnyRecord, comes: boolean): void => {
    const tables = { [tableOf(record)]: { put: comes ? [record] : [], patch: [], drop: comes ? [] : [record.id] } };
    replica.apply(tables);
    keep(findings.update(replica, { tables }, NOW));
  };
  for (const record of records) change(record, true);
  for (const record of records) {
    change(record, false);
    change(record, true);
  }
  keep(findings.tick(replica, NOW + options.later * 1000));
  return timeless([...replica.records.findings.values()]);
}
