/** P20 (multus §3.1, §6): on some node, a network's range is not inside the subnet of its parent ENI. */
import { ENIS, NADS, PODS, SUBNETS } from '../../model/source-ids';
import { parseIpRange, rangeContains, type IpRange } from '../../cni/ipam/range';
import type { AttachmentRecord, NetworkRecord } from '../../model/records';
import { nodeOf } from '../guards/node';
import { mayBeRoutedTo } from '../guards/subnet';
import { counted, listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

interface Mismatch {
  readonly attachment: AttachmentRecord;
  readonly eni: string;
  readonly subnet: Steady<'subnets'>;
  readonly ranges: readonly string[];
  /** Whether a route of the VPC may deliver all of these ranges to the ENI. */
  readonly mayBeRouted: boolean;
}

function isOutside(range: IpRange, subnet: Steady<'subnets'>): boolean {
  const home = parseIpRange((range.family === 4 ? subnet.cidr : subnet.ipv6Cidr) ?? '');
  return home !== null && (range.first < home.first || range.last > home.last);
}

/**
 * Whether the interfaces on the node have their addresses from elsewhere: a network that was edited after they were made.
 * The ENI is then that of the former config, which says nothing about the present one.
 */
function isFormer({ id }: NetworkRecord, node: string, ranges: readonly string[], { read }: RuleContext): boolean {
  const ips = read
    .all('interfacesByNetwork', id)
    .flatMap((iface) => (iface.node === node && iface.state !== 'requested' ? iface.ips : []));
  return (
    ips.length > 0 &&
    !ranges.some((text) => {
      const range = parseIpRange(text);
      return range !== null && ips.some((ip) => rangeContains(range, ip));
    })
  );
}

function mismatch(network: NetworkRecord, attachment: AttachmentRecord, context: RuleContext): readonly Mismatch[] {
  // A link derived from the subnet cannot contradict it, and an inferred link is too weak to report.
  if (attachment.certainty !== 'observed' || attachment.rule === 'subnet' || attachment.eni === null) return [];
  const node = nodeOf(context, attachment.node);
  const subnet = context.read.one('subnets', context.read.one('enis', attachment.eni)?.subnet ?? null);
  if (subnet === null || node === null || node.gone) return [];
  const ranges = (network.ipam?.ranges ?? []).filter((text) => {
    const range = parseIpRange(text);
    return range !== null && isOutside(range, subnet);
  });
  if (ranges.length === 0 || isFormer(network, attachment.node, ranges, context)) return [];
  const mayBeRouted = ranges.every((text) => {
    const range = parseIpRange(text);
    return range !== null && mayBeRoutedTo(attachment.eni, range, context);
  });
  return [{ attachment, eni: attachment.eni, subnet, ranges, mayBeRouted }];
}

export default defineRule({
  id: 'network-subnet-mismatch',
  severity: 'error',
  scope: 'networks',
  needs: [NADS, PODS, ENIS, SUBNETS],
  check(network, context) {
    if (network.ipam === null || network.semantics?.leavesNodeOnEni !== true) return null;
    const wrong = context.read
      .all('attachmentsByNetwork', network.id)
      .flatMap((attachment) => mismatch(network, attachment, context));
    const [first] = wrong;
    if (first === undefined) return null;
    const { eni, subnet, ranges, attachment } = first;
    const nodes = wrong.map((one) => one.attachment.node);
    const mayBeRouted = wrong.every((one) => one.mayBeRouted);
    return {
      subjects: [network.id, ...wrong.slice(0, 10).flatMap((one) => [one.attachment.node, one.eni, one.subnet.id])],
      ...(mayBeRouted ? { severity: 'warning' } : {}),
      title: `Its range ${listed(ranges, 3)} is not in ${subnet.cidr ?? subnet.id}`,
      detail: `On ${counted(nodes.length, 'node')} (${listed(nodes.map(nameOf))}) ${nameOf(network.id)} uses an ENI in another subnet (${eni} in ${subnet.cidr ?? subnet.id}, for example), but its addresses come from ${listed(ranges, 3)}. ${
        mayBeRouted
          ? 'EC2 delivers them there only by a route table of the VPC, which ifscope does not read.'
          : 'EC2 delivers none of them there.'
      }`,
      evidence: [
        `IPAM of the network: ${listed(ranges)}`,
        `EC2: ${eni} is in ${subnet.id}, ${subnet.cidr ?? '?'}`,
        attachment.evidence,
      ],
      advice: mayBeRouted
        ? `Make sure that a route table of the VPC sends each node’s part of the range to its ENI. Otherwise point the network at an ENI in the subnet of its range, or correct the range.`
        : 'Point the network at an ENI in the subnet of its range, or correct the range.',
    };
  },
});
