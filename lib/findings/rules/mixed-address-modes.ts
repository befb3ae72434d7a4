/** MIXED_MODE (vpc-cni.md §2.2, §10): addresses of the other mode keep their slots and are handed out no more. */
import { defineRule } from '../rule';
import { count, eniPlace, nodeOf } from '../guards';

export default defineRule({
  id: 'mixed-address-modes',
  severity: 'info',
  scope: 'enis',
  needs: ['kubernetes/pods', 'ec2/network-interfaces'],
  check(eni, context) {
    const node = nodeOf(context, eni.node);
    const mode = node?.cni?.mode;
    if (node == null || eni.management.state !== 'managed' || eni.role === 'trunk') return [];
    const prefixes = eni.prefixes.filter(({ cidr }) => !cidr.includes(':'));
    const inPrefix = (ip: string): boolean =>
      prefixes.some(
        ({ cidr }) =>
          cidr.startsWith(ip.slice(0, ip.lastIndexOf('.') + 1)) &&
          Math.floor(Number(ip.split('.')[3]) / 16) * 16 === Number(cidr.split('/')[0]?.split('.')[3]),
      );
    const leftovers =
      mode === 'prefix'
        ? eni.addresses.filter(({ ip, state }) => state === 'assigned' && !ip.includes(':') && !inPrefix(ip))
        : [];
    const held =
      mode === 'secondary-ip' ? prefixes.reduce((sum, { assigned }) => sum + (assigned ?? 0), 0) : leftovers.length;
    if (held === 0) return [];
    return [
      {
        subjects: [eni.id, node.id],
        title:
          mode === 'prefix'
            ? 'Single addresses left over in prefix mode'
            : 'Prefixes left over in secondary-address mode',
        detail: `${count(held, 'live pod holds an address', 'live pods hold addresses')} of the other mode on ${eniPlace(eni)}. They take slots, and ipamd hands out none of them again.`,
        evidence: [
          `aws-node: mode ${mode ?? 'not known'}`,
          `EC2: ${prefixes.length} /28 prefixes and ${eni.addresses.length} addresses on the ENI`,
        ],
        advice: 'Replace the node; new nodes hold one kind only.',
      },
    ];
  },
});
