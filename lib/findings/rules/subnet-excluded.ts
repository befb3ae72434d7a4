/** SUBNET_EXCLUDED (vpc-cni.md §1.1): an ENI of the CNI lies in a subnet that it may not use; its addresses count for nothing. */
import { defineRule } from '../rule';
import { eniPlace, hasIpamd, nodeOf, subnetOf } from '../guards';

export default defineRule({
  id: 'subnet-excluded',
  severity: 'info',
  scope: 'enis',
  needs: ['ec2/network-interfaces', 'ec2/subnets'],
  check(eni, context) {
    const node = nodeOf(context, eni.node);
    const subnet = subnetOf(context, eni.subnet);
    if (node === null || subnet === null || eni.management.state !== 'managed' || !hasIpamd(node)) return [];
    if (eni.role === 'trunk' || subnet.tags['kubernetes.io/role/cni'] !== '0') return [];
    return [
      {
        subjects: [eni.id, node.id, subnet.id],
        title: 'Lies in a subnet that the CNI may not use',
        detail: `${subnet.id} is tagged kubernetes.io/role/cni=0, so ipamd gives pods no address of ${eniPlace(eni)}.`,
        evidence: [`EC2: subnet tag kubernetes.io/role/cni=0`, `EC2: ${eni.id} is in ${subnet.id}`],
        advice: 'Remove the tag if these addresses shall be used; otherwise nothing is to be done.',
      },
    ];
  },
});
