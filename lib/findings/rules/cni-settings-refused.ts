/**
 * aws-node exits at startup with these settings (vpc-cni §9). A NotReady aws-node, their effect, does not suppress the
 * finding. A running one was started with other settings, or by a version that did not check them.
 */
import { NODES, PODS } from '../../model/source-ids';
import { hasIpamd, isEstablished } from '../guards/node';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'cni-settings-refused',
  severity: 'error',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, PODS],
  check(node, context) {
    const refused = node.cni?.refused ?? [];
    if (refused.length === 0 || node.ipamd?.ready !== false || !hasIpamd(node) || !isEstablished(node, context))
      return null;
    return {
      subjects: [node.id],
      title: 'aws-node refuses its settings and cannot start',
      detail: `aws-node on ${node.name} is not Ready: it exits at startup because ${refused.join('; ')}.`,
      evidence: refused.map((reason) => `Kubernetes, environment of aws-node: ${reason}`),
      advice: 'Correct the variables of the DaemonSet aws-node, or of the add-on’s configuration.',
      command: 'kubectl -n kube-system get daemonset aws-node -o yaml',
    };
  },
});
