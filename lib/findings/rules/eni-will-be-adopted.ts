/** ENI_WILL_BE_ADOPTED (vpc-cni.md §1.2, §10): a foreign ENI without tags, which ipamd's next reconcile (about a minute) takes over. */
import { defineRule } from '../rule';
import { eniPlace, hasIpamd, isPrimary, nodeOf } from '../guards';

export default defineRule({
  id: 'eni-will-be-adopted',
  severity: 'warning',
  scope: 'enis',
  needs: ['ec2/network-interfaces'],
  check(eni, context) {
    const node = nodeOf(context, eni.node);
    if (node === null || !hasIpamd(node) || isPrimary(eni) || eni.creator !== 'other') return [];
    if (eni.interfaceType !== 'interface' && eni.interfaceType !== 'efa') return [];
    if (eni.management.state !== 'managed' || eni.management.rule !== 'untagged-adopted' || node.cni?.imdsOnly === true)
      return [];
    return [
      {
        subjects: [eni.id, node.id],
        title: 'The VPC CNI is about to take over this ENI',
        detail: `${eniPlace(eni)} carries neither no_manage nor ipamd's own tag, and MANAGE_UNTAGGED_ENI is on: within about a minute ipamd fills it with pod addresses.`,
        evidence: [
          'EC2 tags: node.k8s.amazonaws.com/no_manage and node.k8s.amazonaws.com/instance_id are absent',
          `EC2 description “${eni.description}”`,
        ],
        advice: 'Tag it now, if it shall stay yours.',
        command: `aws ec2 create-tags --resources ${eni.id} --tags Key=node.k8s.amazonaws.com/no_manage,Value=true`,
      },
    ];
  },
});
