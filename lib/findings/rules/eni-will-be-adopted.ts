/** ENI_WILL_BE_ADOPTED (vpc-cni.md §1.2, §10): a foreign ENI without ipamd's tag, which its next reconcile (about a minute) takes over. */
import { INSTANCE_ID, isForeign, isTaggedByIpamd, NO_MANAGE } from '../guards/eni';
import { settledIpamdNode } from '../guards/node';
import { eniPlace, shell } from '../guards/words';
import { defineRule } from '../rule';

export default defineRule({
  id: 'eni-will-be-adopted',
  severity: 'warning',
  scope: 'enis',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(eni, context) {
    const node = settledIpamdNode(context, eni.node);
    if (node === null || !isForeign(eni) || isTaggedByIpamd(eni) || node.cni?.imdsOnly === true) return [];
    if (node.cni?.manageUntagged === false && eni.tags[NO_MANAGE] === undefined) return [];
    const tag = eni.tags[NO_MANAGE];
    return [
      {
        subjects: [eni.id, node.id],
        title: 'The VPC CNI is about to take over this ENI',
        detail: `${eniPlace(eni)} carries neither no_manage=true nor ipamd's own tag: within about a minute ipamd fills it with pod addresses.`,
        evidence: [
          `EC2 tag ${INSTANCE_ID} is absent`,
          tag === undefined ? `EC2 tag ${NO_MANAGE} is absent` : `EC2 tag ${NO_MANAGE}=“${tag}” is not exactly true`,
          `EC2 description “${eni.description}” does not begin with aws-K8S-`,
        ],
        advice: 'Tag it now, if it shall stay yours.',
        command: shell`aws ec2 create-tags --resources ${eni.id} --tags Key=${NO_MANAGE},Value=true`,
      },
    ];
  },
});
