/**
 * ENI_WILL_BE_ADOPTED (vpc-cni §1.2, §10; multus §3.1, P22): a foreign ENI without ipamd's tag, which ipamd takes over at
 * its next reconcile (within about a minute). Under multi-NIC, the only ENI of a further card is meant to be adopted.
 * Without write access to EC2, ipamd sets no tags, so a missing tag means nothing.
 */
import { INSTANCE_ID_TAG, NO_MANAGE_TAG } from '../../model/eni-tags';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { isCardsOnly, isForeign, isTaggedByIpamd, networksOn, isNodesOwn } from '../guards/eni';
import { settledIpamdNode } from '../guards/node';
import { eniPlace, listed, nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'eni-will-be-adopted',
  severity: 'warning',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS],
  check(eni, context) {
    const node = settledIpamdNode(context, eni.node);
    if (node === null || !isForeign(eni) || isTaggedByIpamd(eni) || isNodesOwn(context, eni, node)) return null;
    if (node.cni?.imdsOnly === true || node.cni?.networkResourceProvisioning === false) return null;
    if (node.cni?.manageUntagged === false && eni.tags[NO_MANAGE_TAG] === undefined) return null;
    const tag = eni.tags[NO_MANAGE_TAG];
    const networks = networksOn(context, eni);
    const needed = isCardsOnly(context, eni, node);
    if (needed && networks.length === 0) return null;
    return {
      subjects: [eni.id, node.id, ...networks],
      title: 'The VPC CNI will adopt this ENI',
      detail: `${eniPlace(eni)} carries neither no_manage=true nor ipamd's own tag: within about a minute of its attachment ipamd adopts it and fills it with pod addresses.${
        networks.length > 0 ? ` Networks that use it: ${listed(networks.map(nameOf))}.` : ''
      }`,
      evidence: [
        `EC2 tag ${INSTANCE_ID_TAG} is absent`,
        tag === undefined
          ? `EC2 tag ${NO_MANAGE_TAG} is absent`
          : `EC2 tag ${NO_MANAGE_TAG}=“${tag}” is not exactly true`,
        `EC2 description “${eni.description}” does not begin with aws-K8S-`,
      ],
      advice: needed
        ? 'Move the networks to another ENI: with no_manage=true on this one, multi-NIC pods would get no interface on its card.'
        : 'Tag it now if you want to keep it.',
      command: needed ? null : shell`aws ec2 create-tags --resources ${eni.id} --tags Key=${NO_MANAGE_TAG},Value=true`,
    };
  },
});
