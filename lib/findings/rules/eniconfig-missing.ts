/**
 * ENICONFIG_MISSING (vpc-cni.md §7, §10): custom networking names an ENIConfig that does not exist. Not muted by NotReady: that is its
 * symptom.
 */
import { isStanding } from '../guards/node';
import { defineRule } from '../rule';

export default defineRule({
  id: 'eniconfig-missing',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/eniconfigs'],
  check(node, context) {
    if (node.computeType !== 'ec2' || node.cni?.customNetworking !== true) return [];
    if (node.eniConfig?.found !== false || !isStanding(node, context)) return [];
    const name = node.eniConfig.name ?? 'default';
    return [
      {
        subjects: [node.id],
        title: `ENIConfig ${name} does not exist`,
        detail: `Custom networking is on, and ${node.name} resolves to the ENIConfig “${name}”. Without it ipamd attaches no ENI for pods, and a new node never becomes Ready.`,
        evidence: ['aws-node: AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true', `Kubernetes: no ENIConfig named ${name}`],
        advice: 'Create it with the subnet of the node’s zone, or set the label or annotation that names another.',
        command: 'kubectl get eniconfigs.crd.k8s.amazonaws.com',
      },
    ];
  },
});
