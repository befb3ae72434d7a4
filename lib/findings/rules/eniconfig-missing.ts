/**
 * ENICONFIG_MISSING (vpc-cni §7, §10): custom networking refers to a missing or unusable ENIConfig. A NotReady node, its
 * symptom, does not suppress the finding.
 */
import { ENI_CONFIGS, EVENTS, NODES } from '../../model/source-ids';
import { isEstablished } from '../guards/node';
import { signalsOf } from '../guards/signals';
import { shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'eniconfig-missing',
  severity: 'error',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, ENI_CONFIGS],
  uses: [EVENTS],
  check(node, context) {
    if (node.computeType !== 'ec2' || node.cni?.customNetworking !== true) return null;
    if (node.eniConfig === null || !isEstablished(node, context)) return null;
    const name = node.eniConfig.name ?? 'default';
    const custom = 'aws-node: AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true';
    if (node.eniConfig.found === true && node.eniConfigProblems.length > 0)
      return {
        subjects: [node.id],
        title: `ENIConfig ${name} cannot be used`,
        detail: `Custom networking is on, and ${node.name} uses the ENIConfig “${name}”, which ifscope found unusable: ${node.eniConfigProblems.join('; ')}. ipamd attaches no ENI for pods with it, and a new node never becomes Ready.`,
        evidence: [custom, ...node.eniConfigProblems.map((problem) => `Kubernetes: ENIConfig ${name}: ${problem}`)],
        advice: 'Correct the ENIConfig, and replace the nodes that started with it.',
        command: shell`kubectl get eniconfigs.crd.k8s.amazonaws.com ${name} -o yaml`,
      };
    if (node.eniConfig.found !== false) return null;
    const events = signalsOf(context, node.id, 'EniConfigNameNotFound');
    const { eniConfigSource: source } = node;
    const isFallback = source?.startsWith('no ') === true;
    return {
      subjects: [node.id],
      title: `ENIConfig ${name} does not exist`,
      detail: `Custom networking is on, and ${node.name} resolves to the ENIConfig “${name}”${isFallback ? `, because the node has ${source}` : ''}. Without it ipamd attaches no ENI for pods, and a new node never becomes Ready.`,
      evidence: [
        custom,
        `Kubernetes: no ENIConfig named ${name}`,
        source === null ? null : `Kubernetes: ${node.name} has ${source}`,
        ...events.map(({ kind, text }) => `event ${kind}: ${text}`),
      ],
      advice: isFallback
        ? 'If the ENIConfigs are named after zones, set ENI_CONFIG_LABEL_DEF=topology.kubernetes.io/zone on aws-node; otherwise name one of them in that label or annotation of the node.'
        : 'Create it with a subnet in the node’s zone, or change the label or annotation on the node so that it names another.',
      command: 'kubectl get eniconfigs.crd.k8s.amazonaws.com',
    };
  },
});
