/**
 * ENI_ADOPTED (vpc-cni §1.2, §10): ipamd has adopted an ENI that it did not create. Once the ENI is idle, ipamd may
 * detach and delete it (but never an EFA ENI). A deliberate `no_manage=false` is not reported. Under multi-NIC, the only
 * ENI of a further card is meant for ipamd, which never deletes it: no_manage would turn multi-NIC off on that card.
 * In IPv6 mode it detaches and deletes nothing, and assigns addresses only from a /80 prefix of the ENI (vpc-cni §2.2).
 */
import { INSTANCE_ID_TAG, NO_MANAGE_TAG } from '../../model/eni-tags';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { eniPlace, listed, nameOf, shell } from '../guards/words';
import { isCardsOnly, isForeign, isTaggedByIpamd, networksOn, isNodesOwn } from '../guards/eni';
import { settledIpamdNode } from '../guards/node';
import { defineRule, type RuleContext } from '../rule/rule';

/** What ipamd does with an adopted ENI in IPv6 mode. */
function inIpv6Mode(id: string, { read }: RuleContext): string {
  const hasPrefix = read.whole('enis', id)?.prefixes.some(({ cidr }) => cidr.includes(':')) === true;
  return `ipamd sets its security groups${hasPrefix ? ' and assigns pods addresses from its IPv6 prefix' : '; it has no IPv6 prefix, so pods get no addresses from it'}. In IPv6 mode, ipamd neither detaches nor deletes ENIs`;
}

export default defineRule({
  id: 'eni-adopted',
  severity: 'error',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS],
  check(eni, context) {
    const node = settledIpamdNode(context, eni.node);
    if (node === null || !isForeign(eni) || !isTaggedByIpamd(eni) || isNodesOwn(context, eni, node)) return null;
    const networks = networksOn(context, eni);
    const needed = isCardsOnly(context, eni, node);
    if (needed && networks.length === 0) return null;
    const efa = eni.interfaceType === 'efa';
    const isIpv6 = node.cni?.mode === 'ipv6';
    const tag = eni.tags[NO_MANAGE_TAG];
    return {
      subjects: [eni.id, node.id, ...networks],
      severity: efa || needed || isIpv6 ? 'warning' : 'error',
      title: 'The VPC CNI adopted an ENI that it did not create',
      detail: `${eniPlace(eni)} was not created by ipamd and now carries its tag. ${
        isIpv6
          ? inIpv6Mode(eni.id, context)
          : `ipamd gives its addresses to pods and sets its security groups${
              needed
                ? '; it stays, because it is the only ENI of its card'
                : efa
                  ? '; ipamd does not delete EFA ENIs'
                  : ', and detaches and deletes it when it is idle'
            }`
      }.${networks.length > 0 ? ` Networks that use it: ${listed(networks.map(nameOf))}.` : ''}`,
      evidence: [
        `EC2 tag ${INSTANCE_ID_TAG}=${eni.instanceId ?? ''}`,
        `EC2 description “${eni.description}” does not begin with aws-K8S-`,
        tag === undefined
          ? `EC2 tag ${NO_MANAGE_TAG} is absent`
          : `EC2 tag ${NO_MANAGE_TAG}=“${tag}” is not exactly true`,
      ],
      advice: needed
        ? 'Move the networks to another ENI: with no_manage=true on this one, multi-NIC pods would get no interface on its card.'
        : node.cni?.imdsOnly === true
          ? 'In IMDS-only mode ipamd reads no tags: attach such ENIs to nodes without it.'
          : 'Drain the node, tag the ENI no_manage=true and restart aws-node there. Tag such ENIs before they are attached.',
      command:
        needed || node.cni?.imdsOnly === true
          ? null
          : shell`aws ec2 create-tags --resources ${eni.id} --tags Key=${NO_MANAGE_TAG},Value=true`,
    };
  },
});
