/**
 * What a source reports, projected to the fields the topology needs. A normaliser makes a fact from a foreign
 * object (`lib/normalise`); nothing else of the object is kept: no Secrets, no args, no env but an allow-list of
 * aws-node's variables.
 *
 * Facts are readonly and JSON-safe. Absent is `null`. Bad data is kept with `problems`.
 */
import type { AnnotationState, ComputeType, NetworkCardRecord, Taint, Timestamp } from './records';

export interface ObjectFact {
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Timestamp | null;
  readonly deleting: boolean;
}

export interface NodeFact extends ObjectFact {
  readonly providerId: string | null;
  /** From providerID; null off EC2, and for Fargate (vpc-cni §5.2). */
  readonly instanceId: string | null;
  readonly instanceType: string | null;
  readonly zone: string | null;
  readonly computeType: ComputeType;
  readonly osImage: string | null;
  readonly os: string | null;
  readonly internalIps: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /**
   * What may name the node's ENIConfig (vpc-cni §7): `label:KEY` and `annotation:KEY` → value, for every label and annotation
   * whose value could be meant for a name. Which keys count, and in which order, the DaemonSet's variables decide.
   */
  readonly eniConfigHints: Readonly<Record<string, string>>;
  readonly ready: boolean | null;
  readonly readySince: Timestamp | null;
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  /** node.status.capacity.pods */
  readonly maxPods: number | null;
  readonly allocatable: Readonly<Record<string, number>>;
  /** status.capacity of extended resources, `vpc.amazonaws.com/pod-eni` among them. */
  readonly capacity: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

/** One entry of `k8s.v1.cni.cncf.io/networks`, as Multus reads it (multus §1.2, §1.3). */
export interface NetworkSelection {
  readonly index: number;
  readonly namespace: string;
  readonly name: string;
  /** `interface`, else the deprecated `interfaceRequest`; null when Multus names it itself. */
  readonly interface: string | null;
  readonly ips: readonly string[];
  readonly mac: string | null;
  readonly defaultRoute: readonly string[] | null;
  /** `master` in cni-args, where multi-nic-cni and others put topology. */
  readonly masters: readonly string[];
  readonly deviceId: string | null;
}

/** One entry of `k8s.v1.cni.cncf.io/network-status`: an interface, not a network (multus §0.1). */
export interface NetworkStatusEntry {
  /** Position in the list. */
  readonly index: number;
  readonly name: string;
  readonly interface: string | null;
  /** Canonical, without prefix length. */
  readonly ips: readonly string[];
  /** As written, for pseudo-MACs and messages. */
  readonly rawMac: string | null;
  /** Six lower-case octets, or null. */
  readonly mac: string | null;
  readonly mtu: number | null;
  readonly default: boolean;
  /** Canonical addresses only. */
  readonly gateways: readonly string[];
  /** A default route was reported without a gateway (`<nil>`, multus §1.5); absent when it was not. */
  readonly routeWithoutGateway?: boolean;
  readonly device: {
    readonly type: string;
    readonly pciAddress: string | null;
    readonly pfPciAddress: string | null;
  } | null;
}

/** One element of `vpc.amazonaws.com/pod-eni` (vpc-cni §6). */
export interface PodEniEntry {
  readonly eniId: string;
  readonly mac: string | null;
  readonly privateIp: string | null;
  readonly ipv6: string | null;
  readonly vlanId: number | null;
}

export interface PodFact extends ObjectFact {
  /** Node name; null while not scheduled. */
  readonly node: string | null;
  readonly phase: string;
  readonly hostNetwork: boolean;
  readonly startedAt: Timestamp | null;
  readonly owner: { readonly kind: string; readonly name: string } | null;
  /** status.podIPs, canonical. */
  readonly ips: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly ready: boolean | null;
  /** spec.serviceAccountName: what a SecurityGroupPolicy's serviceAccountSelector looks at (vpc-cni §6). */
  readonly serviceAccount: string | null;
  readonly nicConfig: string | null;
  readonly podEni: readonly PodEniEntry[] | null;
  /** `vpc.amazonaws.com/PrivateIPv4Address`, without the mask (vpc-cni §5.3). */
  readonly windowsIp: string | null;
  readonly fargatePodSg: readonly string[] | null;
  readonly networksAnnotation: AnnotationState;
  readonly requested: readonly NetworkSelection[];
  /** `v1.multus-cni.io/default-network`, parsed the same way. */
  readonly defaultNetwork: NetworkSelection | null;
  readonly statusAnnotation: AnnotationState;
  readonly reported: readonly NetworkStatusEntry[];
  /** Extended resources that the containers ask for, summed. */
  readonly resources: Readonly<Record<string, number>>;
  /** Only for a pod of aws-node (label k8s-app=aws-node in kube-system). */
  readonly awsNode: AwsNodeAgent | null;
  /** Only for a pod of a Multus DaemonSet. */
  readonly multus: MultusAgent | null;
  /** The containers' names, where one of them is an address manager that Multus pods on EKS carry (multus §3.2). */
  readonly ipManager: boolean;
  readonly problems: readonly string[];
}

/** aws-node's image version and the allow-listed variables of vpc-cni §9; raw text, read by the topology. */
export interface AwsNodeAgent {
  readonly version: string | null;
  readonly env: Readonly<Record<string, string>>;
}

export interface MultusAgent {
  readonly version: string | null;
}

/** A NetworkAttachmentDefinition. The config is foreign text: `lib/cni` reads it. */
export interface NadFact extends ObjectFact {
  /** spec.config; null when absent; cut at 1 MiB with a problem. */
  readonly config: string | null;
  readonly resourceName: string | null;
  readonly generation: number | null;
  readonly problems: readonly string[];
}

/** DaemonSets of aws-node and of Multus. */
export interface DaemonSetFact extends ObjectFact {
  readonly awsNode: AwsNodeAgent | null;
  readonly multus: MultusAgent | null;
  readonly multusDefaultNetworks: boolean;
}

export interface EniFact {
  readonly id: string;
  readonly instanceId: string | null;
  readonly ownerId: string | null;
  readonly deviceIndex: number | null;
  readonly networkCardIndex: number | null;
  readonly attachmentId: string | null;
  readonly attachmentStatus: string | null;
  readonly attachedAt: Timestamp | null;
  readonly deleteOnTermination: boolean | null;
  readonly interfaceType: string;
  readonly status: string | null;
  readonly mac: string | null;
  readonly vpc: string | null;
  readonly zone: string | null;
  readonly subnet: string | null;
  readonly sourceDestCheck: boolean | null;
  readonly securityGroups: readonly string[];
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly primaryIp: string | null;
  /** Secondary IPv4 addresses, canonical, in EC2's order. */
  readonly secondaryIps: readonly string[];
  readonly ipv4Prefixes: readonly string[];
  readonly ipv6Addresses: readonly string[];
  readonly ipv6Prefixes: readonly string[];
}

export interface InstanceFact {
  readonly id: string;
  readonly instanceType: string | null;
  readonly state: string | null;
  readonly zone: string | null;
  readonly vpc: string | null;
  readonly subnet: string | null;
  readonly launchedAt: Timestamp | null;
}

export interface InstanceTypeFact {
  readonly type: string;
  readonly ipv4PerEni: number | null;
  readonly maxEnis: number | null;
  readonly defaultCard: number;
  readonly cards: readonly Pick<NetworkCardRecord, 'index' | 'maxEnis' | 'performance'>[];
  readonly performance: string | null;
  /** `nitro`, `xen`, or null (EC2 leaves it empty for bare metal). */
  readonly hypervisor: string | null;
  readonly bareMetal: boolean;
  readonly trunkCompatible: boolean | null;
  readonly maxBranchEnis: number | null;
  readonly vcpus: number | null;
}

export interface SubnetFact {
  readonly id: string;
  readonly cidr: string | null;
  readonly ipv6Cidr: string | null;
  readonly vpc: string | null;
  readonly zone: string | null;
  readonly availableAddresses: number | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SubnetReservationFact {
  readonly id: string;
  readonly subnet: string;
  readonly cidr: string;
  readonly type: string;
}

/** One node's aws-node metrics, as read at one time. Series absent from the text are absent from the maps. */
export interface AwsNodeMetricsFact {
  readonly node: string;
  readonly readAt: Timestamp;
  readonly version: string | null;
  /** Plain gauges and counters by name. */
  readonly values: Readonly<Record<string, number>>;
  /** awscni_assigned_ip_per_eni */
  readonly assignedPerEni: Readonly<Record<string, number>>;
  /** awscni_assigned_ip_per_cidr */
  readonly assignedPerCidr: Readonly<Record<string, number>>;
  /** awscni_aws_api_error_count by `api/error`. */
  readonly apiErrors: Readonly<Record<string, number>>;
}

/** One node's `/v1/enis`, where somebody fetched it (vpc-cni §4.2). */
export interface IpamdEnisFact {
  readonly node: string;
  readonly readAt: Timestamp | null;
  readonly enis: readonly {
    readonly id: string;
    readonly card: number;
    readonly deviceNumber: number | null;
    readonly isPrimary: boolean;
    readonly isTrunk: boolean;
    readonly isEfa: boolean;
    readonly excluded: boolean;
    readonly cidrs: readonly string[];
    readonly addresses: readonly {
      readonly ip: string;
      readonly cidr: string;
      readonly assigned: boolean;
      readonly podNamespace: string | null;
      readonly podName: string | null;
      readonly assignedAt: Timestamp | null;
      readonly unassignedAt: Timestamp | null;
    }[];
  }[];
}

export interface EniConfigFact extends ObjectFact {
  readonly subnet: string | null;
  /** null: the field is not a list. */
  readonly securityGroups: readonly string[] | null;
  /** What keeps ipamd from using it, in words. */
  readonly problems: readonly string[];
}

export interface CniNodeFact extends ObjectFact {
  readonly features: readonly { readonly name: string; readonly value: string | null }[];
  readonly instanceId: string | null;
}

export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export interface SecurityGroupPolicyFact extends ObjectFact {
  readonly podSelector: LabelSelector | null;
  readonly serviceAccountSelector: LabelSelector | null;
  readonly groupIds: readonly string[];
}

export interface WhereaboutsPoolFact extends ObjectFact {
  readonly range: string | null;
  /** Decimal offset from the network address → who holds it (multus §4.2). */
  readonly allocations: readonly { readonly offset: string; readonly podRef: string; readonly ifname: string | null }[];
  readonly problems: readonly string[];
}

export interface WhereaboutsReservationFact extends ObjectFact {
  readonly ip: string | null;
  readonly podRef: string | null;
  readonly ifname: string | null;
}

export interface NodeSlicePoolFact extends ObjectFact {
  readonly range: string | null;
  readonly sliceSize: string | null;
  readonly allocations: readonly { readonly node: string; readonly range: string }[];
}

/** A host link, from SriovNetworkNodeState, NodeNetworkState or NodeENI (multus §4.3–4.6). */
export interface HostLink {
  readonly name: string;
  readonly altNames: readonly string[];
  readonly mac: string | null;
  readonly pciAddress: string | null;
  readonly up: boolean | null;
  readonly totalVfs: number | null;
  readonly vfs: readonly { readonly pciAddress: string; readonly name: string | null; readonly mac: string | null }[];
  readonly eni: string | null;
  readonly kind: string | null;
}

export interface HostInventoryFact extends ObjectFact {
  readonly source: 'SriovNetworkNodeState' | 'NodeNetworkState';
  readonly node: string;
  readonly asOf: Timestamp | null;
  readonly links: readonly HostLink[];
}

export interface NodeEniFact extends ObjectFact {
  readonly attachments: readonly {
    readonly node: string;
    readonly instanceId: string | null;
    readonly eni: string;
    readonly deviceIndex: number | null;
    readonly subnet: string | null;
  }[];
}

export interface PolicyFact extends ObjectFact {
  readonly podSelector: LabelSelector;
  /** For a MultiNetworkPolicy: the NADs of `policy-for`, as `ns/name`; null for a NetworkPolicy. */
  readonly policyFor: readonly string[] | null;
}

/** Metadata of a Deployment, StatefulSet or DaemonSet, for misplaced annotations (multus §6 P3). */
export interface WorkloadFact extends ObjectFact {
  readonly kind: string;
  readonly annotationOnWorkload: string | null;
  readonly annotationOnTemplate: boolean;
}

/** An Event that a rule listens to, reduced. */
export interface EventFact extends ObjectFact {
  readonly reason: string;
  readonly involved: { readonly kind: string; readonly namespace: string; readonly name: string; readonly uid: string };
  readonly message: string;
  readonly count: number;
  readonly firstAt: Timestamp | null;
  readonly lastAt: Timestamp | null;
}

/** Fact kinds, and the type of each. The key of a Kubernetes object is `namespace/name`, of all else its id. */
export interface FactByKind {
  node: NodeFact;
  pod: PodFact;
  nad: NadFact;
  daemonSet: DaemonSetFact;
  eni: EniFact;
  instance: InstanceFact;
  instanceType: InstanceTypeFact;
  subnet: SubnetFact;
  subnetReservation: SubnetReservationFact;
  awsNodeMetrics: AwsNodeMetricsFact;
  ipamdEnis: IpamdEnisFact;
  eniConfig: EniConfigFact;
  cniNode: CniNodeFact;
  securityGroupPolicy: SecurityGroupPolicyFact;
  whereaboutsPool: WhereaboutsPoolFact;
  whereaboutsReservation: WhereaboutsReservationFact;
  nodeSlicePool: NodeSlicePoolFact;
  sriovNodeState: HostInventoryFact;
  nodeNetworkState: HostInventoryFact;
  nodeEni: NodeEniFact;
  multiNetworkPolicy: PolicyFact;
  networkPolicy: PolicyFact;
  workload: WorkloadFact;
  event: EventFact;
}

export type FactKind = keyof FactByKind;

/** The key of a Kubernetes object: `namespace/name`, or the bare name for a cluster-scoped one. */
export const objectKey = (object: { readonly namespace: string; readonly name: string }): string =>
  object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
