/**
 * NO_MANAGE_LATE (vpc-cni §1.2): the ENI was tagged after ipamd took it over. At its next re-read ipamd drops the ENI, even if pods use
 * its addresses. In IMDS-only mode ipamd reads no tags. Only pods of the cluster network show that ipamd uses the ENI; pods of
 * Multus networks on it do not.
 */
import { INSTANCE_ID_TAG, NO_MANAGE_TAG } from '../../model/eni-tags';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { isPrimary, isTaggedByIpamd } from '../guards/eni';
import { settledIpamdNode } from '../guards/node';
import { podsThatLose } from '../guards/restart';
import { cordon, counted, eniPlace } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'no-manage-late',
  severity: 'warning',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS],
  check(eni, context) {
    const node = settledIpamdNode(context, eni.node);
    if (node === null || isPrimary(eni) || eni.tags[NO_MANAGE_TAG] !== 'true') return null;
    if (node.cni?.imdsOnly === true) return null;
    const adopted = isTaggedByIpamd(eni);
    const pods = podsThatLose(eni, context);
    if (!adopted && pods.length === 0) return null;
    return {
      subjects: [eni.id, node.id, ...pods.slice(0, 10)],
      title: 'Tagged no_manage after the VPC CNI had adopted it',
      detail: `${eniPlace(eni)} carries no_manage=true, but ipamd had it before. When ipamd next reads the tags (restart, or a new ENI on the node) it drops this ENI${
        pods.length > 0 ? `, and ${counted(pods.length, 'pod loses its address', 'pods lose their addresses')}` : ''
      }.`,
      evidence: [
        `EC2 tag ${NO_MANAGE_TAG}=true`,
        adopted ? `EC2 tag ${INSTANCE_ID_TAG}=${eni.instanceId ?? ''}: ipamd wrote it when it adopted the ENI` : null,
        pods.length > 0 ? `${counted(pods.length, 'live pod holds', 'live pods hold')} an eth0 address on it` : null,
      ],
      advice: 'Drain the node, then restart aws-node on it.',
      command: cordon(node),
    };
  },
});
