/** Subnet records: what EC2 says is free, who of this cluster holds the rest, and how many whole /28 blocks are left. */
import type { SubnetRecord } from '../../model/records';
import { compareKeys } from '../../records/keyed';
import { ENIS } from '../facts/source-ids';
import type { Facts } from '../facts/facts';
import { freeBlocks } from '../pools/supply';

/** `held`: addresses of ENIs of this cluster's record set in the subnet, primaries and prefixes included. */
export function deriveSubnet(facts: Facts, id: string, held: number): SubnetRecord | null {
  const subnet = facts.get('subnet', id);
  if (subnet === undefined) return null;
  const reservations = [...facts.reservationsBySubnet.idsOf(id)]
    .flatMap((key) => facts.get('subnetReservation', key) ?? [])
    .map(({ cidr, type }) => ({ cidr, type }))
    .sort((a, b) => compareKeys(a.cidr, b.cidr));
  return {
    id,
    cidr: subnet.cidr,
    ipv6Cidr: subnet.ipv6Cidr,
    vpc: subnet.vpc,
    zone: subnet.zone,
    availableAddresses: subnet.availableAddresses,
    reservations,
    freePrefixes: freeBlocks(facts, id),
    heldByCluster: facts.isKnown(ENIS) ? held : null,
    tags: subnet.tags,
  };
}
