/** Builds small record sets for tests of findings: one healthy node with everything on it, changed by each case. */
import { CLUSTER_NETWORK, networkId, nodeId } from '../../lib/model/ids';
import { familyOf } from '../../lib/model/ip';
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
  OtherEni,
  PodRecord,
  Pool,
  RecordByTable,
  RequestedNetwork,
  SignalRecord,
  SourceState,
  SubnetRecord,
  Table,
} from '../../lib/model/records';
import { createReplica, type Replica } from '../../lib/records/replica';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import type { AnyRule } from '../../lib/findings/rule/rule';
import {
  aCard,
  aCniConfig,
  aHostNic,
  anAttachment,
  anEni,
  aNetwork,
  anInterface,
  anIpPool,
  aNode,
  aPod,
  aPool,
  aSignal,
  aSource,
  aSubnet,
  recordMaps,
} from './records';

export const NOW = Date.parse('2026-09-01T12:00:00Z');
export const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

const NODE = 'n1';
const INSTANCE = 'i-0a0000000000000a1';
const slots = { limit: 3, used: 1, unmanaged: 0, reserved: 0, free: 2 };

export const pool = (change: Partial<Pool> = {}): Pool =>
  aPool({
    total: 9,
    assigned: 4,
    available: 5,
    cooling: 0,
    warm: 5,
    target: 9,
    next: { action: 'none', count: null, reason: 'the targets are met', blockedBy: null },
    certainty: 'inferred',
    ...change,
  });

export const cni = (change: Partial<CniConfig>): CniConfig =>
  aCniConfig({ version: 'v1.23.1', warmEniTarget: 1, ...change });

/** Each node has an address of its own. */
const internalIpOf = (name: string): string =>
  name === NODE ? '10.0.0.4' : `10.0.255.${1 + Buffer.from(name).reduce((sum, byte) => (sum * 7 + byte) % 250, 0)}`;

/** An m5.large in secondary-IP mode, Ready, with one pool. */
export const node = ({ name = NODE, ...change }: Partial<NodeRecord> = {}): NodeRecord =>
  aNode(name, {
    instanceId: INSTANCE,
    osImage: 'Amazon Linux 2023.9.20260901',
    internalIps: [internalIpOf(name)],
    createdAt: ago(86_400),
    podCount: 6,
    hostNetworkPods: 2,
    cni: cni({}),
    ipamd: { ready: true, version: 'v1.23.1' },
    multus: { ready: true, version: 'v4.1.4', startedAt: ago(80_000), installedAt: ago(864_000) },
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
    ...change,
  });

export const card = (index = 0, change: Partial<NetworkCardRecord> = {}): NetworkCardRecord =>
  aCard(NODE, index, { managed: index === 0, eniSlots: slots, ...change });

/** The primary ENI of the default node, unless the case says otherwise. */
export const eni = (id = 'eni-0000000000000000a', change: Partial<EniRecord> = {}): EniRecord =>
  anEni(NODE, id, {
    instanceId: INSTANCE,
    creator: 'other',
    attachedAt: ago(86_400),
    mac: '02:00:00:00:00:0a',
    vpc: 'vpc-1',
    securityGroups: ['sg-1'],
    ...change,
  });

/** A second ENI on card 0, created by somebody else. */
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

export const subnet = (id = 'subnet-a', change: Partial<SubnetRecord> = {}): SubnetRecord =>
  aSubnet(id, { cidr: '10.0.0.0/20', availableAddresses: 3_000, freePrefixes: 200, heldByCluster: 10, ...change });

/** An ENI of a service in a subnet. */
export const otherEni = (eni: string, change: Partial<OtherEni> = {}): OtherEni => ({
  eni,
  interfaceType: 'interface',
  requester: null,
  description: '',
  status: 'in-use',
  mac: null,
  ips: [],
  publicIps: [],
  ...change,
});

export const network = (name = 'ipvlan-a', change: Partial<NetworkRecord> = {}): NetworkRecord =>
  aNetwork('core', name, {
    parent: { kind: 'host-device', value: 'ens6' },
    semantics: {
      leavesNodeOnEni: true,
      macPolicy: 'parent',
      onePodPerDevice: false,
      perNode: false,
      linkInContainer: false,
      kernelInterface: true,
    },
    ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24'], used: 1, size: 254, gateways: [], routes: [] },
    podCount: 1,
    description: 'ipvlan (l2) on ens6',
    createdAt: ago(86_400),
    ...change,
  });

/** The cluster network, with one Deployment core/web whose template names `ipvlan-a` and may be faulty. */
export const faultyTemplate = (change: Partial<NetworkRecord['faultyWorkloads'][number]>): NetworkRecord => ({
  ...network('cluster'),
  id: 'cluster',
  namespace: null,
  faultyWorkloads: [
    {
      kind: 'Deployment',
      namespace: 'core',
      name: 'web',
      networks: ['net:core/ipvlan-a'],
      refusal: null,
      misplaced: [],
      mistyped: [],
      ...change,
    },
  ],
});

export const pod = (name = 'p1', change: Partial<PodRecord> = {}): PodRecord =>
  aPod('core', name, {
    uid: `uid-${name}`,
    node: nodeId(NODE),
    createdAt: ago(7_200),
    startedAt: ago(7_200),
    owner: { kind: 'ReplicaSet', name: 'p' },
    ips: ['10.0.0.21'],
    ...change,
  });

/** A pod that waits for its sandbox. */
export const waitingPod = (name = 'w1', change: Partial<PodRecord> = {}): PodRecord =>
  pod(name, { phase: 'Pending', ips: [], ...change });

export const request = (name = 'ipvlan-a', change: Partial<RequestedNetwork> = {}): RequestedNetwork => ({
  index: 0,
  network: networkId('core', name),
  interface: null,
  ips: [],
  mac: null,
  defaultRoute: null,
  ...change,
});

type InterfaceChange = Partial<InterfaceRecord> & { readonly podName?: string };

/** A reported interface of pod p1 on the network ipvlan-a; `foreignEni` has its address. */
export function face(name = 'net1', { podName = 'p1', ...change }: InterfaceChange = {}): InterfaceRecord {
  const ips = change.ips ?? ['10.6.0.14'];
  const on = change.eni === undefined ? 'eni-0000000000000000f' : change.eni;
  return anInterface('core', podName, name, {
    node: nodeId(NODE),
    network: networkId('core', 'ipvlan-a'),
    ips,
    addresses: ips.map((ip) => ({ ip, family: familyOf(ip), backed: 'eni', eni: on })),
    eni: on,
    card: on === null ? null : 0,
    requestIndex: 0,
    link: { rule: 'secondary-ip', certainty: 'observed', evidence: 'EC2 has the address on that ENI', candidates: [] },
    ...change,
  });
}

export const eth0 = (change: InterfaceChange = {}): InterfaceRecord =>
  face('eth0', {
    network: CLUSTER_NETWORK,
    ips: ['10.0.0.21'],
    eni: 'eni-0000000000000000a',
    default: true,
    requestIndex: null,
    ...change,
  });

export const attachment = (name = 'ipvlan-a', change: Partial<AttachmentRecord> = {}): AttachmentRecord =>
  anAttachment(NODE, 'core', name, {
    eni: 'eni-0000000000000000f',
    rule: 'mac',
    evidence: 'the MAC of a pod on it is that ENI’s',
    ...change,
  });

export const hostNic = (name: string, change: Partial<HostNicRecord> = {}): HostNicRecord =>
  aHostNic(NODE, name, { source: 'NodeNetworkState', ...change });

export const ipPool = (change: Partial<IpPoolRecord> = {}): IpPoolRecord =>
  anIpPool('pool:kube-system/10.6.0.0-24', {
    range: '10.6.0.0/24',
    networks: [networkId('core', 'ipvlan-a')],
    size: 254,
    used: 10,
    ...change,
  });

export const signal = (subject: string, kind: string, text: string, change: Partial<SignalRecord> = {}): SignalRecord =>
  aSignal(subject, kind, { count: 3, firstAt: ago(90), lastAt: ago(5), text, ...change });

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

const SOURCES = [...new Set(RULES.flatMap(({ needs, uses }) => [...needs, ...(uses ?? [])]))];

/** A record set of these records; every source that a rule needs is live, except for those in `states`. */
export function world(
  records: readonly AnyRecord[],
  states: Readonly<Record<string, SourceState>> = {},
  kubernetesVersion: string | null = null,
): Replica {
  const sources = [...new Set([...SOURCES, ...Object.keys(states)])].map((id) =>
    aSource(id, states[id] ?? 'live', { asOf: ago(1) }),
  );
  const maps = recordMaps(Object.groupBy([...sources, ...records], tableOf) as Parameters<typeof recordMaps>[0]);
  const replica = createReplica();
  replica.reset(maps, {
    name: 'test',
    kubernetesVersion,
    region: null,
    vpcId: 'vpc-1',
    vpcCidrs: null,
    demo: false,
  });
  return replica;
}

export interface Looking {
  /** Time of a second evaluation, in seconds after `NOW`. */
  readonly later?: number;
  readonly states?: Readonly<Record<string, SourceState>>;
  /** Version of the API server. */
  readonly kubernetes?: string;
}

/** The findings of a rule in a world at `NOW`, and again `later` seconds after that, with unchanged records. */
export function found(rule: string, records: readonly AnyRecord[], options: Looking = {}): readonly FindingRecord[] {
  const one = RULES.filter(({ id }) => id === rule);
  if (one.length === 0) throw new Error(`no rule ${rule}`);
  return foundBy(one, records, options);
}

export function foundBy(
  rules: readonly AnyRule[],
  records: readonly AnyRecord[],
  options: Looking = {},
): readonly FindingRecord[] {
  const findings = new Findings(rules);
  const replica = world(records, options.states, options.kubernetes);
  const first = findings.all(replica, NOW);
  if (first !== null) replica.apply({ findings: first });
  if (options.later !== undefined) {
    const next = findings.tick(replica, NOW + options.later * 1000);
    if (next !== null) replica.apply({ findings: next });
  }
  return [...replica.records.findings.values()];
}

/** By id and without `since`, which depends on when a problem was first seen. */
export const timeless = (findings: readonly FindingRecord[]): readonly FindingRecord[] =>
  findings.map((finding) => ({ ...finding, since: null })).sort((a, b) => (a.id < b.id ? -1 : 1));

/**
 * The findings when each record arrives in a change of its own, disappears and comes back. They must equal those of
 * `foundBy`; otherwise a rule was not run again.
 */
export function foundAsRecordsCome(
  rules: readonly AnyRule[],
  records: readonly AnyRecord[],
  options: Looking & { readonly later: number },
): readonly FindingRecord[] {
  const findings = new Findings(rules);
  const replica = world([], options.states, options.kubernetes);
  const keep = (delta: ReturnType<typeof findings.all>): void => {
    if (delta !== null) replica.apply({ findings: delta });
  };
  keep(findings.all(replica, NOW));
  const change = (record: AnyRecord, comes: boolean): void => {
    const tables = { [tableOf(record)]: { put: comes ? [record] : [], patch: [], drop: comes ? [] : [record.id] } };
    replica.apply(tables);
    keep(findings.update(replica, NOW));
  };
  for (const record of records) change(record, true);
  for (const record of records) {
    change(record, false);
    change(record, true);
  }
  keep(findings.tick(replica, NOW + options.later * 1000));
  return timeless([...replica.records.findings.values()]);
}
