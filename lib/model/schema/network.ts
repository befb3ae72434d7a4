import { added, boolean, list, nullable, number, object, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { CERTAINTIES, LINK_RULES, MAC_POLICIES, PARENT_KINDS, SEVERITIES } from './vocabulary';

/** What follows for a network's interfaces from its main plugin (`lib/cni`), so that findings need only the record. */
const semantics = object({
  /** Packets leave the node through the parent, under the interface's own address: the address must be on that ENI. */
  leavesNodeOnEni: boolean,
  /** Whose MAC address the interface has. */
  macPolicy: word(MAC_POLICIES),
  /** The device moves into the pod: a second pod on the node gets none. */
  onePodPerDevice: boolean,
  /** A network of its own on every node: equal addresses on two nodes do not meet. */
  perNode: boolean,
  /** `master` names an interface inside the pod. */
  linkInContainer: boolean,
  /** A kernel interface, which can carry an address; false for userspace (DPDK) interfaces. */
  kernelInterface: boolean,
});
export const network = record({
  /** `net:NAMESPACE/NAME`; the cluster network is `cluster`. */
  id: text,
  /** Null for the cluster network. */
  namespace: nullable(text),
  /** metadata.name of the NetworkAttachmentDefinition. */
  name: text,
  /** Plugin types in chain order. */
  plugins: list(text),
  /** Index of the plugin that makes the interface; null when there are only meta plugins, or nothing readable. */
  mainPlugin: nullable(number),
  /** What the network hangs on, as configured. */
  parent: object({
    /** How the config names it. */
    kind: word(PARENT_KINDS),
    /** The name itself: `ens6`, a MAC, a PCI address, a resource; null for kinds without one. */
    value: nullable(text),
  }),
  /** The main plugin's mode: `l2`, `bridge` … */
  mode: nullable(text),
  /** VLAN id that the plugin tags with. */
  vlan: nullable(number),
  /** In bytes, as configured. */
  mtu: nullable(number),
  /** Capabilities that the config claims: `ips`, `mac` … */
  capabilities: list(text),
  /** Null where the main plugin is not known: missing, unreadable, meta plugins only. */
  semantics: nullable(semantics),
  /** Who hands out its addresses; null without an `ipam` section. */
  ipam: nullable(
    object({
      /** `whereabouts`, `host-local`, `static` … */
      type: nullable(text),
      /** Ranges that addresses come from. */
      ranges: list(text),
      /** Addresses that are taken, as far as the IPAM's records are read. */
      used: nullable(number),
      /** Addresses in the ranges. */
      size: nullable(number),
      /** Routes that interfaces get. */
      routes: list(
        object({
          /** Destination range. */
          dst: text,
          /** Gateway; null for the range's default. */
          gw: nullable(text),
        }),
      ),
    }),
  ),
  /** The annotation `k8s.v1.cni.cncf.io/resourceName`: the device plugin's resource that pods must ask for. */
  resourceName: nullable(text),
  /** Somebody refers to it, and there is no such NetworkAttachmentDefinition. */
  missing: boolean,
  /** Who else names it, in words: pod templates of workloads, virtual machines, pods whose annotation is invalid. At most ten. */
  namedBy: list(text),
  /** Of the cluster network: the ranges that Services have addresses from, sorted; null where they are not known, and of all others. */
  serviceCidrs: added(nullable(list(text)), null),
  /** Live pods that ask for it or report it. */
  podCount: added(number, 0),
  /** The network in one sentence, by the plugin itself. */
  description: added(text, ''),
  /** metadata.creationTimestamp */
  createdAt: nullable(time),
  /** The texts of `faults`. */
  problems: list(text),
  /** What is wrong with the config, worst first. */
  faults: list(
    object({
      /** `error`: Multus or the plugin refuses. `warning`: it starts, and does not do what is meant. */
      severity: word(SEVERITIES),
      /** One sentence. */
      text,
    }),
  ),
});
/** A network that pods attach to, by its NetworkAttachmentDefinition; also one that is referred to and missing. */
export interface NetworkRecord extends ValueOf<typeof network> {}

export const attachment = record(
  {
    /** `att:NODE/NAMESPACE/NAME` */
    id: text,
    /** Node record id. */
    node: text,
    /** Network record id. */
    network: text,
    /** Host NIC record id of the parent on this node; null when not known. */
    hostNic: nullable(text),
    /** The ENI behind the parent; null when not known, or when there is none. */
    eni: nullable(text),
    /** The rule that found the ENI. */
    rule: word(LINK_RULES),
    /** How sure that is. */
    certainty: word(CERTAINTIES),
    /** One sentence that names the facts. */
    evidence: added(text, ''),
    /** ENI ids (or host NIC ids) that remain possible, or that contradict. */
    candidates: list(text),
  },
  { indexes: { attachmentsByNode: 'node', attachmentsByNetwork: 'network' } },
);
/** A network on a node where a pod uses it. */
export interface AttachmentRecord extends ValueOf<typeof attachment> {}

const allocation = object({
  /** Canonical. */
  ip: text,
  /** Pod record id of the holder; null when the allocation names none. */
  pod: nullable(text),
  /** Name of the interface, as the allocation says. */
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
    /** The range that addresses come from. */
    range: text,
    /** Network record ids of the networks that take addresses from it. */
    networks: list(text),
    /** Addresses in the range; null when it cannot be read. */
    size: nullable(number),
    /** Number of allocations. */
    used: number,
    /** Sorted by address. */
    allocations: list(allocation),
    /** Reserved addresses of this range for which no pool has an allocation: ranges may lie inside each other. */
    orphanReservations: list(text),
    /** The same with what the reservations say: whom they name, and since when they stand. */
    orphans: list(
      object({
        /** Canonical. */
        ip: text,
        /** Pod record id of whom it names; null when it names none. */
        pod: nullable(text),
        /** When the reservation was made; null when not known. */
        createdAt: nullable(time),
      }),
    ),
    /** What could not be read, in words. */
    problems: list(text),
  },
  { indexes: { ipPoolsByNetwork: 'networks' }, keyed: { allocations: 'ip' } },
);
/** An address pool of whereabouts, or of an IPAM like it. */
export interface IpPoolRecord extends ValueOf<typeof ipPool> {}
