/** An element of DescribeSubnets' `Subnets` → SubnetFact. */
import type { SubnetFact } from '../../model/facts';
import { parseCidr } from '../../model/ip';
import { count, fields, items, objectOrNull, text } from '../read/guards';
import { tagMap } from './tags';

/** Null without a `SubnetId`. */
export function normaliseSubnet(raw: unknown): SubnetFact | null {
  const subnet = objectOrNull(raw);
  const id = subnet === null ? null : text(subnet['SubnetId']);
  if (subnet === null || id === null) return null;
  // A dissociated block remains listed for a while.
  const ipv6 = items(subnet['Ipv6CidrBlockAssociationSet'])
    .map(fields)
    .find((one) => {
      const state = fields(one['Ipv6CidrBlockState'])['State'];
      return state === undefined || state === 'associated' || state === 'associating';
    });
  return {
    id,
    cidr: cidr(subnet['CidrBlock']),
    ipv6Cidr: cidr(ipv6?.['Ipv6CidrBlock']),
    vpc: text(subnet['VpcId']),
    zone: text(subnet['AvailabilityZone']),
    availableAddresses: count(subnet['AvailableIpAddressCount']),
    tags: tagMap(subnet['Tags']),
  };
}

function cidr(value: unknown): string | null {
  const written = text(value);
  return written === null ? null : (parseCidr(written)?.text ?? null);
}
