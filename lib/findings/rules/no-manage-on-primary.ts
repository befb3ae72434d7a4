/**
 * NO_MANAGE_ON_PRIMARY (vpc-cni §1.2 rule 4): ipamd ignores the tag on the primary ENI (card 0, device 0). `false` has no
 * effect anywhere.
 */
import { NO_MANAGE_TAG } from '../../model/eni-tags';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { isPrimary } from '../guards/eni';
import { settledIpamdNode } from '../guards/node';
import { shell } from '../guards/words';
import { defineRule } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Custom networking needs a second ENI, and aws-node does not start with it in IPv6 mode (vpc-cni §7). */
const canHaveOthers = ({ cni, limits }: Steady<'nodes'>): boolean =>
  cni?.customNetworking === false && cni.mode !== null && cni.mode !== 'ipv6' && (limits?.enisPerCard ?? 0) > 1;

export default defineRule({
  id: 'no-manage-on-primary',
  severity: 'info',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS],
  check(eni, context) {
    const node = settledIpamdNode(context, eni.node);
    const tag = eni.tags[NO_MANAGE_TAG];
    if (node === null || !isPrimary(eni) || tag === undefined || tag === 'false') return null;
    return {
      subjects: [eni.id, node.id],
      title: 'no_manage is ignored on a primary ENI',
      detail: `${eni.id} is the node's primary ENI; ipamd manages it whatever its tags say.`,
      evidence: [`EC2 tag ${NO_MANAGE_TAG}=${tag}`, 'EC2 attachment: network card 0, device index 0'],
      advice: `Remove the tag so that nobody relies on it.${canHaveOthers(node) ? ' To keep pods off the primary ENI use custom networking.' : ''}`,
      command: shell`aws ec2 delete-tags --resources ${eni.id} --tags Key=${NO_MANAGE_TAG}`,
    };
  },
});
