/** Subnets and the nodes that take pod addresses from them. */
import { parseIpRange, rangeOverlap, type IpRange } from '../../cni/ipam/range';
import { counted } from '../../model/counted';
import { PREFIX_SIZE } from '../../model/prefix-size';
import type { NodeRecord, SubnetRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import { enisOf, givesAddresses } from './eni';
import { poolOf } from './node';

/** Nodes with an ENI in the subnet from which ipamd assigns addresses, and nodes whose ENIConfig names it; ordered by id. */
export function podNodesOf(subnet: string, context: RuleContext): readonly NodeRecord[] {
  const nodes = new Map<string, NodeRecord>();
  for (const eni of context.read.each('enisBySubnet', subnet)) {
    const node = context.read.whole('nodes', eni.node);
    if (node !== null && givesAddresses(eni, node)) nodes.set(node.id, node);
  }
  for (const node of context.read.each('nodesByEniConfigSubnet', subnet)) nodes.set(node.id, node);
  return [...nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * A subnet that has nothing left for the node's ENIs; null if none is empty, or if the node still gets addresses elsewhere: from a new
 * ENI in another subnet.
 */
export function drySubnet(node: NodeRecord, context: RuleContext): SubnetRecord | null {
  const gains = (node.headroom.pods ?? 0) > (poolOf(node)?.available ?? 0);
  const unit = node.cni?.mode === 'prefix' ? PREFIX_SIZE : 1;
  for (const eni of enisOf(context, node)) {
    const subnet = givesAddresses(eni, node) ? context.read.whole('subnets', eni.subnet) : null;
    const reserved = unit === 1 ? 0 : PREFIX_SIZE * (subnet?.reservedPrefixes ?? 0);
    if (subnet === null || (subnet.availableAddresses ?? unit) + reserved >= unit) continue;
    if (!gains || node.newEniSubnets?.some((id) => id !== subnet.id) !== true) return subnet;
  }
  return null;
}

/** What a dry subnet is short of, for the end of a sentence: in prefix mode, single addresses may be left. */
export const shortOf = ({ id, availableAddresses: free }: SubnetRecord): string =>
  free === null || free === 0
    ? `subnet ${id} has no free address`
    : `subnet ${id} has ${counted(free, 'free address', 'free addresses')}, too few for a prefix (/28)`;

/**
 * Whether a route table of the VPC, which ifscope does not read, may send the range to the ENI: the ENI accepts packets for others (its
 * source/destination check is off), and the VPC has no such addresses of its own, which it would deliver itself.
 */
export function mayBeRoutedTo(eni: string | null, range: IpRange, context: RuleContext): boolean {
  if (context.read.one('enis', eni)?.sourceDestCheck !== false) return false;
  return isOutsideVpc(range, context);
}

/** Whether no block of the VPC overlaps the range; where the VPC's blocks are not known, no subnet. */
export function isOutsideVpc(range: IpRange, { read }: RuleContext): boolean {
  const known = read.cluster.vpcCidrs;
  const blocks = known ?? [...read.every('subnets')].flatMap(({ cidr, ipv6Cidr }) => [cidr ?? '', ipv6Cidr ?? '']);
  return !blocks.some((text) => {
    const block = parseIpRange(text);
    return block !== null && rangeOverlap(block, range) !== null;
  });
}
