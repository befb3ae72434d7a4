/** How full a subnet is, with the arithmetic. */
import { parseCidr } from '../model/ip';
import type { SubnetRecord } from '../model/records';

/** Of every subnet AWS keeps the first four addresses and the last (VPC user guide, "Subnet sizing"). */
const KEPT_BY_AWS = 5;

export interface SubnetUse {
  /** IPv4 addresses that can be given out at all; null without an IPv4 range. */
  readonly size: number | null;
  readonly free: number | null;
  /** 0 to 1. */
  readonly share: number | null;
  readonly words: string | null;
}

const said = (count: number): string => count.toLocaleString('en');

export function subnetUse(subnet: SubnetRecord): SubnetUse {
  const range = subnet.cidr === null ? null : parseCidr(subnet.cidr);
  const size = range === null || range.family === 6 ? null : Math.max(0, 2 ** (32 - range.prefixLength) - KEPT_BY_AWS);
  const free = subnet.availableAddresses;
  if (size === null) return { size, free, share: null, words: null };
  if (free === null) return { size, free, share: null, words: `${said(size)} in all; how many are free is not known` };
  const held = Math.max(0, size - free);
  const ours = subnet.heldByCluster;
  const split =
    ours === null
      ? `${said(held)} held`
      : `${said(ours)} held by this cluster + ${said(Math.max(0, held - ours))} by others`;
  return { size, free, share: size === 0 ? 1 : held / size, words: `${said(size)} = ${said(free)} free + ${split}` };
}
