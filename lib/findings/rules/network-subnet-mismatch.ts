/** P20 (multus.md §3.1, §6): a network's range is not inside the subnet of the ENI that it hangs on, on some node. */
import { parseCidr } from '../../model/ip';
import { defineRule } from '../rule';

/** `a-b` and CIDR forms: the addresses at both ends. */
function ends(range: string): readonly [bigint, bigint, 4 | 6] | null {
  const cidr = parseCidr(range);
  if (cidr) return [cidr.first, cidr.last, cidr.family];
  const [from = '', to = ''] = range.split('-').map((text) => text.trim());
  const first = parseCidr(from.includes('/') ? from : `${from}/${from.includes(':') ? 128 : 32}`);
  const last = parseCidr(
    to.includes('/')
      ? `${to.split('/')[0] ?? ''}/${to.includes(':') ? 128 : 32}`
      : `${to}/${to.includes(':') ? 128 : 32}`,
  );
  return first && last && first.family === last.family ? [first.first, last.first, first.family] : null;
}

export default defineRule({
  id: 'network-subnet-mismatch',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/network-attachment-definitions', 'kubernetes/pods', 'ec2/network-interfaces', 'ec2/subnets'],
  check(node, context) {
    const { records, indexes } = context.replica;
    return [...(indexes.attachmentsByNode.get(node.id) ?? [])].sort().flatMap((id) => {
      const attachment = records.attachments.get(id);
      const network = attachment && records.networks.get(attachment.network);
      const eni = attachment?.eni == null ? undefined : records.enis.get(attachment.eni);
      const subnet = eni?.subnet == null ? undefined : records.subnets.get(eni.subnet);
      if (!attachment || !network?.ipam || !eni || !subnet || network.semantics?.leavesNodeOnEni !== true) return [];
      // A link by the subnet itself cannot contradict the subnet; an inferred one is too weak to accuse.
      if (attachment.certainty !== 'observed' || attachment.rule === 'subnet') return [];
      const wrong = network.ipam.ranges.filter((text) => {
        const range = ends(text);
        const home = range === null ? null : parseCidr((range[2] === 4 ? subnet.cidr : subnet.ipv6Cidr) ?? '');
        return range !== null && home !== null && (range[0] < home.first || range[1] > home.last);
      });
      if (wrong.length === 0) return [];
      return [
        {
          subjects: [network.id, node.id, eni.id, subnet.id],
          title: `Its range ${wrong.join(', ')} is not in ${subnet.cidr ?? subnet.id}`,
          detail: `On ${node.name} ${network.namespace ?? ''}/${network.name} hangs on ${eni.id}, whose subnet is ${subnet.cidr ?? '?'}; its addresses come from ${wrong.join(', ')}. EC2 delivers none of them there.`,
          evidence: [
            `IPAM of the network: ${wrong.join(', ')}`,
            `EC2: ${eni.id} is in ${subnet.id}, ${subnet.cidr ?? '?'}`,
            attachment.evidence,
          ],
          advice: 'Let the network hang on the ENI of its own subnet, or correct the range.',
        },
      ];
    });
  },
});
