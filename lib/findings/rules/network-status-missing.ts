/**
 * P5 (multus.md §6): the pod runs, asked for networks, and reports none. A pod that started before the node's Multus may legitimately
 * report none (false-alarm traps), or have started too early after a reboot: that is said, and is no warning.
 */
import type { NodeRecord, PodRecord } from '../../model/records';
import { nodeOf } from '../guards/node';
import { facesOf, hasNetworks, isExtra } from '../guards/pod';
import { timeOf } from '../guards/time';
import { count, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule';

function isBefore(pod: PodRecord, node: NodeRecord | null): boolean {
  const multus = timeOf(node?.multus?.startedAt ?? null);
  const start = timeOf(pod.startedAt);
  return multus !== null && start !== null && start < multus;
}

/** Whether another pod of the node reports networks, so that Multus does work there. */
function othersReport(pod: PodRecord, context: RuleContext): boolean {
  for (const id of context.replica.indexes.podsByNode.get(pod.node ?? '') ?? []) {
    const other = context.replica.records.pods.get(id);
    if (id !== pod.id && other?.phase === 'Running' && other.statusAnnotation.state === 'valid') return true;
  }
  return false;
}

export default defineRule({
  id: 'network-status-missing',
  severity: 'warning',
  scope: 'pods',
  needs: ['kubernetes/pods'],
  check(pod, context) {
    if (pod.phase !== 'Running' || !hasNetworks(pod) || pod.requested.length === 0) return [];
    if (facesOf(context, pod).some(isExtra)) return [];
    const node = nodeOf(context, pod.node);
    const before = isBefore(pod, node);
    const others = othersReport(pod, context);
    const cause =
      node?.multus == null
        ? 'Multus is not seen on this node'
        : before
          ? 'the pod started before the Multus that runs there now'
          : others
            ? 'other pods of this node report theirs: a chained config without cniVersion leaves no entry'
            : 'no pod of this node reports any: Multus may not be first in the CNI folder';
    return [
      {
        subjects: [pod.id, ...(node ? [node.id] : [])],
        severity: before ? 'info' : 'warning',
        title: 'Runs without reporting the networks it asked for',
        detail: `${nameOf(pod.id)} asks for ${count(pod.requested.length, 'network')}, and its network-status ${pod.statusAnnotation.state === 'absent' ? 'is absent' : 'names none'}: ${cause}.`,
        evidence: [
          `Kubernetes: annotation network-status ${pod.statusAnnotation.state}`,
          `Kubernetes: ${others ? 'other running pods' : 'no other running pod'} of the node ${others ? 'have' : 'has'} one`,
        ],
        advice: before
          ? 'Delete the pod, so that it starts with Multus.'
          : 'Look at the CNI configuration folder and at Multus on the node.',
        command: shell`kubectl -n ${pod.namespace} delete pod ${pod.name}`,
        since: pod.startedAt,
      },
    ];
  },
});
