/**
 * ENI_ADOPTED (vpc-cni §1.2, §10): ipamd took over an ENI that somebody else made. When it is idle, ipamd may detach and
 * delete it; an EFA one it never deletes. A deliberate `no_manage=false` is left out.
 */
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { eniPlace, listed, nameOf, shell } from '../guards/words';
import { INSTANCE_ID, isForeign, isTaggedByIpamd, networksOn, NO_MANAGE } from '../guards/eni';
import { settledIpamdNode } from '../guards/node';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'eni-adopted',
  severity: 'error',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS],
  check(eni, context) {
    const node = settledIpamdNode(context, eni.node);
    if (node === null || !isForeign(eni) || !isTaggedByIpamd(eni)) return [];
    const networks = networksOn(context, eni);
    const efa = eni.interfaceType === 'efa';
    const tag = eni.tags[NO_MANAGE];
    return [
      {
        subjects: [eni.id, node.id, ...networks],
        severity: efa ? 'warning' : 'error',
        title: 'The VPC CNI took over an ENI that it did not make',
        detail: `${eniPlace(eni)} was made by somebody else and carries ipamd's tag now. ipamd gives its addresses to pods and sets its security groups${
          efa ? '; an EFA one it does not delete' : ', and detaches and deletes it when it is idle'
        }.${networks.length > 0 ? ` Networks hang on it: ${listed(networks.map(nameOf))}.` : ''}`,
        evidence: [
          `EC2 tag ${INSTANCE_ID}=${eni.instanceId ?? ''}`,
          `EC2 description “${eni.description}” does not begin with aws-K8S-`,
          tag === undefined ? `EC2 tag ${NO_MANAGE} is absent` : `EC2 tag ${NO_MANAGE}=“${tag}” is not exactly true`,
        ],
        advice:
          'Drain the node, tag the ENI no_manage=true and restart aws-node there. Tag such ENIs before they are attached.',
        command: shell`aws ec2 create-tags --resources ${eni.id} --tags Key=${NO_MANAGE},Value=true`,
      },
    ];
  },
});
