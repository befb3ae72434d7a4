/** PRIMARY_NOT_DELETED (vpc-cni §10): the primary ENI is not deleted with its instance. */
import { ENIS, NODES } from '../../model/source-ids';
import { isPrimary } from '../guards/eni';
import { isSettled, nodeOf } from '../guards/node';
import { shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'eni-survives-node',
  severity: 'info',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, ENIS],
  check(eni, context) {
    const node = nodeOf(context, eni.node);
    if (node === null || !isPrimary(eni) || eni.deleteOnTermination !== false || !isSettled(node, context)) return null;
    return {
      subjects: [eni.id, node.id],
      title: 'Survives its node: it is not deleted with the instance',
      detail: `The primary ENI ${eni.id} has DeleteOnTermination=false: each replaced node leaves one behind.`,
      evidence: ['EC2 attachment: DeleteOnTermination false'],
      advice: 'Set it to true on the attachment, and in the launch template of the node group.',
      command: shell`aws ec2 modify-network-interface-attribute --network-interface-id ${eni.id} --attachment "AttachmentId=$(aws ec2 describe-network-interfaces --network-interface-ids ${eni.id} --query 'NetworkInterfaces[0].Attachment.AttachmentId' --output text),DeleteOnTermination=true"`,
    };
  },
});
