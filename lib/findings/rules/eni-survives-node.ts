/** PRIMARY_NOT_DELETED (vpc-cni.md §10): the primary ENI stays behind when its instance ends. */
import { defineRule } from '../rule';
import { isPrimary } from '../guards';

export default defineRule({
  id: 'eni-survives-node',
  severity: 'info',
  scope: 'enis',
  needs: ['ec2/network-interfaces'],
  check(eni) {
    if (eni.node === null || !isPrimary(eni) || eni.deleteOnTermination !== false) return [];
    return [
      {
        subjects: [eni.id, eni.node],
        title: 'Stays behind when its instance ends',
        detail: `The primary ENI ${eni.id} has DeleteOnTermination=false: each replaced node leaves one behind.`,
        evidence: ['EC2 attachment: DeleteOnTermination false'],
        advice: 'Set it on the attachment, and in the launch template of the node group.',
        command: `aws ec2 modify-network-interface-attribute --network-interface-id ${eni.id} --attachment AttachmentId=<ATTACHMENT>,DeleteOnTermination=true`,
      },
    ];
  },
});
