/** The use of a subnet's addresses, with the arithmetic. */
import { thousands } from '../model/counted';
import { parseCidr } from '../model/ip';
import type { SubnetRecord } from '../model/records';

/** AWS reserves the first four addresses of every subnet and the last one (VPC user guide, "Subnet sizing"). */
const RESERVED_BY_AWS = 5;

/** How full a subnet is. */
export interface SubnetUse {
  /** IPv4 addresses that can be assigned; null without an IPv4 range. */
  readonly size: number | null;
  readonly free: number | null;
  /** Fraction in use, 0 to 1; null when the size or the free addresses are not known. */
  readonly share: number | null;
  /** Addresses in use outside this record set; null when that is not known. */
  readonly others: number | null;
  readonly words: string | null;
}

/** Addresses not held by this cluster's ENIs count as held by others. */
export function subnetUse(subnet: SubnetRecord): SubnetUse {
  const range = subnet.cidr === null ? null : parseCidr(subnet.cidr);
  const size =
    range === null || range.family === 6 ? null : Math.max(0, 2 ** (32 - range.prefixLength) - RESERVED_BY_AWS);
  const free = subnet.availableAddresses;
  if (size === null) return { size, free, share: null, others: null, words: null };
  if (free === null)
    return { size, free, share: null, others: null, words: `${thousands(size)} in total; free not known` };
  const reserved = Math.min(subnet.reservedAddresses, Math.max(0, size - free));
  const held = Math.max(0, size - free - reserved);
  const ours = subnet.heldByCluster;
  const others = ours === null ? null : Math.max(0, held - ours);
  const split =
    ours === null || others === null
      ? `${thousands(held)} held`
      : `${thousands(ours)} held by this cluster + ${thousands(others)} by others`;
  return {
    size,
    free,
    share: size === 0 ? 1 : held / size,
    others,
    words: `${thousands(size)} = ${thousands(free)} free + ${reserved === 0 ? '' : `${thousands(reserved)} reserved and unused + `}${split}`,
  };
}
