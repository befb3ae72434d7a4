/** P13 (multus.md §6): the node's Multus daemon does not answer: no new pod of the node gets its networks. */
import { signalsOf } from '../guards';
import { defineRule } from '../rule';

export default defineRule({
  id: 'multus-down',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods'],
  check(node, context) {
    if (node.gone || node.deleting || node.ready === false) return [];
    const waiting = [...(context.replica.indexes.podsByNode.get(node.id) ?? [])].filter((id) => {
      const pod = context.replica.records.pods.get(id);
      return (
        pod !== undefined &&
        pod.ips.length === 0 &&
        !pod.deleting &&
        signalsOf(context, id, 'FailedCreatePodSandBox').some(
          ({ text }) =>
            text.includes('multus.sock') ||
            text.includes(
              'multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 500',
            ),
        )
      );
    });
    const since = context.heldSince('unready', node.multus?.ready === false);
    const unready = node.multus?.ready === false && context.now - since >= 60_000;
    if (node.multus?.ready === false && !unready) context.again(since + 60_000);
    if (!unready && waiting.length === 0) return [];
    return [
      {
        subjects: [node.id, ...waiting.slice(0, 10)],
        title: 'Multus does not answer on this node',
        detail: `${node.multus?.ready === false ? `The Multus pod of ${node.name} is not ready` : `Pods on ${node.name} cannot reach Multus`}: every new pod of the node waits.`,
        evidence: [
          ...(node.multus?.ready === false ? ['Kubernetes: the Multus pod of the node is not Ready'] : []),
          ...(waiting.length > 0 ? [`events: ${waiting.length} pods cannot reach multus.sock`] : []),
        ],
        advice: 'Look at the Multus pod of the node and restart it.',
        command: `kubectl get pods -A -o wide --field-selector spec.nodeName=${node.name} | grep multus`,
      },
    ];
  },
});
