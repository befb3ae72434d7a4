/**
 * ENI_ADOPTED (vpc-cni.md §1.2, §10): ipamd took over an ENI that somebody else made. When it is idle, ipamd may detach and delete
 * it. A deliberate `no_manage=false` is left out.
 */
import { defineRule } from '../rule';
import { eniPlace, isPrimary, nodeOf } from '../guards';

export default defineRule({
  id: 'eni-adopted',
  severity: 'error',
  scope: 'enis',
  needs: ['ec2/network-interfaces'],
  check(eni, context) {
    const node = nodeOf(context, eni.node);
    if (node === null || eni.instanceId === null || isPrimary(eni) || eni.creator !== 'other') return [];
    if (eni.interfaceType !== 'interface' && eni.interfaceType !== 'efa') return [];
    if (eni.management.state !== 'managed' || eni.management.rule !== 'instance-id-tag') return [];
    const attachments = [...(context.replica.indexes.attachmentsByNode.get(node.id) ?? [])].filter(
      (id) => context.replica.records.attachments.get(id)?.eni === eni.id,
    );
    const networks = attachments
      .map((id) => context.replica.records.attachments.get(id)?.network)
      .filter((id) => id !== undefined);
    return [
      {
        subjects: [eni.id, node.id, ...networks],
        title: 'The VPC CNI took over an ENI that it did not make',
        detail: `${eniPlace(eni)} was made by somebody else (description “${eni.description}”), and carries ipamd's tag now. ipamd gives its addresses to pods, sets its security groups, and deletes it when it is idle.${
          networks.length > 0 ? ` Networks hang on it: ${networks.join(', ')}.` : ''
        }`,
        evidence: [
          `EC2 tag node.k8s.amazonaws.com/instance_id=${eni.instanceId}`,
          `EC2 description “${eni.description}” does not begin with aws-K8S-`,
          'EC2 tag node.k8s.amazonaws.com/no_manage is absent',
        ],
        advice:
          'Move its pods away, tag it no_manage=true and restart aws-node on the node; tag such ENIs before they are attached.',
        command: `aws ec2 create-tags --resources ${eni.id} --tags Key=node.k8s.amazonaws.com/no_manage,Value=true`,
      },
    ];
  },
});
