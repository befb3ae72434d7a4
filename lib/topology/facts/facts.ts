/**
 * Everything the sources said, with the ways to walk it that deriving needs. Facts are kept once, by reference.
 *
 * Always holds: every index equals what a scan of the tables would give, so nothing here depends on the order in which
 * facts came. What does (`releases`, `rises`, `seenAt`) is kept apart and says so.
 */
import {
  objectKey,
  type AwsNodeAgent,
  type EniFact,
  type FactByKind,
  type FactKind,
  type NodeFact,
  type PodFact,
} from '../../model/facts';
import { parseCidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { SourceRecord, Timestamp } from '../../model/records';
import { MultiMap } from '../../records/multi-map';
import { SubnetBlocks } from './blocks';
import type { Rise } from './counters';
import { hasInterfaces } from './finished';
import { PodTable } from './pod-table';
import { PODS } from './source-ids';
import { FactTable } from './table';

const KINDS: { readonly [K in FactKind]: true } = {
  node: true,
  pod: true,
  nad: true,
  daemonSet: true,
  eni: true,
  instance: true,
  instanceType: true,
  subnet: true,
  subnetReservation: true,
  awsNodeMetrics: true,
  ipamdEnis: true,
  eniConfig: true,
  cniNode: true,
  securityGroupPolicy: true,
  whereaboutsPool: true,
  whereaboutsReservation: true,
  nodeSlicePool: true,
  sriovNodeState: true,
  nodeNetworkState: true,
  nodeEni: true,
  multiNetworkPolicy: true,
  networkPolicy: true,
  workload: true,
  event: true,
};

export const TRUNK_TAG = 'vpcresources.k8s.aws/trunk-eni-id';

type Tables = { readonly [K in FactKind]: FactTable<FactByKind[K]> } & { readonly pod: PodTable };

/** An address that was freed and may not be handed out again before its time (vpc-cni.md §2.1, IP_COOLDOWN_PERIOD). */
export interface Release {
  readonly at: number;
}

/** A pod that ended, or left its node. */
export interface EndedPod extends Release {
  readonly pod: PodFact;
}

export class Facts {
  readonly tables = {
    ...Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, new FactTable()])),
    pod: new PodTable(),
  } as unknown as Tables;
  readonly sources = new Map<string, SourceRecord>();

  readonly podsByNode = new MultiMap();
  /** Of pods that live in their own network namespace: every address that they report. */
  readonly podsByIp = new MultiMap();
  /** IPv6 only: the /80 around the address, as ipamd's prefixes are cut. */
  readonly podsByPrefix80 = new MultiMap();
  readonly podsByEni = new MultiMap();
  /** By `namespace/name` of NADs that pods ask for or report. */
  readonly podsByNetwork = new MultiMap();
  readonly nodesByInstance = new MultiMap();
  /** Fargate nodes by their own address, which is their pod's and their ENI's. */
  readonly fargateNodesByIp = new MultiMap();
  readonly enisByInstance = new MultiMap();
  readonly branchesByTrunk = new MultiMap();
  readonly enisByIp = new MultiMap();
  /** By canonical prefix text. */
  readonly enisByPrefix = new MultiMap();
  readonly enisBySubnet = new MultiMap();
  readonly reservationsBySubnet = new MultiMap();
  readonly cniNodesByInstance = new MultiMap();
  readonly hostStatesByNode = new MultiMap();
  readonly nodeEnisByNode = new MultiMap();
  readonly policiesByNamespace = new MultiMap();
  readonly securityGroupPoliciesByNamespace = new MultiMap();
  readonly poolsByPod = new MultiMap();
  /** Record id → `scope key` of events about it. */
  readonly eventsBySubject = new MultiMap();
  /** Workloads whose annotation is misplaced, `scope key`. */
  readonly misplaced = new Set<string>();
  readonly blocks = new SubnetBlocks();

  /** History: freed addresses by node, and when. */
  readonly releases = new Map<string, Map<string, Release>>();
  /** History: by node, ended pods that asked for an interface on every card: they gave back addresses that no API named. */
  readonly endedMultiNic = new Map<string, readonly EndedPod[]>();
  /** History: counters that rose, by node. */
  readonly rises = new Map<string, readonly Rise[]>();
  /** History: when a pod's addresses were first seen, until EC2 was asked after that. */
  readonly seenAt = new Map<string, number>();
  /** History: when a node's instance and addresses, by which EC2 is asked, were first seen, until it was asked after that. */
  readonly nodeSeenAt = new Map<string, number>();
  /** History: the time of the latest full list of pods. What came and went before it was not seen. */
  watchingSince: number | null = null;

  /** The cluster's VPC; null while nobody said. */
  vpc: string | null = null;

  get<K extends FactKind>(kind: K, key: string): FactByKind[K] | undefined {
    return (this.tables[kind] as FactTable<FactByKind[K]>).get(key);
  }

  /** The source answers now: what it does not list is not there. */
  isLive(source: string): boolean {
    return this.sources.get(source)?.state === 'live';
  }

  /** The source has answered at least once, so what it listed may still be shown. */
  isKnown(source: string): boolean {
    const record = this.sources.get(source);
    return record !== undefined && record.asOf !== null && ['live', 'stale', 'failing'].includes(record.state);
  }

  /** Until when every change of a pod was seen, epoch milliseconds; before all times while pods are not watched. */
  watchedUntil(): number {
    const asOf = this.isLive(PODS) ? this.sources.get(PODS)?.asOf : null;
    return asOf == null ? -Infinity : Date.parse(asOf);
  }

  /** The pods of a node by record id. */
  podIdsOn(node: string): readonly (readonly [id: string, pod: PodFact])[] {
    const pods: (readonly [string, PodFact])[] = [];
    for (const key of this.podsByNode.idsOf(node)) {
      const id = this.tables.pod.idOf(key);
      const pod = this.tables.pod.get(key);
      if (id !== undefined && pod !== undefined) pods.push([id, pod]);
    }
    return pods;
  }

  *podsOn(node: string): Iterable<PodFact> {
    for (const key of this.podsByNode.idsOf(node)) {
      const pod = this.get('pod', key);
      if (pod !== undefined) yield pod;
    }
  }

  *enis(ids: Iterable<string>): Iterable<EniFact> {
    for (const id of ids) {
      const eni = this.get('eni', id);
      if (eni !== undefined) yield eni;
    }
  }

  /**
   * The node that an instance is, by providerID; a CNINode remembers it when the node is gone. Of a node that is there the CNINode
   * may name the instance that it was before.
   */
  nodeOfInstance(instanceId: string): string | null {
    const node = leastOf(this.nodesByInstance.idsOf(instanceId));
    if (node !== null) return node;
    return leastOf(
      [...this.cniNodesByInstance.idsOf(instanceId)].filter((name) => this.get('node', name) === undefined),
    );
  }

  /** The instance that a node is. */
  instanceOfNode(name: string, node: NodeFact | undefined): string | null {
    return node === undefined ? (this.get('cniNode', name)?.instanceId ?? null) : node.instanceId;
  }

  /**
   * The node that an ENI belongs to: the one it is attached to; a branch's is its trunk's, else its pod's; a Fargate pod's
   * ENI is attached to an instance of AWS' own and found by the address of pod and node (vpc-cni.md §5.1, §5.2).
   */
  nodeOfEni(eni: EniFact): string | null {
    if (eni.instanceId !== null) {
      const node = this.nodeOfInstance(eni.instanceId);
      if (node !== null) return node;
    }
    const trunk = this.trunkOf(eni);
    if (trunk?.instanceId !== undefined && trunk.instanceId !== null) {
      const node = this.nodeOfInstance(trunk.instanceId);
      if (node !== null) return node;
    }
    return this.podOfEni(eni.id)?.node ?? this.fargateNodeOf(eni);
  }

  /** The pod whose annotation names a branch ENI; of several the first by name that holds addresses, else that is on a node. */
  podOfEni(eni: string): PodFact | undefined {
    const pods = [...this.podsByEni.idsOf(eni)].sort(byCodeUnit).flatMap((key) => this.get('pod', key) ?? []);
    return pods.find(hasInterfaces) ?? pods.find(({ node }) => node !== null) ?? pods[0];
  }

  trunkOf(eni: EniFact): EniFact | undefined {
    const trunk = eni.tags[TRUNK_TAG];
    return trunk === undefined || trunk === eni.id ? undefined : this.get('eni', trunk);
  }

  /** In another VPC than the cluster's, where the same addresses may be used for other things. */
  isOfOtherVpc(eni: EniFact): boolean {
    return this.vpc !== null && eni.vpc !== null && eni.vpc !== this.vpc;
  }

  private fargateNodeOf(eni: EniFact): string | null {
    if (this.isOfOtherVpc(eni)) return null;
    const nodes = new Set<string>();
    for (const ip of ipsOf(eni)) {
      for (const name of this.fargateNodesByIp.idsOf(ip)) nodes.add(name);
      for (const key of this.podsByIp.idsOf(ip)) {
        const node = this.tables.pod.nodeOf(key);
        if (node != null && this.get('node', node)?.computeType === 'fargate') nodes.add(node);
      }
    }
    return leastOf(nodes);
  }

  /** What aws-node's DaemonSet would give a node that has no aws-node pod of its own. */
  awsNodeDaemonSet(): AwsNodeAgent | null {
    for (const daemonSet of this.tables.daemonSet.values()) if (daemonSet.awsNode !== null) return daemonSet.awsNode;
    return null;
  }

  /** The oldest of Multus' DaemonSets; null where none is read. */
  multusInstalledAt(): Timestamp | null {
    let oldest: Timestamp | null = null;
    for (const { multus, createdAt } of this.tables.daemonSet.values()) {
      if (multus === null || createdAt === null) continue;
      if (oldest === null || Date.parse(createdAt) < Date.parse(oldest)) oldest = createdAt;
    }
    return oldest;
  }

  /** No ENI but this one has the address: the usual case, told without looking at any. */
  isOnlyOn(ip: string, eni: string): boolean {
    for (const id of this.enisByIp.idsOf(ip)) if (id !== eni) return false;
    const prefix = this.enisByPrefix.size === 0 ? null : prefixAround(ip);
    if (prefix !== null) for (const id of this.enisByPrefix.idsOf(prefix)) if (id !== eni) return false;
    return true;
  }

  /** ENIs, VPC-wide, that have an address on them or inside one of their prefixes. */
  enisWith(ip: string): readonly EniFact[] {
    const found = [...this.enis(this.enisByIp.idsOf(ip))];
    const prefix = this.enisByPrefix.size === 0 ? null : prefixAround(ip);
    if (prefix !== null) found.push(...this.enis(this.enisByPrefix.idsOf(prefix)));
    // Indexes keep no order; what is said must not depend on who came first.
    return found.length < 2 ? found : [...new Set(found)].sort((a, b) => byCodeUnit(a.id, b.id));
  }
}

/** The prefix that would hold an address, as ipamd has them: /28, /80. */
function prefixAround(ip: string): string | null {
  if (ip.includes(':')) return parseCidr(`${ip}/80`)?.text ?? null;
  const dot = ip.lastIndexOf('.') + 1;
  return `${ip.slice(0, dot)}${Number(ip.slice(dot)) & 0xf0}/28`;
}

/** The first by code unit; null when there is none. */
function leastOf(names: Iterable<string>): string | null {
  let least: string | null = null;
  for (const name of names) if (least === null || name < least) least = name;
  return least;
}

/** Every single address that EC2 lists on an ENI, the primary first. */
export function* ipsOf(eni: EniFact): Iterable<string> {
  if (eni.primaryIp !== null) yield eni.primaryIp;
  yield* eni.secondaryIps;
  yield* eni.ipv6Addresses;
}

/** Every address that a pod with interfaces of its own reports, each once. */
export function addressesOf(pod: PodFact): ReadonlySet<string> {
  const ips = new Set<string>();
  if (!hasInterfaces(pod)) return ips;
  for (const ip of pod.ips) ips.add(ip);
  for (const entry of pod.reported) for (const ip of entry.ips) ips.add(ip);
  if (pod.windowsIp !== null) ips.add(pod.windowsIp);
  return ips;
}

/** `namespace/name` of every NAD that a pod asks for or reports. */
export function networksOf(pod: PodFact): ReadonlySet<string> {
  const networks = new Set<string>();
  if (!hasInterfaces(pod)) return networks;
  for (const selection of pod.requested) networks.add(objectKey(selection));
  if (pod.defaultNetwork !== null) networks.add(objectKey(pod.defaultNetwork));
  for (const entry of pod.reported) {
    if (!entry.default && entry.name.includes('/')) networks.add(entry.name);
  }
  return networks;
}
