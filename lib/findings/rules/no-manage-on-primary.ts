/** NO_MANAGE_ON_PRIMARY (vpc-cni.md §1.2 rule 4): the tag is ignored on the primary ENI (card 0, device 0). */
import { defineRule } from '../rule';
import { isPrimary } from '../guards';

export default defineRule({
  id: 'no-manage-on-primary',
  severity: 'info',
  scope: 'enis',
  needs: ['ec2/network-interfaces'],
  check(eni) {
    if (eni.node === null || !isPrimary(eni) || eni.tags['node.k8s.amazonaws.com/no_manage'] !== 'true') return [];
    return [
      {
        subjects: [eni.id, eni.node],
        title: 'no_manage is ignored on a primary ENI',
        detail: `${eni.id} is the node's primary ENI; ipamd manages it whatever its tags say.`,
        evidence: ['EC2 tag node.k8s.amazonaws.com/no_manage=true', 'EC2 attachment: network card 0, device index 0'],
        advice: 'Remove the tag so that nobody relies on it. To keep pods off the primary ENI use custom networking.',
        command: `aws ec2 delete-tags --resources ${eni.id} --tags Key=node.k8s.amazonaws.com/no_manage`,
      },
    ];
  },
});
