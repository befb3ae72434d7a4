import { cniConfig, eniSlots, nodeEniConfig, nodeLimits, nodeMetrics, pool } from './cni';
import { added, boolean, list, map, nullable, number, object, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { CERTAINTIES, COMPUTE_TYPES, HEADROOM_LIMITS } from './vocabulary';

export const taint = object({
  /** Key of the taint. */
  key: text,
  /** Null if the taint has none. */
  value: nullable(text),
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
  effect: text,
});
/** A taint of a Node. */
export interface Taint extends ValueOf<typeof taint> {}

export const nodeCondition = object({
  /** `NetworkingReady` (eks-node-monitoring-agent) or `NetworkUnavailable` (a cloud's or a CNI's controller). */
  type: text,
  /** For example `IPAMDNotReady`; empty if the condition has none. */
  reason: text,
  /** The condition's message, shortened. */
  message: text,
  /** lastTransitionTime. The agent keeps a fatal reason until it restarts. */
  since: nullable(time),
});
/** A condition of a Node that reports a network fault. */
export interface NodeCondition extends ValueOf<typeof nodeCondition> {}

export const node = record(
  {
    /** `node:NAME` */
    id: text,
    /** metadata.name */
    name: text,
    /** EC2 instance id, from spec.providerID; null outside EC2. */
    instanceId: nullable(text),
    /** The cloud or hypervisor, from the scheme of spec.providerID: `aws`, `azure`, `vsphere` …; null if it has none. */
    cloud: added(nullable(text), null),
    /** For example `m5.large`. */
    instanceType: nullable(text),
    /** EC2's state of the instance, for example `running`; null if instances are not read. */
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
    /** spec.podCIDRs, canonical: the ranges from which a CNI other than Amazon's assigns pod addresses; empty when none is set. */
    podCidrs: added(list(text), []),
    /** The labels shown on the page: zone, instance type, node group, compute type. */
    labels: map(text),
    /** metadata.creationTimestamp */
    createdAt: nullable(time),
    /** metadata.deletionTimestamp is set. */
    deleting: boolean,
    /** The node is deleted, but a pod, ENI or CNINode still refers to it. */
    gone: boolean,
    /** The Ready condition; null if it is Unknown or missing. */
    ready: nullable(boolean),
    /** Conditions other than Ready that report a network fault, sorted by type. */
    networkConditions: added(list(nodeCondition), []),
    /** spec.unschedulable: the node is cordoned. */
    unschedulable: boolean,
    /** spec.taints */
    taints: list(taint),
    /** status.capacity.pods: the kubelet's limit, which may exceed the available addresses. */
    maxPods: nullable(number),
    /** Live pods, including those on the host network: what the kubelet counts against `maxPods`. Null if pods are not read. */
    podCount: nullable(number),
    /** Pods on the host network; they share the node's address and take no slot. */
    hostNetworkPods: added(number, 0),
    /** status.allocatable of extended resources, by resource name. */
    allocatable: map(number),
    /**
     * The VPC CNI settings, read from the node's own aws-node pod because values differ during a rollout, else from the
     * DaemonSet; null if neither is read.
     */
    cni: nullable(cniConfig),
    /** The node's aws-node pod; null if there is none. */
    ipamd: nullable(
      object({
        /** Whether the container aws-node is ready; the node agent's container is ignored. */
        ready: nullable(boolean),
        /** The version in aws-node's metrics, else its image tag. */
        version: nullable(text),
      }),
    ),
    /** The node's Multus pod; null if there is none. */
    multus: nullable(
      object({
        /** Whether the pod is Ready. */
        ready: nullable(boolean),
        /** Its image tag. */
        version: nullable(text),
        /** When this pod started. */
        startedAt: nullable(time),
        /** When the oldest Multus DaemonSet was created: older pods have no network-status. Null if DaemonSets are not read. */
        installedAt: nullable(time),
      }),
    ),
    /** Pools of devices that drivers publish for this node, by driver and name. */
    devicePools: list(
      object({
        /** For example `dra.net`. */
        driver: text,
        /** Name of the pool. */
        pool: text,
        /** The newest generation. */
        generation: number,
        /** Number of existing slices of that generation. */
        slices: number,
        /** Number of slices that the pool declares. */
        expected: number,
        /** Number of slices of older generations that still exist. */
        outdated: number,
        /** Other nodes whose slices have the same driver and pool name, which makes them one pool (cilium #48923). */
        sharedWith: list(text),
        /** Number of devices. */
        devices: number,
        /** Extended resources under which device plugins offer the same devices. */
        resources: list(text),
        /** PCIe roots of its devices, if they are published. */
        pcieRoots: list(text),
        /** Tainted devices, each as `DEVICE: KEY=VALUE:EFFECT`, and by which DeviceTaintRule if by one. */
        tainted: added(list(text), []),
        /** Allocated devices, in order of device. */
        allocated: added(
          list(
            object({
              /** Name of the device in the pool. */
              device: text,
              /** The ResourceClaim to which it is allocated, as `NAMESPACE/NAME`. */
              claim: text,
              /** Existing pods for which the claim is reserved, as `NAMESPACE/NAME`. */
              pods: list(text),
            }),
          ),
          [],
        ),
      }),
    ),
    /** Metrics of this node's aws-node; null if they were not read. */
    metrics: nullable(nodeMetrics),
    /** The ENIConfig that this node uses; null without custom networking. */
    eniConfig: nullable(nodeEniConfig),
    /**
     * What names the ENIConfig, in words: `label KEY`, `annotation KEY`, or which of both the node lacks, so that ipamd
     * uses the one called `default`. Null without custom networking, and if it is not known.
     */
    eniConfigSource: added(nullable(text), null),
    /** What is wrong with the ENIConfig that the node uses, in words. */
    eniConfigProblems: list(text),
    /** The node's CNINode. */
    cniNode: added(
      object({
        /** Whether it exists; null while the kind cannot be read. */
        found: nullable(boolean),
        /** Features requested for the node (`SecurityGroupsForPods`, `CustomNetworking`), sorted; null without a readable CNINode. */
        features: nullable(list(text)),
      }),
      { found: null, features: null },
    ),
    /** Branch ENIs of the node; null if no trunk is possible. */
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
    /** One per managed card; empty in IPv6 mode and without ipamd. */
    pools: list(pool),
    /** ENIs in ipamd's own list (`/v1/enis`) that EC2 does not list on this instance: pods with their addresses are unreachable. */
    strayEnis: list(
      object({
        /** EC2's id of the ENI. */
        id: text,
        /** Network card index according to ipamd. */
        card: number,
        /** IPv4 addresses that ipamd has on it. */
        addresses: number,
        /** How many of these are assigned. */
        assigned: number,
      }),
    ),
    /**
     * The ENIs in ipamd's own list that EC2 does not show on this instance, or that EC2 was not asked for: whose addresses
     * they have according to ipamd. Sorted by id.
     */
    ipamdEnis: added(
      list(
        object({
          /** EC2's id of the ENI. */
          id: text,
          /** Network card index according to ipamd. */
          card: number,
          /** The ranges that ipamd has on it: /32 for single addresses, /28 and /80 for prefixes. */
          ranges: list(text),
          /** Addresses that are assigned, each with its pod as `NAMESPACE/NAME`, if ipamd reports it. Sorted by address. */
          assigned: list(
            object({
              /** The address. */
              ip: text,
              /** Null if ipamd does not report it. */
              pod: nullable(text),
              /** Whether a live pod has the address, or is about to get it; null if pods are not read. */
              held: nullable(boolean),
            }),
          ),
        }),
      ),
      [],
    ),
    /** Whether its ENIs can have /28 prefixes, as on Nitro and bare-metal types; null if not known. */
    prefixCapable: added(nullable(boolean), null),
    /** Why its aws-node pod is not Ready, from the state of the pod’s containers; null if that does not show a reason. */
    agentTrouble: added(nullable(text), null),
    /** Subnets in which ipamd may create the next ENI. Empty: none. Null: not known, or no ipamd. */
    newEniSubnets: added(nullable(list(text)), null),
    /** How many more pods can get an address on the node, and what limits them. */
    headroom: object({
      /** Number of pods; null if it cannot be determined. */
      pods: nullable(number),
      /** The tightest limit. */
      limitedBy: word(HEADROOM_LIMITS),
    }),
    /** Null if the instance type is not known. */
    limits: nullable(nodeLimits),
    /** What could not be read from the Node, in words. */
    problems: list(text),
  },
  { indexes: { nodesByEniConfigSubnet: 'eniConfig.subnet' } },
);
/** A node, or a deleted one that is still referred to. */
export interface NodeRecord extends ValueOf<typeof node> {}

export const networkCard = record(
  {
    /** `card:NODE/INDEX` */
    id: text,
    /** Node record id. */
    node: text,
    /** Network card index, from 0. */
    index: number,
    /** Maximum number of ENIs on this card. */
    maxEnis: nullable(number),
    /** Whether ipamd assigns addresses of this card's ENIs. */
    managed: nullable(boolean),
    /** As EC2 describes it, for example `Up to 10 Gigabit`; null if not read. */
    performance: nullable(text),
    /** ENI slots of this card alone. */
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
    /** Name of the link on the host, for example `ens5`. */
    name: text,
    /** Alternative names of the link (`ip link property`); a network may name its parent by one of them. */
    altNames: list(text),
    /** Six lower-case octets. */
    mac: nullable(text),
    /** For example `0000:00:06.0`. */
    pciAddress: nullable(text),
    /** Whether the link is up. */
    up: nullable(boolean),
    /** In bytes; null if no inventory reports it. */
    mtu: added(nullable(number), null),
    /** Names of the links below it: the base of a VLAN, the ports of a bond or bridge. Empty if there are none, or not known. */
    over: added(list(text), []),
    /** SR-IOV virtual functions; null for a link without any. */
    vfs: nullable(
      object({
        /** How many the device has. */
        total: nullable(number),
        /** How many of them pods hold. */
        used: nullable(number),
      }),
    ),
    /** The ENI behind the link; null if not known. */
    eni: nullable(text),
    /** How certain it is that the link belongs to that ENI. */
    certainty: word(CERTAINTIES),
    /**
     * The source of the fact: `SriovNetworkNodeState`, `NodeNetworkState`, `ResourceSlice`, `NodeENI`, or `rule` if it was
     * inferred.
     */
    source: added(text, 'rule'),
  },
  { indexes: { hostNicsByNode: 'node' } },
);
/** A network link of the host. */
export interface HostNicRecord extends ValueOf<typeof hostNic> {}
