/**
 * Pods of the node get their AWS credentials from the EKS Pod Identity Agent of the same node (vpc-cni §9), and no Ready one runs there:
 * aws-node itself may be such a pod, and then no pod of the node gets an address. Auto Mode has the agent built in; Fargate and Windows
 * have none, and EKS gives their pods no token.
 */
import { NODES, PODS } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { POD_IDENTITY } from '../../topology/shared/signals';
import { isEstablished } from '../guards/node';
import { signalsOf } from '../guards/signals';
import { counted, listed, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

interface Lack {
  /** The agent's pod that is not Ready; null if there is none. */
  readonly agent: string | null;
  /** The pods that need it, as `NAMESPACE/NAME`. */
  readonly pods: readonly string[];
}

/** What the node lacks; null if nothing. */
function lackOf(node: Steady<'nodes'>, context: RuleContext): Lack | null {
  if (node.os === 'windows' || (node.computeType !== 'ec2' && node.computeType !== 'hybrid')) return null;
  const [signal] = signalsOf(context, node.id, POD_IDENTITY);
  if (signal === undefined || !isEstablished(node, context)) return null;
  const [agent = '', pods = ''] = signal.text.split(': ');
  return { agent: agent === 'none' ? null : agent, pods: pods.split(', ') };
}

const isAwsNode = (pod: string): boolean => pod.startsWith('kube-system/aws-node-');

/** Whether aws-node gets no credentials for EC2 because of that. */
export const starvesAwsNode = (node: NodeRecord, context: RuleContext): boolean =>
  lackOf(node, context)?.pods.some(isAwsNode) === true;

export default defineRule({
  id: 'pod-identity-agent-missing',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, PODS],
  check(node, context) {
    const lack = lackOf(node, context);
    if (lack === null) return null;
    const { agent, pods } = lack;
    const taints = node.taints.filter(({ effect }) => effect !== 'PreferNoSchedule').map(({ key }) => key);
    return {
      subjects: [node.id, ...pods.slice(0, 10).map((pod) => `pod:${pod}`)],
      severity: pods.some(isAwsNode) ? 'error' : 'warning',
      title:
        agent === null
          ? 'The EKS Pod Identity Agent does not run here'
          : 'The EKS Pod Identity Agent is not Ready here',
      detail: `${counted(pods.length, 'pod')} of ${node.name} (${listed(pods)}) ${pods.length === 1 ? 'gets its' : 'get their'} AWS credentials from the EKS Pod Identity Agent on the node (169.254.170.23), and ${
        agent === null ? 'no pod of it runs there' : `its pod ${agent} is not Ready`
      }: calls to AWS fail, or are made with the role of the node.`,
      evidence: [
        `Kubernetes: ${counted(pods.length, 'pod')} with the volume eks-pod-identity-token`,
        taints.length === 0 || agent !== null ? null : `Kubernetes: the node has the taints ${listed(taints)}`,
      ],
      advice:
        agent !== null
          ? 'Read its log: it needs eks-auth:AssumeRoleForPodIdentity in the role of the node, a way to the EKS Auth API, and IPv6 on the node or its setting for nodes without it.'
          : taints.length === 0
            ? 'Install the add-on eks-pod-identity-agent, or check why its DaemonSet has no pod on this node.'
            : `Give the DaemonSet of the add-on eks-pod-identity-agent tolerations for ${listed(taints)} (its configuration value tolerations), or install the add-on.`,
      command: shell`kubectl -n kube-system get pods -o wide -l app.kubernetes.io/name=eks-pod-identity-agent`,
    };
  },
});
