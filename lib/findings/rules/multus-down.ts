/** P13 (multus.md §6): the node's Multus daemon does not answer: no new pod of the node gets its networks. */
import { isStanding } from '../guards/node';
import { refusalsOn } from '../guards/signals';
import { heldFor, MINUTE } from '../guards/time';
import { count, shell } from '../guards/words';
import { defineRule } from '../rule';

export default defineRule({
  id: 'multus-down',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods'],
  check(node, context) {
    // A node that is down altogether is nobody's network. A DaemonSet's rollout takes less than a minute.
    if (node.ready === false || !isStanding(node, context)) return [];
    const since = heldFor('not ready', node.multus?.ready === false, MINUTE, context);
    const waiting = refusalsOn(context, node.id, 'multus-down');
    if (since === null && waiting.length === 0) return [];
    return [
      {
        subjects: [node.id, ...waiting.slice(0, 10).map(({ pod }) => pod.id)],
        title: 'Multus does not answer on this node',
        detail: `${node.multus?.ready === false ? `The Multus pod of ${node.name} is not ready` : `Pods on ${node.name} cannot reach Multus`}: every new pod of the node waits.`,
        evidence: [
          ...(node.multus?.ready === false ? ['Kubernetes: the Multus pod of the node is not Ready'] : []),
          ...(waiting.length > 0 ? [`events: ${count(waiting.length, 'pod', 'pods')} cannot reach multus.sock`] : []),
        ],
        advice: 'Look at the Multus pod of the node and restart it.',
        command: shell`kubectl get pods -A -o wide --field-selector spec.nodeName=${node.name}`,
        since: since === null ? null : new Date(since).toISOString(),
      },
    ];
  },
});
