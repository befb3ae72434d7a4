/**
 * Records of a plausible cluster of any size for tests and benchmarks, the same for the same arguments. Created
 * directly instead of derived, so that the file format is tested without the topology code.
 */
import { CLUSTER_NETWORK, interfaceId, networkId, nodeId, podId } from '../../lib/model/ids';
import type {
  ClusterInfo,
  EniAddress,
  EniRecord,
  InterfaceRecord,
  NodeRecord,
  PodRecord,
  RecordMaps,
  SubnetRecord,
} from '../../lib/model/records';
import { aCard, anEni, anInterface, aNode, aPod, aPool, aSource, aSubnet, recordMaps } from './records';

export const CLUSTER: ClusterInfo = {
  name: 'prod',
  kubernetesVersion: 'v1.34.2',
  region: 'eu-west-1',
  vpcId: 'vpc-0123456789abcdef0',
  vpcCidrs: null,
  demo: false,
};

export const TAKEN_AT = '2026-09-01T12:00:00Z';

const SLOTS = { limit: 8, used: 3, unmanaged: 1, reserved: 0, free: 5 };
/** Warm addresses on each managed ENI. */
const WARM = 3;

const toSeconds = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** All random choices, from a small seeded generator (mulberry32). */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  hex(length: number): string {
    return Array.from({ length }, () => this.below(16).toString(16)).join('');
  }

  letters(length: number): string {
    return Array.from({ length }, () => 'bcdfghjklmnpqrstvwxz2456789'[this.below(27)]).join('');
  }

  mac(): string {
    return `02:${[1, 2, 3, 4, 5].map(() => this.hex(2)).join(':')}`;
  }

  time(): string {
    return toSeconds(1_788_000_000_000 - this.below(3_000_000) * 1000);
  }
}

interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its pods have a second interface. */
  readonly extra: boolean;
}

/** A node with three ENIs: the primary and ipamd's second one have pods, the third is left to a second network. */
class SampleNode {
  readonly pods: PodRecord[] = [];
  readonly interfaces: InterfaceRecord[] = [];
  readonly name: string;
  readonly #chance: Chance;
  readonly #index: number;
  readonly #podCount: number;
  readonly #subnet: SubnetRecord;
  readonly #instanceId: string;
  readonly #enis: readonly { readonly id: string; readonly mac: string; readonly held: EniAddress[] }[];

  constructor(chance: Chance, index: number, podCount: number, subnet: SubnetRecord) {
    this.#chance = chance;
    this.#index = index;
    this.#podCount = podCount;
    this.#subnet = subnet;
    this.name = `ip-${this.#ip(1).replaceAll('.', '-')}.eu-west-1.compute.internal`;
    this.#instanceId = `i-${chance.hex(17)}`;
    this.#enis = [0, 1, 2].map(() => ({ id: `eni-${chance.hex(17)}`, mac: chance.mac(), held: [] }));
  }

  #ip(host: number): string {
    const value = Math.floor(this.#index / 3) * 48 + host;
    return `10.${this.#index % 3}.${(value >> 8) & 255}.${value & 255}`;
  }

  /** The address at a position on one of the ENIs with pods. */
  #addressOf(device: number, place: number): string {
    return this.#ip(4 + device * Math.ceil((this.#podCount + WARM * 2) / 2) + place);
  }

  addPod({ namespace, name: owner, labels, extra }: Workload): void {
    const number = this.pods.length;
    const device = number % 2;
    const ip = this.#addressOf(device, Math.floor(number / 2));
    const name = `${owner}-${this.#chance.letters(5)}`;
    const createdAt = this.#chance.time();
    const chance = this.#chance;
    const network = networkId(namespace, 'signalling');
    const annotation = { state: extra ? 'valid' : 'absent', error: null } as const;
    this.pods.push(
      aPod(namespace, name, {
        uid: [8, 4, 4, 4, 12].map((length) => chance.hex(length)).join('-'),
        node: nodeId(this.name),
        createdAt,
        startedAt: toSeconds(Date.parse(createdAt) + 1000 * chance.below(3)),
        owner: { kind: 'ReplicaSet', name: owner },
        labels,
        ips: [ip],
        networksAnnotation: annotation,
        statusAnnotation: annotation,
        requested: extra ? [{ index: 0, network, interface: null, ips: [], mac: null, defaultRoute: null }] : [],
      }),
    );
    const eni = this.#enis[device];
    eni?.held.push({ ip, state: 'assigned', interface: interfaceId(namespace, name, 'eth0') });
    const evidence = `${ip} is a secondary address of ${eni?.id ?? ''}, which is attached to ${this.name}.`;
    this.#addInterface(namespace, name, 'eth0', ip, eni?.id ?? '', evidence, {
      network: CLUSTER_NETWORK,
      default: true,
    });
    if (extra) this.#addSecond(namespace, name, number, network);
  }

  #addSecond(namespace: string, pod: string, number: number, network: string): void {
    const ip = `192.168.${(number >> 4) & 255}.${(this.#index * 7 + number) & 255}`;
    const { id = '', mac = '' } = this.#enis[2] ?? {};
    const evidence = `The reported MAC ${mac} is that of ${id}.`;
    this.#addInterface(namespace, pod, 'net1', ip, id, evidence, { network, mac, requestIndex: 0 });
  }

  #addInterface(
    namespace: string,
    pod: string,
    name: string,
    ip: string,
    eni: string,
    evidence: string,
    change: Partial<InterfaceRecord>,
  ): void {
    this.interfaces.push(
      anInterface(namespace, pod, name, {
        pod: podId(namespace, pod),
        node: nodeId(this.name),
        ips: [ip],
        addresses: [{ ip, family: 4, backed: 'eni', eni }],
        eni,
        card: 0,
        link: { rule: 'secondary-ip', certainty: 'observed', evidence, candidates: [] },
        ...change,
      }),
    );
  }

  enis(): readonly EniRecord[] {
    return this.#enis.map(({ id, mac, held }, device) => {
      const createdAt = this.#chance.time();
      const isOwn = device === 1;
      const isManaged = device < 2;
      const warm = isManaged ? Array.from({ length: WARM }, (_, at) => this.#addressOf(device, held.length + at)) : [];
      const tags: Record<string, string> = isManaged
        ? {
            'node.k8s.amazonaws.com/instance_id': this.#instanceId,
            ...(isOwn ? { 'node.k8s.amazonaws.com/createdAt': createdAt } : {}),
          }
        : { 'node.k8s.amazonaws.com/no_manage': 'true' };
      const rules = ['primary', 'instance-id-tag', 'no-manage-tag'] as const;
      return anEni(this.name, id, {
        instanceId: this.#instanceId,
        deviceIndex: device,
        role: device === 0 ? 'primary' : 'secondary',
        hostDevice: { name: `ens${5 + device}`, certainty: 'inferred' },
        management: {
          state: isManaged ? 'managed' : 'unmanaged',
          rule: rules[device] ?? 'unknown',
          certainty: 'observed',
          observed: isManaged,
        },
        creator: isOwn ? 'ipamd' : 'other',
        attachedAt: createdAt,
        createdAt: isOwn ? createdAt : null,
        mac,
        vpc: CLUSTER.vpcId,
        zone: this.#subnet.zone,
        subnet: this.#subnet.id,
        securityGroups: ['sg-0123456789abcdef0'],
        description: isOwn ? `aws-K8S-${this.#instanceId}` : '',
        tags,
        capacity: 29,
        addressCapacity: 29,
        addresses: [
          { ip: this.#ip(1 + device), state: 'primary', interface: null },
          ...held,
          ...warm.map((ip): EniAddress => ({ ip, state: 'warm', interface: null })),
        ],
      });
    });
  }

  node(): NodeRecord {
    const { zone } = this.#subnet;
    const podCount = this.#podCount;
    return aNode(this.name, {
      instanceId: this.#instanceId,
      instanceType: 'm6i.4xlarge',
      zone,
      osImage: 'Amazon Linux 2023.9.20260901',
      internalIps: [this.#ip(1)],
      labels: { 'topology.kubernetes.io/zone': zone ?? '', 'node.kubernetes.io/instance-type': 'm6i.4xlarge' },
      createdAt: '2026-08-01T08:00:00Z',
      maxPods: 234,
      podCount,
      hostNetworkPods: 3,
      ipamd: { ready: true, version: 'v1.23.1' },
      eniSlots: SLOTS,
      pools: [
        aPool({
          total: podCount + 6,
          assigned: podCount,
          available: 6,
          cooling: 0,
          warm: 6,
          target: 5,
          next: { action: 'none', count: null, reason: 'The pool meets its targets.', blockedBy: null },
        }),
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
    });
  }
}

export function sampleRecords(nodeCount: number, podsPerNode: number, seed = 1): RecordMaps {
  const chance = new Chance(seed);
  const workloads = Array.from({ length: Math.max(1, Math.floor((nodeCount * podsPerNode) / 12)) }, (_, index) => ({
    namespace: `team-${index % 40}`,
    name: `service-${index}-${chance.hex(9)}`,
    labels: {
      app: `service-${index}`,
      'app.kubernetes.io/instance': `service-${index}`,
      'app.kubernetes.io/managed-by': 'Helm',
      'app.kubernetes.io/name': `service-${index}`,
      team: `team-${index % 40}`,
    },
    extra: chance.next() < 0.2,
  }));
  const subnets = ['a', 'b', 'c'].map((letter, index) =>
    aSubnet(`subnet-${chance.hex(17)}`, {
      cidr: `10.${index}.0.0/16`,
      vpc: CLUSTER.vpcId,
      zone: `eu-west-1${letter}`,
      availableAddresses: 1200,
      freePrefixes: 12,
      heldByCluster: 400,
      tags: { Name: `nodes-eu-west-1${letter}` },
    }),
  );
  const nodes = Array.from({ length: nodeCount }, (_, index) => {
    const node = new SampleNode(chance, index, podsPerNode, subnets[index % 3] ?? aSubnet('subnet-0'));
    for (let pod = 0; pod < podsPerNode; pod++) {
      const workload = workloads[chance.below(workloads.length)];
      if (workload !== undefined) node.addPod(workload);
    }
    return { node, enis: node.enis() };
  });
  return recordMaps({
    sources: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'].map((id) =>
      aSource(id, 'live', { asOf: TAKEN_AT }),
    ),
    nodes: nodes.map(({ node }) => node.node()),
    networkCards: nodes.map(({ node }) => aCard(node.name, 0, { maxEnis: 8, managed: true, eniSlots: SLOTS })),
    enis: nodes.flatMap(({ enis }) => enis),
    subnets,
    pods: nodes.flatMap(({ node }) => node.pods),
    interfaces: nodes.flatMap(({ node }) => node.interfaces),
  });
}
