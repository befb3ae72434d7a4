/**
 * PRIMARY_NOT_DELETED (vpc-cni §10): the primary ENI is not deleted with its instance; or one that ipamd made, which marks its ENIs
 * by a call of its own after it has attached them.
 */
import { ENIS, NODES } from '../../model/source-ids';
import { isPrimary } from '../guards/eni';
import { isSettled, nodeOf } from '../guards/node';
import { isAged, MINUTE } from '../guards/time';
import { shell } from '../guards/words';
import { defineRule } from '../rule/rule';

/** ipamd marks an ENI right after it has attached it. */
const MARKED_WITHIN = 5 * MINUTE;

export default defineRule({
  id: 'eni-survives-node',
  severity: 'info',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, ENIS],
  check(eni, context) {
    const node = nodeOf(context, eni.node);
    if (node === null || eni.deleteOnTermination !== false || !isSettled(node, context)) return null;
    const isFirst = isPrimary(eni);
    if (!isFirst && (eni.creator !== 'ipamd' || !isAged(eni.attachedAt, MARKED_WITHIN, context))) return null;
    return {
      subjects: [eni.id, node.id],
      title: 'Survives its node: it is not deleted with the instance',
      detail: isFirst
        ? `The primary ENI ${eni.id} has DeleteOnTermination=false: each replaced node leaves one behind.`
        : `${eni.id} was made by the VPC CNI and has DeleteOnTermination=false: its call ec2:ModifyNetworkInterfaceAttribute failed when it attached the ENI. It stays, with its addresses, when the instance ends.`,
      evidence: ['EC2 attachment: DeleteOnTermination false'],
      advice: isFirst
        ? 'Set it to true on the attachment, and in the launch template of the node group.'
        : 'Set it to true on the attachment, and check that the role of aws-node may call ec2:ModifyNetworkInterfaceAttribute (AmazonEKS_CNI_Policy has it).',
      command: shell`aws ec2 modify-network-interface-attribute --network-interface-id ${eni.id} --attachment "AttachmentId=$(aws ec2 describe-network-interfaces --network-interface-ids ${eni.id} --query 'NetworkInterfaces[0].Attachment.AttachmentId' --output text),DeleteOnTermination=true"`,
    };
  },
});
