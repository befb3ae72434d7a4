/**
 * The one record set that server, stream, browser, commands and files share.
 *
 * Flat records keyed by id, JSON-safe, readonly. Unknown is `null`, never `0` or `""`; a field whose
 * source is denied or absent is `null`. Names are fixed (schema `ifscope/topology/v1`); fields may be added
 * (here and in `lib/snapshot/schema.ts`, which the compiler asks for).
 */
import type { EniManagementRule, EniRole, InterfaceState, LinkRule, NextAction, ParentKind } from './vocabulary';

export const SCHEMA = 'ifscope/topology/v1';

/** `observed`: an API said so. `inferred`: a rule with stated evidence. `unknown`: neither. */
export type Certainty = 'observed' | 'inferred' | 'unknown';

/** RFC 3339, UTC. */
export type Timestamp = string;

export type SourceState = 'starting' | 'live' | 'stale' | 'denied' | 'absent' | 'failing' | 'off';

export interface SourceRecord {
  /** `kubernetes/pods`, `ec2/network-interfaces`, `aws-node/metrics` … */
  readonly id: string;
  readonly state: SourceState;
  /** When the newest fact of this source was true; null before the first answer. */
  readonly asOf: Timestamp | null;
  /** Why the state is not `live`, in one sentence for the user; null when there is nothing to say. */
  readonly reason: string | null;
}

export interface ClusterInfo {
  readonly name: string | null;
  readonly kubernetesVersion: string | null;
  readonly region: string | null;
  readonly vpcId: string | null;
  readonly demo: boolean;
}

/** ENI slots of a node or a card. `used` counts every attached ENI, unmanaged and EFA-only included. */
export interface EniSlots {
  readonly limit: number | null;
  readonly used: number | null;
  readonly unmanaged: number | null;
  /** Kept free for a trunk that is wanted but not attached yet. */
  readonly reserved: number | null;
  readonly free: number | null;
}

export interface Pool {
  readonly card: number;
  readonly total: number | null;
  readonly assigned: number | null;
  /** total − assigned, cooling included, as ipamd counts (vpc-cni.md §2.3). */
  readonly available: number | null;
  readonly cooling: number | null;
  /** available − cooling. */
  readonly warm: number | null;
  /** What `available` must reach, in addresses. */
  readonly target: number | null;
  readonly short: number | null;
  readonly over: number | null;
  readonly low: boolean | null;
  readonly high: boolean | null;
  readonly next: {
    readonly action: NextAction;
    readonly count: number | null;
    readonly reason: string;
    readonly blockedBy: string | null;
  } | null;
  readonly certainty: Certainty;
}

export interface CniConfig {
  readonly version: string | null;
  readonly mode: 'secondary-ip' | 'prefix' | 'ipv6' | null;
  readonly multiNic: boolean | null;
  readonly customNetworking: boolean | null;
  readonly podEni: boolean | null;
  readonly prefixDelegation: boolean | null;
  readonly manageUntagged: boolean | null;
  readonly imdsOnly: boolean | null;
  /** ENIs are attached and freed on a cordoned node too (AWS_MANAGE_ENIS_NON_SCHEDULABLE). */
  readonly manageNonSchedulable: boolean | null;
  /** ipamd's own cleaner of leaked ENIs runs: off by its variable, in IPv6 mode, and where ipamd provisions nothing. */
  readonly leakedEniCleanup: boolean | null;
  /** ipamd makes, tags and frees ENIs: off by DISABLE_NETWORK_RESOURCE_PROVISIONING and in IMDS-only mode. */
  readonly networkResourceProvisioning: boolean | null;
  /** ipamd reads the tags of subnets (ENABLE_SUBNET_DISCOVERY); not under custom networking. */
  readonly subnetDiscovery: boolean | null;
  readonly warmEniTarget: number | null;
  readonly warmIpTarget: number | null;
  readonly minimumIpTarget: number | null;
  readonly warmPrefixTarget: number | null;
  readonly maxEni: number | null;
  readonly cooldownSeconds: number | null;
}

export type ComputeType = 'ec2' | 'auto' | 'fargate' | 'hybrid' | 'other';

export interface Taint {
  readonly key: string;
  readonly value: string | null;
  readonly effect: string;
}

export interface NodeRecord {
  readonly id: string;
  readonly name: string;
  readonly instanceId: string | null;
  readonly instanceType: string | null;
  readonly instanceState: string | null;
  readonly zone: string | null;
  readonly computeType: ComputeType;
  readonly osImage: string | null;
  /** `linux`, `windows`; node.status.nodeInfo.operatingSystem. */
  readonly os: string | null;
  readonly internalIps: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: Timestamp | null;
  readonly deleting: boolean;
  /** A ghost: the node is deleted but a pod, ENI or CNINode still refers to it. */
  readonly gone: boolean;
  readonly ready: boolean | null;
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  readonly maxPods: number | null;
  readonly podCount: number;
  /** Pods on the host network; they share the primary ENI's address and take no slot. */
  readonly hostNetworkPods: number;
  readonly allocatable: Readonly<Record<string, number>>;
  readonly cni: CniConfig | null;
  readonly ipamd: { readonly ready: boolean | null; readonly version: string | null } | null;
  readonly multus: {
    readonly ready: boolean | null;
    readonly version: string | null;
    readonly startedAt: Timestamp | null;
    /** When Multus came to the cluster: its oldest DaemonSet; null where DaemonSets are not read. Older pods have no status by right. */
    readonly installedAt: Timestamp | null;
  } | null;
  /** What this node's aws-node says of itself; null when its metrics were not read. */
  readonly metrics: NodeMetrics | null;
  readonly eniConfig: {
    readonly name: string | null;
    readonly found: boolean | null;
    readonly subnet: string | null;
    readonly securityGroups: readonly string[];
  } | null;
  /** What is wrong with the ENIConfig that the node uses, in words; empty also where there is none. */
  readonly eniConfigProblems: readonly string[];
  /**
   * The node's CNINode (vpc-cni.md §6). `found`: null while the kind cannot be read. `features`: the names that the node asked for
   * (`SecurityGroupsForPods`, `CustomNetworking`), sorted; null where no CNINode is there to be read.
   */
  readonly cniNode: { readonly found: boolean | null; readonly features: readonly string[] | null };
  readonly branch: { readonly limit: number | null; readonly used: number | null } | null;
  readonly eniSlots: EniSlots;
  readonly pools: readonly Pool[];
  readonly headroom: {
    readonly pods: number | null;
    readonly limitedBy: 'max-pods' | 'slots' | 'subnet' | 'cards' | 'unknown';
  };
  readonly limits: NodeLimits | null;
  readonly problems: readonly string[];
}

/** The gauges that rules read; each null when the series is absent (vpc-cni.md §4.3). */
export interface NodeMetrics {
  readonly asOf: Timestamp;
  readonly eniMax: number | null;
  readonly eniAllocated: number | null;
  readonly ipMax: number | null;
  readonly totalAddresses: number | null;
  readonly assignedAddresses: number | null;
  readonly totalPrefixes: number | null;
  /** Counters since aws-node started: addresses that ipamd dropped although pods held them. */
  readonly forceRemovedAddresses: number | null;
  /** EC2 calls that were refused for want of rights. */
  readonly refusedCalls: number | null;
}

/** Limits of the instance type, and where they come from: EC2 first, the bundled table where EC2 is silent. */
export interface NodeLimits {
  readonly enisPerCard: number;
  readonly ipv4PerEni: number;
  readonly cards: number;
  readonly maxBranchEnis: number | null;
  readonly trunkCompatible: boolean | null;
  readonly source: 'ec2' | 'table';
  /** Max pods by the formula of vpc-cni.md §8 for this node's mode; `maxPods` is what the node says. */
  readonly maxPodsByFormula: number | null;
}

export interface NetworkCardRecord {
  readonly id: string;
  readonly node: string;
  readonly index: number;
  readonly maxEnis: number | null;
  readonly managed: boolean | null;
  /** As EC2 words it, "Up to 10 Gigabit"; null when not read. */
  readonly performance: string | null;
  readonly eniSlots: EniSlots;
}

export interface HostNicRecord {
  readonly id: string;
  readonly node: string;
  readonly name: string;
  /** Further names by which the link is found (`ip link property`): a parent may be named by one. */
  readonly altNames: readonly string[];
  readonly mac: string | null;
  readonly pciAddress: string | null;
  readonly up: boolean | null;
  readonly vfs: { readonly total: number | null; readonly used: number | null } | null;
  readonly eni: string | null;
  readonly certainty: Certainty;
  /** Where the fact comes from: `SriovNetworkNodeState`, `NodeNetworkState`, `NodeENI`, `rule`. */
  readonly source: string;
}

export type AddressState = 'primary' | 'assigned' | 'warm' | 'cooling' | 'unclaimed' | 'excluded' | 'unknown';

export interface EniAddress {
  readonly ip: string;
  readonly state: AddressState;
  /** Interface record id of the holder, null when nobody known holds it. */
  readonly interface: string | null;
}

export interface EniPrefix {
  readonly cidr: string;
  /** Number of addresses; 16 for a /28; null for an IPv6 /80, whose 2^48 no one counts. */
  readonly size: number | null;
  readonly assigned: number | null;
}

export interface EniRecord {
  readonly id: string;
  readonly node: string | null;
  readonly instanceId: string | null;
  readonly card: number | null;
  readonly deviceIndex: number | null;
  readonly interfaceType: string;
  readonly role: EniRole;
  /** A branch's trunk ENI id. */
  readonly trunk: string | null;
  readonly vlan: number | null;
  /** The pod whose annotation names this branch ENI. */
  readonly branchPod: string | null;
  readonly hostDevice: { readonly name: string; readonly certainty: Certainty } | null;
  readonly management: {
    readonly state: 'managed' | 'unmanaged' | 'outside' | 'unknown';
    readonly rule: EniManagementRule;
    readonly certainty: Certainty;
    /** Whether ipamd's own metrics show this ENI; null if not readable. */
    readonly observed: boolean | null;
  };
  readonly creator: 'ipamd' | 'vpc-resource-controller' | 'other';
  readonly status: string | null;
  readonly attachmentStatus: string | null;
  readonly attachedAt: Timestamp | null;
  readonly createdAt: Timestamp | null;
  readonly deleteOnTermination: boolean | null;
  readonly sourceDestCheck: boolean | null;
  readonly mac: string | null;
  readonly vpc: string | null;
  readonly zone: string | null;
  readonly subnet: string | null;
  readonly securityGroups: readonly string[];
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Slots: addresses per ENI − 1. */
  readonly capacity: number | null;
  /** Slots × 16 in prefix mode, else slots. */
  readonly addressCapacity: number | null;
  /** Sorted by address. */
  readonly addresses: readonly EniAddress[];
  readonly prefixes: readonly EniPrefix[];
}

export interface SubnetRecord {
  readonly id: string;
  readonly cidr: string | null;
  readonly ipv6Cidr: string | null;
  readonly vpc: string | null;
  readonly zone: string | null;
  readonly availableAddresses: number | null;
  readonly reservations: readonly { readonly cidr: string; readonly type: string }[];
  /** Aligned free /28 blocks as far as visible. */
  readonly freePrefixes: number | null;
  /** Addresses held by ENIs of this cluster's record set, primaries and prefixes included. */
  readonly heldByCluster: number | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** What follows for interfaces of a network from its main plugin (`lib/cni`); so that rules need only the record. */
export interface NetworkSemantics {
  /** Packets leave the node through the parent, under the interface's own address: it must be on that ENI (multus.md §3.2). */
  readonly leavesNodeOnEni: boolean;
  /** `parent`: the pod's MAC is the parent's, so a reported MAC names the ENI (multus.md §3.5, 1). */
  readonly macPolicy: 'parent' | 'own' | 'unknown';
  /** The device moves into the pod: a second pod on the node gets none (multus.md §2.2). */
  readonly onePodPerDevice: boolean;
  /** A network of its own on every node: equal addresses on two nodes do not meet. */
  readonly perNode: boolean;
  /** `master` names an interface inside the pod (multus.md §2.2). */
  readonly linkInContainer: boolean;
  /** A kernel interface that can carry an address; false for userspace (DPDK) interfaces. */
  readonly kernelInterface: boolean;
}

export interface NetworkRecord {
  readonly id: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Plugin types in chain order. */
  readonly plugins: readonly string[];
  /** Index of the plugin that makes the interface; null when only meta plugins or nothing readable. */
  readonly mainPlugin: number | null;
  readonly parent: { readonly kind: ParentKind; readonly value: string | null };
  readonly mode: string | null;
  readonly vlan: number | null;
  readonly mtu: number | null;
  readonly capabilities: readonly string[];
  /** Null where the main plugin is not known (missing, unreadable, meta plugins only). */
  readonly semantics: NetworkSemantics | null;
  readonly ipam: {
    readonly type: string | null;
    readonly ranges: readonly string[];
    readonly used: number | null;
    readonly size: number | null;
    readonly routes: readonly { readonly dst: string; readonly gw: string | null }[];
  } | null;
  readonly resourceName: string | null;
  readonly missing: boolean;
  /** Live pods that asked for it or report it. */
  readonly podCount: number;
  /** In one sentence, by the plugin itself. */
  readonly description: string;
  readonly createdAt: Timestamp | null;
  /** The texts of `faults`. */
  readonly problems: readonly string[];
  /** What is wrong with the config. `error`: Multus or the plugin refuses. `warning`: it starts, and does not do what is meant. */
  readonly faults: readonly { readonly severity: Severity; readonly text: string }[];
}

export interface AttachmentRecord {
  readonly id: string;
  readonly node: string;
  readonly network: string;
  readonly hostNic: string | null;
  readonly eni: string | null;
  readonly rule: LinkRule;
  readonly certainty: Certainty;
  readonly evidence: string;
  readonly candidates: readonly string[];
}

export interface IpPoolRecord {
  readonly id: string;
  readonly range: string;
  readonly networks: readonly string[];
  readonly size: number | null;
  readonly used: number;
  readonly allocations: readonly {
    readonly ip: string;
    /** Pod record id. */
    readonly pod: string | null;
    readonly interface: string | null;
    readonly live: boolean | null;
    /** Whether an OverlappingRangeIPReservation exists for it; null when that kind is not read. */
    readonly reserved: boolean | null;
  }[];
  /** Reserved addresses of this range for which no pool has an allocation: ranges may lie inside each other. */
  readonly orphanReservations: readonly string[];
  readonly problems: readonly string[];
}

export interface RequestedNetwork {
  readonly index: number;
  readonly network: string;
  readonly interface: string | null;
  readonly ips: readonly string[];
  readonly mac: string | null;
  /** Gateways of `default-route`; null when the key is absent, `[]` when it is an empty list. */
  readonly defaultRoute: readonly string[] | null;
}

export interface PodSecurityGroupPolicy {
  readonly name: string;
  readonly securityGroups: readonly string[];
  /** `inferred`: the selectors match. `unknown`: that depends on something that is not read. */
  readonly certainty: Certainty;
  /** What it depends on, as `labels of service account NAME`; null when it depends on nothing further. */
  readonly dependsOn: string | null;
}

export interface PodRecord {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Node record id; null while not scheduled. */
  readonly node: string | null;
  readonly phase: string;
  readonly hostNetwork: boolean;
  readonly createdAt: Timestamp | null;
  readonly startedAt: Timestamp | null;
  readonly deleting: boolean;
  readonly owner: { readonly kind: string; readonly name: string } | null;
  readonly ips: readonly string[];
  readonly nicConfig: string | null;
  /** Branch ENI ids that `vpc.amazonaws.com/pod-eni` names; null without the annotation. */
  readonly podEni: readonly string[] | null;
  readonly networksAnnotation: {
    readonly state: 'absent' | 'empty' | 'valid' | 'invalid';
    readonly error: string | null;
  };
  readonly statusAnnotation: {
    readonly state: 'absent' | 'empty' | 'valid' | 'invalid';
    readonly error: string | null;
  };
  readonly requested: readonly RequestedNetwork[];
  readonly resources: Readonly<Record<string, number>>;
  /** NetworkPolicy and MultiNetworkPolicy that select this pod, as `NetworkPolicy/NAME`, `MultiNetworkPolicy/NAME`. */
  readonly policies: readonly string[];
  /**
   * SecurityGroupPolicies that select this pod by what it says now, by name (vpc-cni.md §6); the controller asks once, when a pod
   * is made. Null while the kind is not readable.
   */
  readonly securityGroupPolicies: readonly PodSecurityGroupPolicy[] | null;
  readonly problems: readonly string[];
}

export type Backing = 'eni' | 'other-node' | 'none' | 'not-applicable' | 'unknown';

export interface InterfaceAddress {
  readonly ip: string;
  readonly family: 4 | 6;
  readonly backed: Backing;
  readonly eni: string | null;
}

export interface Link {
  readonly rule: LinkRule;
  readonly certainty: Certainty;
  /** One sentence that names the facts. */
  readonly evidence: string;
  /** ENI ids (or host NIC ids) that remain possible, or that contradict. */
  readonly candidates: readonly string[];
}

export interface InterfaceRecord {
  readonly id: string;
  readonly pod: string;
  readonly node: string | null;
  readonly name: string | null;
  /** `net:NS/NAME`, or `cluster`. */
  readonly network: string;
  readonly ips: readonly string[];
  readonly addresses: readonly InterfaceAddress[];
  /** Six lower-case octets, or null. */
  readonly mac: string | null;
  readonly mtu: number | null;
  readonly default: boolean;
  readonly state: InterfaceState;
  readonly eni: string | null;
  readonly card: number | null;
  readonly hostNic: string | null;
  readonly device: { readonly type: string; readonly pciAddress: string | null } | null;
  /** Position in the annotation's list of the request that this interface answers; null when not requested. */
  readonly requestIndex: number | null;
  readonly gateways: readonly string[];
  readonly link: Link;
}

export interface SignalRecord {
  readonly id: string;
  /** Record id. */
  readonly subject: string;
  /** An event reason, `metric:NAME` for a counter that rose, or what a pod's or its workload's metadata say (`lib/topology/shared/signals`). */
  readonly kind: string;
  readonly count: number;
  readonly firstAt: Timestamp | null;
  readonly lastAt: Timestamp | null;
  readonly text: string;
}

export type Severity = 'error' | 'warning' | 'info';

export interface FindingRecord {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  /** First the record that is wrong, then what it concerns. */
  readonly subjects: readonly string[];
  readonly title: string;
  readonly detail: string;
  readonly evidence: readonly string[];
  readonly advice: string;
  /** A command to copy, or null. ifscope itself never changes anything. */
  readonly command: string | null;
  readonly since: Timestamp | null;
}

/** Every record table by its name in the file. */
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

export type Table = keyof RecordByTable;

/** In file order. */
export const TABLES = [
  'sources',
  'nodes',
  'networkCards',
  'hostNics',
  'enis',
  'subnets',
  'networks',
  'attachments',
  'ipPools',
  'pods',
  'interfaces',
  'signals',
  'findings',
] as const satisfies readonly Table[];

/** The record set in memory: one map per table, keyed by record id. */
export type RecordMaps = { readonly [T in Table]: ReadonlyMap<string, RecordByTable[T]> };

/** The record set as it stands in a file: arrays sorted by id. */
export type Topology = {
  readonly schema: typeof SCHEMA;
  readonly takenAt: Timestamp;
  readonly cluster: ClusterInfo;
} & { readonly [T in Table]: readonly RecordByTable[T][] };
