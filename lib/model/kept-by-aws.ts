/** Addresses of a subnet that AWS keeps: EC2 assigns them to no ENI. */
import { ipToBigInt, type Cidr } from './ip';

/** Uses of the first four addresses of a subnet (VPC user guide, "Subnet sizing"). */
const KEPT = ['the network address', 'the VPC’s router', 'DNS', 'future use'];

/** Why AWS reserves the address; null when it does not. */
export function keptByAws({ first, last, family }: Cidr, ip: string): string | null {
  const value = ipToBigInt(ip);
  if (value === null) return null;
  if (family === 4 && value === last) return 'the broadcast address';
  return KEPT[Number(value - first)] ?? null;
}
