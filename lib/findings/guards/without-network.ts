import type { NodeRecord } from '../../model/records';
import type { TextExplanation } from './known-texts';

/** The CNI that should have configured the node's network, if none has. Null if a NotReady aws-node is the cause. */
export function withoutNetwork(node: NodeRecord): TextExplanation | null {
  if (node.ipamd?.ready === true)
    return {
      why: 'aws-node is Ready there, but the container runtime finds no CNI config: 10-aws.conflist, which aws-node writes when it starts, is not in the directory that the runtime reads.',
      advice:
        'Restart aws-node on the node: it writes /etc/cni/net.d/10-aws.conflist again. If the file vanishes, another agent moves it away (Cilium with cni.exclusive renames it). A runtime with another directory for configs (k3s, MicroK8s) needs it there.',
    };
  if (node.ipamd !== null) return null;
  switch (node.computeType) {
    case 'hybrid':
      return {
        why: 'It is a hybrid node: the VPC CNI does not run there, and no other CNI has configured its network.',
        advice:
          'Install Cilium or Calico for the hybrid nodes, with the cluster’s remote pod network as its range, and check that its pod runs on this node.',
      };
    case 'auto':
      return {
        why: 'EKS Auto Mode configures the network of this node itself, and has not done so.',
        advice:
          'Read the conditions of the node and its console output; Auto Mode replaces a node that stays in this state.',
      };
    default:
      return node.cni === null
        ? {
            why: 'No CNI has configured the network of this node: /etc/cni/net.d has no config there.',
            advice:
              'Check that the DaemonSet of the cluster’s CNI runs on this node: its node selector, affinity and tolerations.',
          }
        : null;
  }
}
