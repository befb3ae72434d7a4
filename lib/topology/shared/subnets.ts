/**
 * Subnet records: the free addresses that EC2 reports, the holders of the others in this cluster, and the number of whole
 * free /28 blocks.
 */
import { PREFIX_SIZE } from '../../model/prefix-size';
import { ENIS } from '../../model/source-ids';
import type { OtherEni, SubnetRecord } from '../../model/records';
import { compareKeys } from '../../records/keyed';
import type { FactReader, FreeBlocks } from '../facts/reader';
import { isShownAlone } from '../enis/lone-eni';
import { nodeOfEni } from '../facts/owners';
import { ipsOf } from '../facts/parts';
import { slotsFrom } from '../pools/room';
import { freeBlocks } from '../pools/supply';

/**
 * Blocks without a visible address, limited by EC2's count of free addresses: only that count includes addresses of other
 * owners, and ENIs created between the two responses. It leaves out blocks that are reserved for prefixes.
 */
const blocksThatFit = ({ all, reserved }: FreeBlocks, addresses: number | null): number =>
  addresses === null ? all : slotsFrom({ addresses, blocks: all, reserved }, PREFIX_SIZE);

/** The ENIs in a subnet that have no record of their own. */
function othersIn(facts: FactReader, subnet: string): readonly OtherEni[] {
  const others: OtherEni[] = [];
  for (const id of facts.idsOf('looseEnisBySubnet', subnet)) {
    const eni = facts.get('eni', id);
    if (eni === undefined || nodeOfEni(facts, eni) !== null || isShownAlone(facts, eni)) continue;
    const { interfaceType, requester, description, status, mac, publicIps } = eni;
    others.push({
      eni: id,
      interfaceType,
      requester,
      description,
      status,
      mac,
      ips: [...new Set(ipsOf(eni))],
      publicIps,
    });
  }
  return others;
}

/** Null for a subnet that EC2 does not list. */
export function deriveSubnet(facts: FactReader, id: string): SubnetRecord | null {
  const subnet = facts.get('subnet', id);
  if (subnet === undefined) return null;
  const blocks = freeBlocks(facts, id);
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
    freePrefixes: blocks === null ? null : blocksThatFit(blocks, subnet.availableAddresses),
    reservedPrefixes: blocks?.reserved ?? 0,
    reservedAddresses: blocks?.reservedAddresses ?? 0,
    heldByCluster: facts.isKnown(ENIS) ? facts.heldIn(id) : null,
    others: othersIn(facts, id),
    tags: subnet.tags,
  };
}
