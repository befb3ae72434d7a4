/** Subnet records: what EC2 says is free, who of this cluster holds the rest, and how many whole /28 blocks are left. */
import { ENIS } from '../../model/source-ids';
import type { SubnetRecord } from '../../model/records';
import { compareKeys } from '../../records/keyed';
import type { FactReader } from '../facts/reader';
import { freeBlocks } from '../pools/supply';

/** Null for a subnet that EC2 does not list. */
export function deriveSubnet(facts: FactReader, id: string): SubnetRecord | null {
  const subnet = facts.get('subnet', id);
  if (subnet === undefined) return null;
  return {
    id,
    cidr: subnet.cidr,
    ipv6Cidr: subnet.ipv6Cidr,
    vpc: subnet.vpc,
    zone: subnet.zone,
    availableAddresses: subnet.availableAddresses,
    reservations: facts
      .factsOf('reservationsBySubnet', id)
      .map(({ cidr, type }) => ({ cidr, type }))
      .sort((a, b) => compareKeys(a.cidr, b.cidr)),
    freePrefixes: freeBlocks(facts, id),
    heldByCluster: facts.isKnown(ENIS) ? facts.heldIn(id) : null,
    tags: subnet.tags,
  };
}
