import { cniConfig, eniSlots, nodeEniConfig, nodeLimits, nodeMetrics, pool } from './cni';
import { added, boolean, list, map, nullable, number, object, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { CERTAINTIES, COMPUTE_TYPES, HEADROOM_LIMITS } from './vocabulary';

export const taint = object({
  /** As the Node lists it. */
  key: text,
  /** Null when the taint has none. */
  value: nullable(text),
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
  effect: text,
});
export interface Taint extends ValueOf<typeof taint> {}

export const nodeCondition = object({
  /** `NetworkingReady` (eks-node-monitoring-agent) or `NetworkUnavailable` (a cloud's or a CNI's controller). */
  type: text,
  /** `IPAMDNotReady` …; empty where the condition gives none. */
  reason: text,
  /** What it says, shortened. */
  message: text,
  /** lastTransitionTime: since when it says so. The agent keeps a fatal reason until it starts anew. */
  since: nullable(time),
});
export interface NodeCondition extends ValueOf<typeof nodeCondition> {}

export const node = record(
  {
    /** `node:NAME` */
    id: text,
    /** metadata.name */
    name: text,
    /** EC2 instance id, from spec.providerID; null off EC2. */
    instanceId: nullable(text),
    /** `m5.large` */
    instanceType: nullable(text),
    /** EC2's state of the instance, `running`; null while EC2 was not asked. */
    instanceState: nullable(text),
    /** Availability Zone. */
    zone: nullable(text),
    /** What the node runs on: an EC2 instance, EKS Auto Mode, Fargate, a hybrid node. */
    computeType: word(COMPUTE_TYPES),
    /** status.nodeInfo.osImage */
    osImage: nullable(text),
    /** `linux` or `windows`; status.nodeInfo.operatingSystem. */
    os: nullable(text),
    /** status.addresses of type InternalIP, canonical. */
    internalIps: list(text),
    /** spec.podCIDRs, canonical: what another CNI than Amazon's gives pods addresses from; empty where none is set. */
    podCidrs: added(list(text), []),
    /** The labels that the page shows: zone, instance type, node group, compute type. */
    labels: map(text),
    /** metadata.creationTimestamp */
    createdAt: nullable(time),
    /** metadata.deletionTimestamp is set. */
    deleting: boolean,
    /** A ghost: the node is deleted, but a pod, ENI or CNINode still refers to it. */
    gone: boolean,
    /** The Ready condition; null when it is Unknown or missing. */
    ready: nullable(boolean),
    /** Conditions beside Ready that say that the node's network is out of order, sorted by type. */
    networkConditions: added(list(nodeCondition), []),
    /** spec.unschedulable: the node is cordoned. */
    unschedulable: boolean,
    /** spec.taints */
    taints: list(taint),
    /** status.capacity.pods: what the kubelet says, not what the addresses allow. */
    maxPods: nullable(number),
    /** Live pods with an address of their own: those on the host network are not among them. */
    podCount: number,
    /** Pods on the host network; they share the primary ENI's address and take no slot. */
    hostNetworkPods: added(number, 0),
    /** status.allocatable of extended resources, by resource name. */
    allocatable: map(number),
    /** Read from the node's own aws-node pod, since a rollout mixes values, else from the DaemonSet; null where neither is read. */
    cni: nullable(cniConfig),
    /** The node's aws-node pod; null when there is none. */
    ipamd: nullable(
      object({
        /** Whether the pod is Ready. */
        ready: nullable(boolean),
        /** Its image tag. */
        version: nullable(text),
      }),
    ),
    /** The node's Multus pod; null when there is none. */
    multus: nullable(
      object({
        /** Whether the pod is Ready. */
        ready: nullable(boolean),
        /** Its image tag. */
        version: nullable(text),
        /** When this pod started. */
        startedAt: nullable(time),
        /** Creation of the oldest Multus DaemonSet: pods older than that have no network-status. Null where DaemonSets are not read. */
        installedAt: nullable(time),
      }),
    ),
    /** Pools of devices that drivers publish for this node, by driver and name. */
    devicePools: list(
      object({
        /** `dra.net` … */
        driver: text,
        /** Name of the pool. */
        pool: text,
        /** The newest generation. */
        generation: number,
        /** Slices of it that are there. */
        slices: number,
        /** Slices that it says it has. */
        expected: number,
        /** Slices of older generations that are still there. */
        outdated: number,
        /** Further nodes of which slices bear the same driver and pool, which makes them one pool (cilium #48923). */
        sharedWith: list(text),
        /** Devices. */
        devices: number,
        /** Extended resources of device plugins under which the same devices are known. */
        resources: list(text),
        /** PCIe roots that its devices hang on, where they say so. */
        pcieRoots: list(text),
      }),
    ),
    /** What this node's aws-node says of itself; null when its metrics were not read. */
    metrics: nullable(nodeMetrics),
    /** The ENIConfig that this node uses; null without custom networking. */
    eniConfig: nullable(nodeEniConfig),
    /** What is wrong with the ENIConfig that the node uses, in words; empty where there is none. */
    eniConfigProblems: list(text),
    /** The node's CNINode. */
    cniNode: added(
      object({
        /** Whether it exists; null while the kind cannot be read. */
        found: nullable(boolean),
        /** What the node asked for (`SecurityGroupsForPods`, `CustomNetworking`), sorted; null without a CNINode to read. */
        features: nullable(list(text)),
      }),
      { found: null, features: null },
    ),
    /** Branch ENIs of the node; null where no trunk is possible. */
    branch: nullable(
      object({
        /** How many the instance type allows. */
        limit: nullable(number),
        /** How many there are. */
        used: nullable(number),
      }),
    ),
    /** Sum over the managed cards. */
    eniSlots,
    /** One per managed card; none in IPv6 mode and without ipamd. */
    pools: list(pool),
    /** ENIs in ipamd's own list (`/v1/enis`) that EC2 does not list on this instance: pods that get their addresses are unreachable. */
    strayEnis: list(
      object({
        /** EC2's id of it. */
        id: text,
        /** Network card index, as ipamd has it. */
        card: number,
        /** IPv4 addresses that ipamd has on it. */
        addresses: number,
        /** Of these, given out. */
        assigned: number,
      }),
    ),
    /** Whether its ENIs can hold /28 prefixes, as those of nitro and bare-metal types can; null when not known. */
    prefixCapable: added(nullable(boolean), null),
    /** Subnets in which ipamd may make the next ENI; empty: none; null: not known, or no ipamd. */
    newEniSubnets: added(nullable(list(text)), null),
    /** How many more pods get an address here, and what stops it. */
    headroom: object({
      /** Null when it cannot be told. */
      pods: nullable(number),
      /** The tightest limit. */
      limitedBy: word(HEADROOM_LIMITS),
    }),
    /** Null when the instance type is not known. */
    limits: nullable(nodeLimits),
    /** What could not be read from the Node, in words. */
    problems: list(text),
  },
  { indexes: { nodesByEniConfigSubnet: 'eniConfig.subnet' } },
);
/** A node, or one that is gone and still referred to. */
export interface NodeRecord extends ValueOf<typeof node> {}

export const networkCard = record(
  {
    /** `card:NODE/INDEX` */
    id: text,
    /** Node record id. */
    node: text,
    /** Network card index, from 0. */
    index: number,
    /** ENIs that fit on this card. */
    maxEnis: nullable(number),
    /** Whether ipamd hands out addresses of this card's ENIs. */
    managed: nullable(boolean),
    /** As EC2 words it, `Up to 10 Gigabit`; null when not read. */
    performance: nullable(text),
    /** Of this card alone. */
    eniSlots,
  },
  { indexes: { cardsByNode: 'node' } },
);
/** A network card of an instance; most instance types have one. */
export interface NetworkCardRecord extends ValueOf<typeof networkCard> {}

export const hostNic = record(
  {
    /** `nic:NODE/NAME` */
    id: text,
    /** Node record id. */
    node: text,
    /** Name of the link on the host, `ens5`. */
    name: text,
    /** Further names of the link (`ip link property`); a network's parent may be named by one. */
    altNames: list(text),
    /** Six lower-case octets. */
    mac: nullable(text),
    /** `0000:00:06.0` */
    pciAddress: nullable(text),
    /** Whether the link is up. */
    up: nullable(boolean),
    /** SR-IOV virtual functions; null for a link that has none. */
    vfs: nullable(
      object({
        /** How many the device has. */
        total: nullable(number),
        /** How many of them pods hold. */
        used: nullable(number),
      }),
    ),
    /** The ENI behind the link; null when not known. */
    eni: nullable(text),
    /** How sure it is that the link is that ENI's. */
    certainty: word(CERTAINTIES),
    /**
     * Where the fact comes from: `SriovNetworkNodeState`, `NodeNetworkState`, `ResourceSlice`, `NodeENI`, or `rule` where it
     * was inferred.
     */
    source: added(text, 'rule'),
  },
  { indexes: { hostNicsByNode: 'node' } },
);
/** What is known of a link on the host. */
export interface HostNicRecord extends ValueOf<typeof hostNic> {}
