/** Responses of EC2. */
import { boolean, list, map, nullable, number, object, text, time } from '../shape';
import type { ValueOf } from '../shape';

const eniFact = object({
  id: text,
  instanceId: nullable(text),
  ownerId: nullable(text),
  deviceIndex: nullable(number),
  networkCardIndex: nullable(number),
  attachmentId: nullable(text),
  attachmentStatus: nullable(text),
  attachedAt: nullable(time),
  deleteOnTermination: nullable(boolean),
  interfaceType: text,
  status: nullable(text),
  mac: nullable(text),
  vpc: nullable(text),
  zone: nullable(text),
  subnet: nullable(text),
  sourceDestCheck: nullable(boolean),
  securityGroups: list(text),
  description: text,
  /** The alias of the AWS service that created it, for example `amazon-elb`; null if a role or an account did. */
  requester: nullable(text),
  tags: map(text),
  primaryIp: nullable(text),
  /** Secondary IPv4 addresses, canonical, in EC2's order. */
  secondaryIps: list(text),
  /** Elastic and other public IPv4 addresses of any of them. */
  publicIps: list(text),
  ipv4Prefixes: list(text),
  ipv6Addresses: list(text),
  ipv6Prefixes: list(text),
});
/** An element of DescribeNetworkInterfaces. Addresses and prefixes are canonical; `primaryIp` is null if EC2 reports none. */
export interface EniFact extends ValueOf<typeof eniFact> {}

const instanceFact = object({
  id: text,
  instanceType: nullable(text),
  state: nullable(text),
  zone: nullable(text),
  vpc: nullable(text),
  subnet: nullable(text),
  launchedAt: nullable(time),
});
/** An element of DescribeInstances. */
export interface InstanceFact extends ValueOf<typeof instanceFact> {}

const instanceTypeFact = object({
  type: text,
  ipv4PerEni: nullable(number),
  maxEnis: nullable(number),
  defaultCard: number,
  /** One entry for each network card. */
  cards: list(
    object({
      index: number,
      maxEnis: nullable(number),
      /** Network performance as EC2 describes it. */
      performance: nullable(text),
    }),
  ),
  performance: nullable(text),
  /** `nitro`, `xen`, or null (EC2 leaves it empty for bare metal). */
  hypervisor: nullable(text),
  bareMetal: boolean,
  trunkCompatible: nullable(boolean),
  maxBranchEnis: nullable(number),
  vcpus: nullable(number),
});
/** An element of DescribeInstanceTypes. `maxEnis` is the sum over all cards; EC2 does not report `maxBranchEnis`. */
export interface InstanceTypeFact extends ValueOf<typeof instanceTypeFact> {}

const subnetFact = object({
  id: text,
  cidr: nullable(text),
  ipv6Cidr: nullable(text),
  vpc: nullable(text),
  zone: nullable(text),
  availableAddresses: nullable(number),
  tags: map(text),
});
/** An element of DescribeSubnets. */
export interface SubnetFact extends ValueOf<typeof subnetFact> {}

const subnetReservationFact = object({
  id: text,
  subnet: text,
  cidr: text,
  type: text,
});
/** A CIDR reservation of a subnet; `type` is `prefix` or `explicit`. */
export interface SubnetReservationFact extends ValueOf<typeof subnetReservationFact> {}

/** The fact kinds of EC2's responses. */
export const EC2_FACTS = {
  eni: eniFact,
  instance: instanceFact,
  instanceType: instanceTypeFact,
  subnet: subnetFact,
  subnetReservation: subnetReservationFact,
};
