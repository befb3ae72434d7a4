import { added, boolean, list, nullable, number, object, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { CERTAINTIES, LINK_RULES, MAC_POLICIES, PARENT_KINDS, SEVERITIES } from './vocabulary';

/** What the main plugin implies for the network's interfaces (`lib/cni`), so that findings need only the record. */
const semantics = object({
  /** Whether packets leave the node through the parent with the interface's own address, so that the address must be on that ENI. */
  leavesNodeOnEni: boolean,
  /** Whether the interface has its parent's MAC or its own. */
  macPolicy: word(MAC_POLICIES),
  /** Whether the device moves into the pod, so that a second pod on the node cannot have it. */
  onePodPerDevice: boolean,
  /** Whether each node has a separate network, so that equal addresses on two nodes do not conflict. */
  perNode: boolean,
  /** Whether `master` names an interface inside the pod. */
  linkInContainer: boolean,
  /** Whether it is a kernel interface, which can have an address; false for userspace (DPDK) interfaces. */
  kernelInterface: boolean,
});
export const network = record({
  /** `net:NAMESPACE/NAME`; the cluster network is `cluster`. */
  id: text,
  /** Null for the cluster network. */
  namespace: nullable(text),
  /** metadata.name of the NetworkAttachmentDefinition. */
  name: text,
  /** The name in its config, which Events and old versions of Multus report, if it is another than its own; else null. */
  configName: added(nullable(text), null),
  /** Plugin types in chain order. */
  plugins: list(text),
  /** Index of the plugin that creates the interface; null if there are only meta plugins or nothing readable. */
  mainPlugin: nullable(number),
  /** What the network is attached to on the host, as configured. */
  parent: object({
    /** How the config identifies it. */
    kind: word(PARENT_KINDS),
    /** The name itself: `ens6`, a MAC, a PCI address, a resource; null for kinds without one. */
    value: nullable(text),
  }),
  /** The main plugin's mode: `l2`, `bridge` … */
  mode: nullable(text),
  /** For a bond: `failOverMac` as configured; null if not set, and for all other plugins. */
  failOverMac: added(nullable(number), null),
  /** VLAN id that the plugin tags with. */
  vlan: nullable(number),
  /** In bytes, as configured. */
  mtu: nullable(number),
  /** Capabilities that the config declares: `ips`, `mac` … */
  capabilities: list(text),
  /** Null if the main plugin is not known: missing, unreadable, or meta plugins only. */
  semantics: nullable(semantics),
  /** Its IPAM plugin; null without an `ipam` section. */
  ipam: nullable(
    object({
      /** `whereabouts`, `host-local`, `static` … */
      type: nullable(text),
      /** Ranges that addresses come from. */
      ranges: list(text),
      /**
       * Addresses in use: allocated in the IPAM's pools or, without a pool, held by the network's interfaces; for an
       * IPAM with a separate range per node (host-local), on the fullest node.
       */
      used: nullable(number),
      /** Addresses in the ranges. */
      size: nullable(number),
      /** Gateways of the ranges: addresses of other machines. */
      gateways: added(list(text), []),
      /** Routes that interfaces get. */
      routes: list(
        object({
          /** Destination range. */
          dst: text,
          /** Gateway; null for the default of the range. */
          gw: nullable(text),
        }),
      ),
    }),
  ),
  /** The annotation `k8s.v1.cni.cncf.io/resourceName`: the device plugin resource that pods must request. */
  resourceName: nullable(text),
  /**
   * The object that a controller generates it from, for example `SriovNetwork fast`: the controller recreates it after a
   * deletion. Null if there is none.
   */
  writtenFrom: added(nullable(text), null),
  /** Whether it is referred to although no such NetworkAttachmentDefinition exists. */
  missing: boolean,
  /** What else refers to it, in words: pod templates of workloads, virtual machines, pods with an invalid annotation. At most ten. */
  namedBy: list(text),
  /**
   * For the cluster network: workloads whose next pods will not get the interfaces that their annotations are meant to
   * request, in order of name, at most 100. Empty for all other networks.
   */
  faultyWorkloads: added(
    list(
      object({
        /** `Deployment`, `CloneSet` … */
        kind: text,
        /** metadata.namespace */
        namespace: text,
        /** metadata.name */
        name: text,
        /** Networks that the pod template names, or may name if Multus cannot read it: record ids. */
        networks: list(text),
        /** Why Multus refuses every pod with the template's networks annotation; null if it does not. */
        refusal: nullable(text),
        /** Pod annotations on the workload itself, where they have no effect, with their values: `KEY: VALUE`. */
        misplaced: list(text),
        /** Keys of the template that have no effect, and the probably intended ones: `annotation KEY for KEY`. */
        mistyped: list(text),
      }),
    ),
    [],
  ),
  /** For the cluster network: the ranges of Service addresses, sorted; null if not known, and for all other networks. */
  serviceCidrs: added(nullable(list(text)), null),
  /** Live pods that request it or report it. Null if pods are not read. */
  podCount: added(nullable(number), null),
  /** The network in one sentence, written by its plugin type. */
  description: added(text, ''),
  /** metadata.creationTimestamp */
  createdAt: nullable(time),
  /** When its config was written as it is; null where no field of the object proves it. */
  configAt: added(nullable(time), null),
  /** The texts of `faults`. */
  problems: list(text),
  /** What is wrong with the config, worst first. */
  faults: list(
    object({
      /** `error`: Multus or the plugin rejects it, or every pod with it. `warning`: it starts but does not work as intended. */
      severity: word(SEVERITIES),
      /** One sentence. */
      text,
    }),
  ),
});
/** A network that pods attach to, defined by a NetworkAttachmentDefinition, or one that is referred to but missing. */
export interface NetworkRecord extends ValueOf<typeof network> {}

export const attachment = record(
  {
    /** `att:NODE/NAMESPACE/NAME` */
    id: text,
    /** Node record id. */
    node: text,
    /** Network record id. */
    network: text,
    /** Host NIC record id of the parent on this node; null if not known. */
    hostNic: nullable(text),
    /** The ENI behind the parent; null if not known, or if there is none. */
    eni: nullable(text),
    /** The rule that identified the ENI. */
    rule: word(LINK_RULES),
    /** How certain that is. */
    certainty: word(CERTAINTIES),
    /** One sentence with the facts. */
    evidence: added(text, ''),
    /** ENI ids (or host NIC ids) that remain possible or that contradict each other. */
    candidates: list(text),
  },
  { indexes: { attachmentsByNode: 'node', attachmentsByNetwork: 'network' } },
);
/** A network on a node where at least one pod uses it. */
export interface AttachmentRecord extends ValueOf<typeof attachment> {}

const allocation = object({
  /** Canonical. */
  ip: text,
  /** Pod record id of the holder; null if the allocation names none. */
  pod: nullable(text),
  /** Name of the interface, from the allocation. */
  interface: nullable(text),
  /** Whether that pod exists and runs; null while pods are not read. */
  live: nullable(boolean),
  /** Whether an OverlappingRangeIPReservation exists for it; null while that kind is not read. */
  reserved: nullable(boolean),
});

export const ipPool = record(
  {
    /** `pool:NAMESPACE/NAME` */
    id: text,
    /** The range that addresses are allocated from. */
    range: text,
    /** Network record ids of the networks that allocate addresses from it. */
    networks: list(text),
    /** Number of addresses that its networks may assign, without a network those of the range; null if the range cannot be read. */
    size: nullable(number),
    /** How many of these are allocated. `allocations` also has those outside, from before a change of a network's range. */
    used: number,
    /** Sorted by address. */
    allocations: list(allocation),
    /** Reserved addresses of this range without an allocation in any pool (ranges may contain each other). */
    orphanReservations: list(text),
    /** The same addresses with details of their reservations: the pod named and the creation time. */
    orphans: list(
      object({
        /** Canonical. */
        ip: text,
        /** Pod record id of the pod that the reservation names; null if it names none. */
        pod: nullable(text),
        /** When the reservation was created; null if not known. */
        createdAt: nullable(time),
      }),
    ),
    /** What could not be read, in words. */
    problems: list(text),
  },
  { indexes: { ipPoolsByNetwork: 'networks' }, keyed: { allocations: 'ip' } },
);
/** An address pool of whereabouts or a similar IPAM. */
export interface IpPoolRecord extends ValueOf<typeof ipPool> {}
