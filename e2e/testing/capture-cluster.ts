/**
 * Records of a plausible cluster of any size for tests and benchmarks, the same for the same arguments. Made directly, not
 * derived, so that the file format is tested without the topology code.
 */
import { cardId, interfaceId, networkId, nodeId, podId } from '../../lib/model/ids';
import type {
  ClusterInfo,
  EniAddress,
  EniRecord,
  InterfaceRecord,
  NetworkCardRecord,
  NodeRecord,
  PodRecord,
  RecordMaps,
  SourceRecord,
  SubnetRecord,
} from '../../lib/model/records';

/** A small seeded generator (mulberry32): 0 ≤ x < 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const CLUSTER: ClusterInfo = {
  name: 'prod',
  kubernetesVersion: 'v1.34.2',
  region: 'eu-west-1',
  vpcId: 'vpc-0123456789abcdef0',
  demo: false,
};

export const TAKEN_AT = '2026-09-01T12:00:00Z';

const byId = <T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> =>
  new Map(list.map((one) => [one.id, one]));

export function sampleRecords(nodeCount: number, podsPerNode: number, seed = 1): RecordMaps {
  const random = randomFrom(seed);
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const letters = (length: number): string =>
    Array.from({ length }, () => 'bcdfghjklmnpqrstvwxz2456789'[Math.floor(random() * 27)]).join('');
  const mac = (): string => `02:${[1, 2, 3, 4, 5].map(() => hex(2)).join(':')}`;
  const time = (): string =>
    new Date(1_788_000_000_000 - Math.floor(random() * 3_000_000) * 1000).toISOString().replace('.000Z', 'Z');
  const workloads = Array.from({ length: Math.max(1, Math.floor((nodeCount * podsPerNode) / 12)) }, (_, index) => ({
    namespace: `team-${index % 40}`,
    name: `service-${index}-${hex(9)}`,
    extra: random() < 0.2,
  }));
  const zones = ['a', 'b', 'c'].map((letter) => `eu-west-1${letter}`);
  const subnets = zones.map((zone, index): SubnetRecord => ({
    id: `subnet-${hex(17)}`,
    cidr: `10.${index}.0.0/16`,
    ipv6Cidr: null,
    vpc: CLUSTER.vpcId,
    zone,
    availableAddresses: 1200,
    reservations: [],
    freePrefixes: 12,
    heldByCluster: 400,
    tags: { Name: `nodes-${zone}` },
  }));
  const nodes: NodeRecord[] = [];
  const cards: NetworkCardRecord[] = [];
  const enis: EniRecord[] = [];
  const pods: PodRecord[] = [];
  const interfaces: InterfaceRecord[] = [];

  for (let n = 0; n < nodeCount; n++) {
    const zone = zones[n % 3] ?? '';
    const subnet = subnets[n % 3]?.id ?? null;
    const inZone = Math.floor(n / 3);
    const ip = (host: number): string => {
      const value = inZone * 48 + host;
      return `10.${n % 3}.${(value >> 8) & 255}.${value & 255}`;
    };
    const name = `ip-${ip(1).replaceAll('.', '-')}.eu-west-1.compute.internal`;
    const instanceId = `i-${hex(17)}`;
    nodes.push(node(name, instanceId, zone, podsPerNode));
    cards.push({
      id: cardId(name, 0),
      node: nodeId(name),
      index: 0,
      maxEnis: 8,
      managed: true,
      performance: 'Up to 10 Gigabit',
      eniSlots: { limit: 8, used: 3, unmanaged: 1, reserved: 0, free: 5 },
    });
    const free = 3;
    const perEni = Math.ceil((podsPerNode + free * 2) / 2);
    const eniIds = [0, 1, 2].map(() => `eni-${hex(17)}`);
    const macs = [0, 1, 2].map(mac);
    const addresses: EniAddress[][] = [[], [], []];
    for (let p = 0; p < podsPerNode; p++) {
      const workload = workloads[Math.floor(random() * workloads.length)] ?? {
        namespace: 'x',
        name: 'x',
        extra: false,
      };
      const device = p % 2;
      const address = ip(4 + device * perEni + Math.floor(p / 2));
      const podName = `${workload.name}-${letters(5)}`;
      const createdAt = time();
      const id = podId(workload.namespace, podName);
      const eth0 = interfaceId(workload.namespace, podName, 'eth0');
      addresses[device]?.push({ ip: address, state: 'assigned', interface: eth0 });
      const network = networkId(workload.namespace, 'signalling');
      pods.push({
        id,
        namespace: workload.namespace,
        name: podName,
        uid: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
        node: nodeId(name),
        phase: 'Running',
        hostNetwork: false,
        createdAt,
        startedAt: new Date(Date.parse(createdAt) + 1000 * Math.floor(random() * 3))
          .toISOString()
          .replace('.000Z', 'Z'),
        deleting: false,
        owner: { kind: 'ReplicaSet', name: workload.name },
        ips: [address],
        nicConfig: null,
        podEni: null,
        networksAnnotation: { state: workload.extra ? 'valid' : 'absent', error: null },
        statusAnnotation: { state: workload.extra ? 'valid' : 'absent', error: null },
        requested: workload.extra
          ? [{ index: 0, network, interface: null, ips: [], mac: null, defaultRoute: null }]
          : [],
        resources: {},
        policies: [],
        securityGroupPolicies: null,
        problems: [],
      });
      interfaces.push(
        podInterface(eth0, id, name, address, eniIds[device] ?? '', {
          network: 'cluster',
          evidence: `${address} is a secondary address of ${eniIds[device] ?? ''}, which is attached to ${name}.`,
        }),
      );
      if (workload.extra) {
        const second = `192.168.${(p >> 4) & 255}.${(n * 7 + p) & 255}`;
        interfaces.push({
          ...podInterface(interfaceId(workload.namespace, podName, 'net1'), id, name, second, eniIds[2] ?? '', {
            network,
            evidence: `The reported MAC ${macs[2] ?? ''} is that of ${eniIds[2] ?? ''}.`,
          }),
          name: 'net1',
          mac: macs[2] ?? null,
          requestIndex: 0,
          default: false,
        });
      }
    }
    eniIds.forEach((id, device) => {
      const own = addresses[device] ?? [];
      const warm = device === 2 ? [] : Array.from({ length: free }, (_, w) => ip(4 + device * perEni + own.length + w));
      const createdAt = time();
      enis.push({
        id,
        node: nodeId(name),
        instanceId,
        card: 0,
        deviceIndex: device,
        interfaceType: 'interface',
        role: device === 0 ? 'primary' : 'secondary',
        trunk: null,
        vlan: null,
        branchPod: null,
        hostDevice: { name: `ens${5 + device}`, certainty: 'inferred' },
        management: {
          state: device === 2 ? 'unmanaged' : 'managed',
          rule: device === 0 ? 'primary' : device === 1 ? 'instance-id-tag' : 'no-manage-tag',
          certainty: 'observed',
          observed: device !== 2,
        },
        creator: device === 1 ? 'ipamd' : 'other',
        status: 'in-use',
        attachmentStatus: 'attached',
        attachedAt: createdAt,
        createdAt: device === 1 ? createdAt : null,
        deleteOnTermination: true,
        sourceDestCheck: true,
        mac: macs[device] ?? null,
        vpc: CLUSTER.vpcId,
        zone,
        subnet,
        securityGroups: ['sg-0123456789abcdef0'],
        description: device === 1 ? `aws-K8S-${instanceId}` : '',
        tags:
          device === 2
            ? { 'node.k8s.amazonaws.com/no_manage': 'true' }
            : {
                'node.k8s.amazonaws.com/instance_id': instanceId,
                ...(device === 1 ? { 'node.k8s.amazonaws.com/createdAt': createdAt } : {}),
              },
        capacity: 29,
        addressCapacity: 29,
        addresses: [
          { ip: ip(1 + device), state: 'primary', interface: null },
          ...own,
          ...warm.map((one): EniAddress => ({ ip: one, state: 'warm', interface: null })),
        ],
        prefixes: [],
      });
    });
  }
  const sources: SourceRecord[] = ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'].map((id) => ({
    id,
    state: 'live',
    asOf: TAKEN_AT,
    reason: null,
  }));
  return {
    sources: byId(sources),
    nodes: byId(nodes),
    networkCards: byId(cards),
    hostNics: new Map(),
    enis: byId(enis),
    subnets: byId(subnets),
    networks: new Map(),
    attachments: new Map(),
    ipPools: new Map(),
    pods: byId(pods),
    interfaces: byId(interfaces),
    signals: new Map(),
    findings: new Map(),
  };
}

function node(name: string, instanceId: string, zone: string, podCount: number): NodeRecord {
  return {
    id: nodeId(name),
    name,
    instanceId,
    instanceType: 'm6i.4xlarge',
    instanceState: 'running',
    zone,
    computeType: 'ec2',
    osImage: 'Amazon Linux 2023.9.20260901',
    os: 'linux',
    internalIps: [name.slice(3, name.indexOf('.')).replaceAll('-', '.')],
    labels: { 'topology.kubernetes.io/zone': zone, 'node.kubernetes.io/instance-type': 'm6i.4xlarge' },
    createdAt: '2026-08-01T08:00:00Z',
    deleting: false,
    gone: false,
    ready: true,
    unschedulable: false,
    taints: [],
    maxPods: 234,
    podCount,
    hostNetworkPods: 3,
    allocatable: {},
    cni: null,
    ipamd: { ready: true, version: 'v1.23.1' },
    multus: null,
    metrics: null,
    eniConfig: null,
    eniConfigProblems: [],
    cniNode: { found: null, features: null },
    branch: null,
    eniSlots: { limit: 8, used: 3, unmanaged: 1, reserved: 0, free: 5 },
    pools: [
      {
        card: 0,
        total: podCount + 6,
        assigned: podCount,
        available: 6,
        cooling: 0,
        warm: 6,
        target: 5,
        short: 0,
        over: 0,
        low: false,
        high: false,
        next: { action: 'none', count: null, reason: 'The pool meets its targets.', blockedBy: null },
        certainty: 'observed',
      },
    ],
    headroom: { pods: 234 - podCount, limitedBy: 'max-pods' },
    limits: {
      enisPerCard: 8,
      ipv4PerEni: 30,
      cards: 1,
      maxBranchEnis: null,
      trunkCompatible: true,
      source: 'ec2',
      maxPodsByFormula: 234,
    },
    problems: [],
  };
}

function podInterface(
  id: string,
  pod: string,
  node: string,
  ip: string,
  eni: string,
  { network, evidence }: { network: string; evidence: string },
): InterfaceRecord {
  return {
    id,
    pod,
    node: nodeId(node),
    name: 'eth0',
    network,
    ips: [ip],
    addresses: [{ ip, family: 4, backed: 'eni', eni }],
    mac: null,
    mtu: null,
    default: true,
    state: 'reported',
    eni,
    card: 0,
    hostNic: null,
    device: null,
    requestIndex: null,
    gateways: [],
    link: { rule: 'secondary-ip', certainty: 'observed', evidence, candidates: [] },
  };
}
