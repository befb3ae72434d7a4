/**
 * P13 (multus §6): the node's Multus daemon does not respond, so new pods get no networks. A daemon created within the last
 * minute may still be starting.
 */
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import { isEstablished } from '../guards/node';
import { refusalsOn } from '../guards/signals';
import { heldAtLeast, isAged, MINUTE } from '../guards/time';
import { counted, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'multus-down',
  severity: 'error',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, PODS],
  uses: [EVENTS],
  check(node, context) {
    // A node that is down is not a Multus problem. A DaemonSet rollout takes less than a minute.
    if (node.ready === false || !isEstablished(node, context)) return null;
    const started = node.multus?.startedAt ?? null;
    const held = heldAtLeast('not ready', node.multus?.ready === false, MINUTE, context);
    const down = node.multus?.ready === false && (started === null ? held !== null : isAged(started, MINUTE, context));
    const waiting = refusalsOn(context, node.id, 'multus-down');
    if (!down && waiting.length === 0) return null;
    return {
      subjects: [node.id, ...waiting.slice(0, 10).map(({ pod }) => pod.id)],
      title: 'Multus does not answer on this node',
      detail: `${node.multus?.ready === false ? `The Multus pod of ${node.name} is not ready` : `Pods on ${node.name} cannot reach Multus`}: ${waiting.length > 0 ? 'every new pod of the node waits' : 'new pods of the node will wait, or start without their networks'}.`,
      evidence: [
        node.multus?.ready === false ? 'Kubernetes: the Multus pod of the node is not Ready' : null,
        waiting.length > 0 ? `events: ${counted(waiting.length, 'pod')} cannot reach multus.sock` : null,
      ],
      advice: 'Check the Multus pod on the node, and restart it.',
      command: shell`kubectl get pods -A -o wide --field-selector spec.nodeName=${node.name}`,
      since: held === null ? null : new Date(held).toISOString(),
    };
  },
});
