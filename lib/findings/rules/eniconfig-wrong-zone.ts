/**
 * ENICONFIG_WRONG_AZ (vpc-cni §7, §10): the ENIConfig's subnet is in another zone, so no ENI can attach. A NotReady node
 * does not suppress the finding.
 */
import { ENI_CONFIGS, NODES, SUBNETS } from '../../model/source-ids';
import { isEstablished } from '../guards/node';
import { shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'eniconfig-wrong-zone',
  severity: 'error',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, ENI_CONFIGS, SUBNETS],
  check(node, context) {
    if (node.computeType !== 'ec2' || node.cni?.customNetworking !== true || node.zone === null) return null;
    const subnet = context.read.one('subnets', node.eniConfig?.subnet ?? null);
    if (subnet?.zone == null || subnet.zone === node.zone || !isEstablished(node, context)) return null;
    return {
      subjects: [node.id, subnet.id],
      title: `ENIConfig ${node.eniConfig?.name ?? ''} is for another zone`,
      detail: `${node.name} is in ${node.zone}; the ENIConfig names ${subnet.id}, which is in ${subnet.zone}. EC2 attaches no ENI across zones.`,
      evidence: [`Kubernetes: node zone ${node.zone}`, `EC2: ${subnet.id} in ${subnet.zone}`],
      advice:
        'Have one ENIConfig per zone, named after it, and set ENI_CONFIG_LABEL_DEF=topology.kubernetes.io/zone on aws-node; or correct its subnet.',
      command: shell`kubectl get eniconfigs.crd.k8s.amazonaws.com ${node.eniConfig?.name ?? ''} -o yaml`,
    };
  },
});
