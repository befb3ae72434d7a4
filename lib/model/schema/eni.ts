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
  /** Canonical. */
  ip: text,
  /** Who has it, or what it waits for. */
  state: word(ADDRESS_STATES),
  /** Interface record id of the holder; null when nobody known holds it. */
  interface: nullable(text),
});
export interface EniAddress extends ValueOf<typeof address> {}

const prefix = object({
  /** IPv4 /28 or IPv6 /80. */
  cidr: text,
  /** Number of addresses: 16 for a /28; null for an IPv6 /80, whose 2^48 nobody counts. */
  size: nullable(number),
  /** How many of them are assigned: pods hold them, or ipamd's own list says so. */
  assigned: nullable(number),
});
export interface EniPrefix extends ValueOf<typeof prefix> {}

export const eni = record(
  {
    /** EC2's NetworkInterfaceId, `eni-…` */
    id: text,
    /** Node record id; null while unattached, or attached to what is no node of this cluster. A branch has its trunk's. */
    node: nullable(text),
    /** The instance that it is attached to. */
    instanceId: nullable(text),
    /** NetworkCardIndex; null while unattached and for branches. */
    card: nullable(number),
    /** DeviceIndex; 0 on card 0 is the primary ENI. */
    deviceIndex: nullable(number),
    /** EC2's InterfaceType: `interface`, `trunk`, `branch`, `efa` … */
    interfaceType: text,
    /** What the ENI is to its node. */
    role: word(ENI_ROLES),
    /** The trunk ENI of a branch; null for all others. */
    trunk: nullable(text),
    /** VLAN id of a branch on its trunk. */
    vlan: nullable(number),
    /** Pod record id of the pod whose annotation names this branch ENI. */
    branchPod: nullable(text),
    /** Interface record ids of the pods that claim it whole: the link is in the pod, and the ENI has no slots. */
    claimedBy: list(text),
    /** `DRIVER/DEVICE` of ResourceSlices that offer it to claims; of an EFA-only ENI as far as its place tells. */
    offeredBy: list(text),
    /** The link on the host that this ENI is; null when not known. */
    hostDevice: nullable(
      object({
        /** `ens5` */
        name: text,
        /** `observed` where the host reports it, `inferred` by the naming rule of the operating system. */
        certainty: word(CERTAINTIES),
      }),
    ),
    /** What ipamd decides about the ENI, by its tags as they are now. */
    management: object({
      /** Whether ipamd hands out its addresses. */
      state: word(ENI_MANAGEMENT_STATES),
      /** The test that decided, in ipamd's order. */
      rule: word(ENI_MANAGEMENT_RULES),
      /** How sure that is. */
      certainty: word(CERTAINTIES),
      /** Whether ipamd's own metrics show this ENI; null when they were not read. */
      observed: nullable(boolean),
    }),
    /** Who made it. */
    creator: word(ENI_CREATORS),
    /** EC2's Status: `in-use`, `available` … */
    status: nullable(text),
    /** Attachment.Status: `attached`, `attaching`, `detaching` … */
    attachmentStatus: nullable(text),
    /** Attachment.AttachTime */
    attachedAt: nullable(time),
    /** The tag `node.k8s.amazonaws.com/createdAt`, which ipamd sets; EC2 itself does not say. */
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
    /** Slots: addresses per ENI − 1; null when the instance type is not known. */
    capacity: nullable(number),
    /** Slots × 16 in prefix mode, else slots. */
    addressCapacity: nullable(number),
    /** In prefix mode the primary, leftover secondary addresses, and prefix addresses that are held or cooling. Sorted by address. */
    addresses: list(address),
    /** Prefixes on the ENI; their free addresses are a number here, and not among `addresses`. Sorted by range. */
    prefixes: list(prefix),
    /**
     * What ipamd itself believes of the ENI, by its own list (`/v1/enis`) or its metrics: beside what EC2 lists on the ENI and what pods
     * hold of it. Null where neither was read, or neither tells.
     */
    ipamd: nullable(
      object({
        /** Whether ipamd has the ENI at all; false where it should. */
        known: boolean,
        /** Addresses of the active mode that it has there; null by its metrics, which do not tell. */
        addresses: nullable(number),
        /** How many it has given out. */
        assigned: number,
        /** Given out, and no live pod holds them, as far as ipamd names them. */
        unheld: list(text),
        /** The sandboxes that they were given to, `NAMESPACE/NAME` of the pod, where ipamd says so. */
        unheldBy: list(text),
        /** Live pods hold them, and to ipamd they are free. */
        taken: list(text),
        /** Addresses and prefixes that EC2 lists and ipamd does not have. */
        missing: list(text),
        /** Addresses and prefixes that ipamd has and EC2 does not list for pods; the ENI's own address among them. */
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
/** An ENI of the cluster's nodes, a branch of one, an available one with the CNI's tags, or one that holds a pod's address. */
export interface EniRecord extends ValueOf<typeof eni> {}

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
  /** Aligned free /28 blocks: at most so many, since others' addresses cannot be seen; null while ENIs are not read. */
  freePrefixes: nullable(number),
  /** Addresses that ENIs of this record set hold, primaries and prefixes included; null while ENIs are not read. */
  heldByCluster: nullable(number),
  /** EC2's tags. */
  tags: map(text),
});
/** A subnet of the VPC that ENIs of this record set are in. */
export interface SubnetRecord extends ValueOf<typeof subnet> {}
