/** MIXED_MODE (vpc-cni §2.2, §10): addresses of the other mode keep their slots but are no longer assigned to pods. */
import { singleAddresses } from '../../model/eni-addresses';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { settledIpamdNode } from '../guards/node';
import { counted, eniPlace } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'mixed-address-modes',
  severity: 'info',
  scope: 'enis',
  needs: [NODES, PODS, ENIS],
  check(eni, context) {
    const node = settledIpamdNode(context, eni.node);
    const mode = node?.cni?.mode;
    if (node === null || eni.management.state !== 'managed' || eni.role === 'trunk') return null;
    const singles = mode === 'prefix' ? singleAddresses(eni).filter(({ state }) => state === 'assigned') : [];
    const prefixes = eni.prefixes.filter(({ size }) => size !== null);
    const held =
      mode === 'secondary-ip' ? prefixes.reduce((sum, { assigned }) => sum + (assigned ?? 0), 0) : singles.length;
    if (held === 0) return null;
    return {
      subjects: [eni.id, node.id],
      title:
        mode === 'prefix'
          ? 'Single addresses left over in prefix mode'
          : 'Prefixes left over in secondary-address mode',
      detail: `${counted(held, 'live pod holds an address', 'live pods hold addresses')} of the other mode on ${eniPlace(eni)}. They occupy slots, and ipamd never hands them out again.`,
      evidence: [
        `aws-node: mode ${mode ?? ''}`,
        `EC2: ${counted(prefixes.length, '/28 prefix', '/28 prefixes')} on the ENI, ${counted(held, 'address', 'addresses')} of the other mode in use`,
      ],
      advice: 'Replace the node: a new one has only one kind.',
    };
  },
});
