/**
 * The shapes of all records, in the order of records.md. A field added to a record type is added here, too: the compiler
 * says so. Where its shape has no empty value (a number, a word), `missing` says what older files mean by its absence.
 */
import type {
  AttachmentRecord,
  CniConfig,
  ClusterInfo,
  EniRecord,
  EniSlots,
  FindingRecord,
  HostNicRecord,
  InterfaceRecord,
  IpPoolRecord,
  Link,
  NetworkCardRecord,
  NetworkRecord,
  NetworkSemantics,
  NodeLimits,
  NodeMetrics,
  NodeRecord,
  PodRecord,
  PodSecurityGroupPolicy,
  Pool,
  RecordByTable,
  RequestedNetwork,
  SignalRecord,
  SourceRecord,
  SubnetRecord,
  Table,
  Taint,
} from '../model/records';
import {
  ENI_MANAGEMENT_RULES,
  ENI_ROLES,
  INTERFACE_STATES,
  LINK_RULES,
  NEXT_ACTIONS,
  PARENT_KINDS,
} from '../model/vocabulary';
import { boolean, list, map, nullable, number, object, text, word } from './shape';
import type { ObjectShape, ShapeOf } from './shape';

const certainty = word(['observed', 'inferred', 'unknown']);
const severity = word(['error', 'warning', 'info']);
const annotation = object<{ state: PodRecord['networksAnnotation']['state']; error: string | null }>({
  state: word(['absent', 'empty', 'valid', 'invalid']),
  error: nullable(text),
});

export const CLUSTER: ObjectShape & ShapeOf<ClusterInfo> = object<ClusterInfo>(
  {
    name: nullable(text),
    kubernetesVersion: nullable(text),
    region: nullable(text),
    vpcId: nullable(text),
    demo: boolean,
  },
  { demo: false },
);

const source = object<SourceRecord>({
  id: text,
  state: word(['starting', 'live', 'stale', 'denied', 'absent', 'failing', 'off']),
  asOf: nullable(text),
  reason: nullable(text),
});

const eniSlots = object<EniSlots>({
  limit: nullable(number),
  used: nullable(number),
  unmanaged: nullable(number),
  reserved: nullable(number),
  free: nullable(number),
});

const pool = object<Pool>({
  card: number,
  total: nullable(number),
  assigned: nullable(number),
  available: nullable(number),
  cooling: nullable(number),
  warm: nullable(number),
  target: nullable(number),
  short: nullable(number),
  over: nullable(number),
  low: nullable(boolean),
  high: nullable(boolean),
  next: nullable(
    object<NonNullable<Pool['next']>>({
      action: word(NEXT_ACTIONS),
      count: nullable(number),
      reason: text,
      blockedBy: nullable(text),
    }),
  ),
  certainty,
});

const cni = object<CniConfig>({
  version: nullable(text),
  mode: nullable(word(['secondary-ip', 'prefix', 'ipv6'])),
  multiNic: nullable(boolean),
  customNetworking: nullable(boolean),
  podEni: nullable(boolean),
  prefixDelegation: nullable(boolean),
  manageUntagged: nullable(boolean),
  imdsOnly: nullable(boolean),
  manageNonSchedulable: nullable(boolean),
  leakedEniCleanup: nullable(boolean),
  networkResourceProvisioning: nullable(boolean),
  subnetDiscovery: nullable(boolean),
  warmEniTarget: nullable(number),
  warmIpTarget: nullable(number),
  minimumIpTarget: nullable(number),
  warmPrefixTarget: nullable(number),
  maxEni: nullable(number),
  cooldownSeconds: nullable(number),
});

const metrics = object<NodeMetrics>({
  asOf: text,
  eniMax: nullable(number),
  eniAllocated: nullable(number),
  ipMax: nullable(number),
  totalAddresses: nullable(number),
  assignedAddresses: nullable(number),
  totalPrefixes: nullable(number),
  forceRemovedAddresses: nullable(number),
  refusedCalls: nullable(number),
});

const limits = object<NodeLimits>({
  enisPerCard: number,
  ipv4PerEni: number,
  cards: number,
  maxBranchEnis: nullable(number),
  trunkCompatible: nullable(boolean),
  source: word(['ec2', 'table']),
  maxPodsByFormula: nullable(number),
});

const node = object<NodeRecord>(
  {
    id: text,
    name: text,
    instanceId: nullable(text),
    instanceType: nullable(text),
    instanceState: nullable(text),
    zone: nullable(text),
    computeType: word(['ec2', 'auto', 'fargate', 'hybrid', 'other']),
    osImage: nullable(text),
    os: nullable(text),
    internalIps: list(text),
    labels: map(text),
    createdAt: nullable(text),
    deleting: boolean,
    gone: boolean,
    ready: nullable(boolean),
    unschedulable: boolean,
    taints: list(object<Taint>({ key: text, value: nullable(text), effect: text })),
    maxPods: nullable(number),
    podCount: number,
    hostNetworkPods: number,
    allocatable: map(number),
    cni: nullable(cni),
    ipamd: nullable(object<NonNullable<NodeRecord['ipamd']>>({ ready: nullable(boolean), version: nullable(text) })),
    multus: nullable(
      object<NonNullable<NodeRecord['multus']>>({
        ready: nullable(boolean),
        version: nullable(text),
        startedAt: nullable(text),
        installedAt: nullable(text),
      }),
    ),
    metrics: nullable(metrics),
    eniConfig: nullable(
      object<NonNullable<NodeRecord['eniConfig']>>({
        name: nullable(text),
        found: nullable(boolean),
        subnet: nullable(text),
        securityGroups: list(text),
      }),
    ),
    eniConfigProblems: list(text),
    cniNode: object<NodeRecord['cniNode']>({ found: nullable(boolean), features: nullable(list(text)) }),
    branch: nullable(object<NonNullable<NodeRecord['branch']>>({ limit: nullable(number), used: nullable(number) })),
    eniSlots,
    pools: list(pool),
    headroom: object<NodeRecord['headroom']>({
      pods: nullable(number),
      limitedBy: word(['max-pods', 'slots', 'subnet', 'cards', 'unknown']),
    }),
    limits: nullable(limits),
    problems: list(text),
  },
  { hostNetworkPods: 0, cniNode: { found: null, features: null } },
);

const networkCard = object<NetworkCardRecord>({
  id: text,
  node: text,
  index: number,
  maxEnis: nullable(number),
  managed: nullable(boolean),
  performance: nullable(text),
  eniSlots,
});

const hostNic = object<HostNicRecord>(
  {
    id: text,
    node: text,
    name: text,
    altNames: list(text),
    mac: nullable(text),
    pciAddress: nullable(text),
    up: nullable(boolean),
    vfs: nullable(object<NonNullable<HostNicRecord['vfs']>>({ total: nullable(number), used: nullable(number) })),
    eni: nullable(text),
    certainty,
    source: text,
  },
  { source: 'rule' },
);

const eni = object<EniRecord>(
  {
    id: text,
    node: nullable(text),
    instanceId: nullable(text),
    card: nullable(number),
    deviceIndex: nullable(number),
    interfaceType: text,
    role: word(ENI_ROLES),
    trunk: nullable(text),
    vlan: nullable(number),
    branchPod: nullable(text),
    hostDevice: nullable(object<NonNullable<EniRecord['hostDevice']>>({ name: text, certainty })),
    management: object<EniRecord['management']>({
      state: word(['managed', 'unmanaged', 'outside', 'unknown']),
      rule: word(ENI_MANAGEMENT_RULES),
      certainty,
      observed: nullable(boolean),
    }),
    creator: word(['ipamd', 'vpc-resource-controller', 'other']),
    status: nullable(text),
    attachmentStatus: nullable(text),
    attachedAt: nullable(text),
    createdAt: nullable(text),
    deleteOnTermination: nullable(boolean),
    sourceDestCheck: nullable(boolean),
    mac: nullable(text),
    vpc: nullable(text),
    zone: nullable(text),
    subnet: nullable(text),
    securityGroups: list(text),
    description: text,
    tags: map(text),
    capacity: nullable(number),
    addressCapacity: nullable(number),
    addresses: list(
      object<EniRecord['addresses'][number]>({
        ip: text,
        state: word(['primary', 'assigned', 'warm', 'cooling', 'unclaimed', 'excluded', 'unknown']),
        interface: nullable(text),
      }),
    ),
    prefixes: list(
      object<EniRecord['prefixes'][number]>({ cidr: text, size: nullable(number), assigned: nullable(number) }),
    ),
  },
  { description: '' },
);

const subnet = object<SubnetRecord>({
  id: text,
  cidr: nullable(text),
  ipv6Cidr: nullable(text),
  vpc: nullable(text),
  zone: nullable(text),
  availableAddresses: nullable(number),
  reservations: list(object<SubnetRecord['reservations'][number]>({ cidr: text, type: text })),
  freePrefixes: nullable(number),
  heldByCluster: nullable(number),
  tags: map(text),
});

const network = object<NetworkRecord>(
  {
    id: text,
    namespace: nullable(text),
    name: text,
    plugins: list(text),
    mainPlugin: nullable(number),
    parent: object<NetworkRecord['parent']>({ kind: word(PARENT_KINDS), value: nullable(text) }),
    mode: nullable(text),
    vlan: nullable(number),
    mtu: nullable(number),
    capabilities: list(text),
    semantics: nullable(
      object<NetworkSemantics>({
        leavesNodeOnEni: boolean,
        macPolicy: word(['parent', 'own', 'unknown']),
        onePodPerDevice: boolean,
        perNode: boolean,
        linkInContainer: boolean,
        kernelInterface: boolean,
      }),
    ),
    ipam: nullable(
      object<NonNullable<NetworkRecord['ipam']>>({
        type: nullable(text),
        ranges: list(text),
        used: nullable(number),
        size: nullable(number),
        routes: list(object<NonNullable<NetworkRecord['ipam']>['routes'][number]>({ dst: text, gw: nullable(text) })),
      }),
    ),
    resourceName: nullable(text),
    missing: boolean,
    podCount: number,
    description: text,
    createdAt: nullable(text),
    problems: list(text),
    faults: list(object<NetworkRecord['faults'][number]>({ severity, text })),
  },
  { podCount: 0, description: '' },
);

const attachment = object<AttachmentRecord>(
  {
    id: text,
    node: text,
    network: text,
    hostNic: nullable(text),
    eni: nullable(text),
    rule: word(LINK_RULES),
    certainty,
    evidence: text,
    candidates: list(text),
  },
  { evidence: '' },
);

const ipPool = object<IpPoolRecord>({
  id: text,
  range: text,
  networks: list(text),
  size: nullable(number),
  used: number,
  allocations: list(
    object<IpPoolRecord['allocations'][number]>({
      ip: text,
      pod: nullable(text),
      interface: nullable(text),
      live: nullable(boolean),
      reserved: nullable(boolean),
    }),
  ),
  orphanReservations: list(text),
  problems: list(text),
});

const pod = object<PodRecord>(
  {
    id: text,
    namespace: text,
    name: text,
    uid: text,
    node: nullable(text),
    phase: text,
    hostNetwork: boolean,
    createdAt: nullable(text),
    startedAt: nullable(text),
    deleting: boolean,
    owner: nullable(object<NonNullable<PodRecord['owner']>>({ kind: text, name: text })),
    ips: list(text),
    nicConfig: nullable(text),
    podEni: nullable(list(text)),
    networksAnnotation: annotation,
    statusAnnotation: annotation,
    requested: list(
      object<RequestedNetwork>({
        index: number,
        network: text,
        interface: nullable(text),
        ips: list(text),
        mac: nullable(text),
        defaultRoute: nullable(list(text)),
      }),
    ),
    resources: map(number),
    policies: list(text),
    securityGroupPolicies: nullable(
      list(
        object<PodSecurityGroupPolicy>({
          name: text,
          securityGroups: list(text),
          certainty,
          dependsOn: nullable(text),
        }),
      ),
    ),
    problems: list(text),
  },
  { uid: '', statusAnnotation: { state: 'absent', error: null } },
);

const link = object<Link>(
  { rule: word(LINK_RULES), certainty, evidence: text, candidates: list(text) },
  { evidence: '' },
);

const podInterface = object<InterfaceRecord>({
  id: text,
  pod: text,
  node: nullable(text),
  name: nullable(text),
  network: text,
  ips: list(text),
  addresses: list(
    object<InterfaceRecord['addresses'][number]>({
      ip: text,
      // The two families are numbers; a word list of numbers would serve nobody else.
      family: number as ShapeOf<4 | 6>,
      backed: word(['eni', 'other-node', 'none', 'not-applicable', 'unknown']),
      eni: nullable(text),
    }),
  ),
  mac: nullable(text),
  mtu: nullable(number),
  default: boolean,
  state: word(INTERFACE_STATES),
  eni: nullable(text),
  card: nullable(number),
  hostNic: nullable(text),
  device: nullable(object<NonNullable<InterfaceRecord['device']>>({ type: text, pciAddress: nullable(text) })),
  requestIndex: nullable(number),
  gateways: list(text),
  link,
});

const signal = object<SignalRecord>({
  id: text,
  subject: text,
  kind: text,
  count: number,
  firstAt: nullable(text),
  lastAt: nullable(text),
  text,
});

const finding = object<FindingRecord>({
  id: text,
  rule: text,
  severity,
  subjects: list(text),
  title: text,
  detail: text,
  evidence: list(text),
  advice: text,
  command: nullable(text),
  since: nullable(text),
});

export const RECORDS: { readonly [T in Table]: ObjectShape & ShapeOf<RecordByTable[T]> } = {
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
};
