import { added, boolean, list, map, nullable, number, object, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import {
  ADDRESS_STATES,
  CERTAINTIES,
  ENI_CREATORS,
  ENI_MANAGEMENT_RULES,
  ENI_MANAGEMENT_STATES,
  ENI_ROLES,
} from './vocabulary';

const address = object({
  /** Canonical. For a visitor with limited rights, addresses that this visitor may not see are stand-ins: `hidden-3`, `hidden:3` (IPv6), `hidden-3@PREFIX`. */
  ip: text,
  /** Whether it is held, and if not, why. */
  state: word(ADDRESS_STATES),
  /** Interface record id of the holder; null if no known interface holds it. */
  interface: nullable(text),
});
/** An address on an ENI: its primary, a secondary, or one from a prefix. */
export interface EniAddress extends ValueOf<typeof address> {}

const prefix = object({
  /** IPv4 /28 or IPv6 /80. */
  cidr: text,
  /** Number of addresses: 16 for a /28; null for an IPv6 /80 (2^48). */
  size: nullable(number),
  /** How many of them are assigned: held by pods, or assigned according to ipamd's own list. */
  assigned: nullable(number),
});
/** A prefix delegated to an ENI. */
export interface EniPrefix extends ValueOf<typeof prefix> {}

export const eni = record(
  {
    /** EC2's NetworkInterfaceId, `eni-…` */
    id: text,
    /** Node record id; null while unattached or attached to an instance that is not a node of this cluster. A branch has its trunk's. */
    node: nullable(text),
    /** The instance that it is attached to. */
    instanceId: nullable(text),
    /** NetworkCardIndex; null while unattached and for branches. */
    card: nullable(number),
    /** DeviceIndex; 0 on card 0 is the primary ENI. */
    deviceIndex: nullable(number),
    /** EC2's InterfaceType: `interface`, `trunk`, `branch`, `efa` … */
    interfaceType: text,
    /** The ENI's role on its node. */
    role: word(ENI_ROLES),
    /** The trunk ENI of a branch; null for all others. */
    trunk: nullable(text),
    /** VLAN id of a branch ENI on its trunk. */
    vlan: nullable(number),
    /** Pod record id of the pod whose annotation names this branch ENI. */
    branchPod: nullable(text),
    /** Interface record ids of pods that claim the whole ENI: its link is inside the pod, and it has no slots. */
    claimedBy: list(text),
    /**
     * `DRIVER/DEVICE` of the ResourceSlice devices through which it can be claimed; for an EFA-only ENI, as far as its
     * attachment identifies the device.
     */
    offeredBy: list(text),
    /** The host's link for this ENI; null if not known. */
    hostDevice: nullable(
      object({
        /** For example `ens5`. */
        name: text,
        /** `observed` if the host reports it, `inferred` if it follows from the operating system's naming rule. */
        certainty: word(CERTAINTIES),
      }),
    ),
    /** ipamd's decision about the ENI, according to its current tags. */
    management: object({
      /** Whether ipamd assigns its addresses. */
      state: word(ENI_MANAGEMENT_STATES),
      /** The check that decided, in ipamd's order. */
      rule: word(ENI_MANAGEMENT_RULES),
      /** How certain that is. */
      certainty: word(CERTAINTIES),
      /** Whether ipamd's own metrics list this ENI; null if they were not read. */
      observed: nullable(boolean),
    }),
    /** Who created it. */
    creator: word(ENI_CREATORS),
    /** EC2's Status: `in-use`, `available` … */
    status: nullable(text),
    /** Attachment.Status: `attached`, `attaching`, `detaching` … */
    attachmentStatus: nullable(text),
    /** Attachment.AttachTime */
    attachedAt: nullable(time),
    /** The tag `node.k8s.amazonaws.com/createdAt`, which ipamd sets; EC2 itself reports no creation time. */
    createdAt: nullable(time),
    /** Attachment.DeleteOnTermination */
    deleteOnTermination: nullable(boolean),
    /** SourceDestCheck */
    sourceDestCheck: nullable(boolean),
    /** Six lower-case octets. */
    mac: nullable(text),
    /** VpcId */
    vpc: nullable(text),
    /** Availability Zone. */
    zone: nullable(text),
    /** SubnetId */
    subnet: nullable(text),
    /** Ids of its security groups. */
    securityGroups: list(text),
    /** EC2's Description. */
    description: added(text, ''),
    /** EC2's tags. */
    tags: map(text),
    /** The tags are unknown: a capture contains the ENI only as DescribeInstances lists it. */
    tagsUnknown: added(boolean, false),
    /** Slots: addresses per ENI − 1; null if the instance type is not known. */
    capacity: nullable(number),
    /** Slots × 16 in prefix mode, else slots. */
    addressCapacity: nullable(number),
    /**
     * In prefix mode: the primary address, remaining secondary addresses, and prefix addresses that are held or cooling.
     * Sorted by address.
     */
    addresses: list(address),
    /** Elastic and other public IPv4 addresses that EC2 maps to addresses of the ENI. */
    publicIps: added(list(text), []),
    /** Prefixes on the ENI. Their free addresses are only counted here, not listed in `addresses`. Sorted by range. */
    prefixes: list(prefix),
    /**
     * ipamd's own view of the ENI, from its list (`/v1/enis`) or its metrics, compared with what EC2 lists and pods hold.
     * Null if neither was read, or neither includes the ENI.
     */
    ipamd: nullable(
      object({
        /** Whether ipamd has the ENI; false if it lacks one that it should have. */
        known: boolean,
        /** Addresses of the active mode that ipamd has on it; null from metrics, which do not include it. */
        addresses: nullable(number),
        /** How many of them ipamd has assigned. */
        assigned: number,
        /** Addresses assigned in ipamd but held by no live pod, if ipamd identifies them. */
        unheld: list(text),
        /**
         * The pods that ipamd assigned them to, as `NAMESPACE/NAME`, if ipamd reports them; also those that it names for
         * addresses that other pods hold.
         */
        unheldBy: list(text),
        /** Addresses held by live pods but free in ipamd, or assigned to another pod. */
        taken: list(text),
        /** Addresses and prefixes that EC2 lists but ipamd lacks. */
        missing: list(text),
        /** Addresses and prefixes that ipamd has but EC2 does not list as assignable to pods, which may include the ENI's own address. */
        extra: list(text),
      }),
    ),
  },
  {
    indexes: {
      enisByNode: 'node',
      branchesByTrunk: 'trunk',
      enisBySubnet: 'subnet',
      ownersByMac: 'mac',
      ownersByIp: 'addresses.ip',
    },
    keyed: { addresses: 'ip', prefixes: 'cidr' },
  },
);
/** An ENI attached to a node of the cluster, a branch of one, an unattached one with the CNI's tags, or one that holds a pod's address. */
export interface EniRecord extends ValueOf<typeof eni> {}

const other = object({
  /** EC2's NetworkInterfaceId. */
  eni: text,
  /** EC2's InterfaceType: `interface`, `nat_gateway`, `vpc_endpoint`, `lambda` … */
  interfaceType: text,
  /** The alias of the AWS service that created it, for example `amazon-elb`; null if a role or an account did. */
  requester: nullable(text),
  /** EC2's Description. */
  description: text,
  /** EC2's Status. */
  status: nullable(text),
  /** Six lower-case octets. */
  mac: nullable(text),
  /** Its addresses, the primary first. */
  ips: list(text),
  /** Elastic and other public IPv4 addresses that EC2 maps to them. */
  publicIps: list(text),
});
/** An ENI that has no record of its own. */
export interface OtherEni extends ValueOf<typeof other> {}

export const subnet = record({
  /** EC2's SubnetId, `subnet-…` */
  id: text,
  /** IPv4 range. */
  cidr: nullable(text),
  /** IPv6 range; null when it has none. */
  ipv6Cidr: nullable(text),
  /** VpcId */
  vpc: nullable(text),
  /** Availability Zone. */
  zone: nullable(text),
  /** EC2's AvailableIpAddressCount. */
  availableAddresses: nullable(number),
  /** CIDR reservations, sorted by range. */
  reservations: list(
    object({
      /** The reserved range. */
      cidr: text,
      /** `prefix` or `explicit`. */
      type: text,
    }),
  ),
  /** Aligned free /28 blocks. An upper bound, because addresses held outside the cluster are not visible; null while ENIs are not read. */
  freePrefixes: nullable(number),
  /** How many of `freePrefixes` are in CIDR reservations for prefixes; `availableAddresses` leaves them out. */
  reservedPrefixes: added(number, 0),
  /** Addresses in CIDR reservations of either type that no ENI of this record set holds; `availableAddresses` leaves them out. */
  reservedAddresses: added(number, 0),
  /** Addresses held by ENIs of this record set, primaries and prefixes included; null while ENIs are not read. */
  heldByCluster: nullable(number),
  /**
   * The ENIs in it without a record of their own, if EC2's response includes them: those of load balancers, NAT gateways,
   * databases and other services. ifscope itself requests only this cluster's ENIs from EC2, so a live map has few. Sorted
   * by id.
   */
  others: added(list(other), []),
  /** EC2's tags. */
  tags: map(text),
});
/** A subnet of the VPC that ENIs of this record set are in. */
export interface SubnetRecord extends ValueOf<typeof subnet> {}
