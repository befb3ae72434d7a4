/** CORDON_NO_GROW (vpc-cni.md §2.4): a cordoned node's pool does not grow, by design; DaemonSet pods may wait there. */
import { defineRule } from '../rule';
import { hasIpamd, signalsOf } from '../guards';

export default defineRule({
  id: 'cordoned-no-growth',
  severity: 'info',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods'],
  check(node, context) {
    if (!hasIpamd(node) || !node.unschedulable || node.gone) return [];
    const waiting = [...(context.replica.indexes.podsByNode.get(node.id) ?? [])].filter((id) => {
      const pod = context.replica.records.pods.get(id);
      return (
        pod?.owner?.kind === 'DaemonSet' &&
        pod.ips.length === 0 &&
        !pod.hostNetwork &&
        signalsOf(context, id, 'FailedCreatePodSandBox').some(({ text }) =>
          text.includes('failed to assign an IP address'),
        )
      );
    });
    if (waiting.length === 0) return [];
    return [
      {
        subjects: [node.id, ...waiting.slice(0, 10)],
        title: 'Cordoned: its pool does not grow',
        detail: `${node.name} is cordoned, so ipamd adds no addresses, and ${waiting.length} DaemonSet pods wait for one.`,
        evidence: [
          'Kubernetes: taint node.kubernetes.io/unschedulable',
          'events: failed to assign an IP address to container',
        ],
        advice: 'Uncordon the node, or set AWS_MANAGE_ENIS_NON_SCHEDULABLE=true on aws-node.',
        command: `kubectl uncordon ${node.name}`,
      },
    ];
  },
});
