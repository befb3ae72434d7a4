/** P1 (multus.md §6): the pod names a network that does not exist, for more than 30 s (watches of two kinds may be apart that long). */
import { selectionProblem } from '../../cni/multus/networks';
import { idParts } from '../../model/ids';
import type { NetworkRecord } from '../../model/records';
import { hasNetworks } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { olderThan } from '../guards/time';
import { nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule';

const LAG = 30_000;

/** Edits between two short names, given up beyond two. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[b.length] ?? 3;
}

/** The same name elsewhere, else a near one in the namespace, else a near one anywhere. Walked only for a name that is missing. */
function nearest(namespace: string, name: string, context: RuleContext): NetworkRecord | null {
  let best: NetworkRecord | null = null;
  let bestScore = 3;
  for (const network of context.replica.records.networks.values()) {
    if (network.missing || network.namespace === null) continue;
    const score =
      network.name === name ? 0 : distance(network.name, name) + (network.namespace === namespace ? 0 : 0.5);
    if (score < bestScore || (score === bestScore && best !== null && network.id < best.id)) {
      best = network;
      bestScore = score;
    }
  }
  return best;
}

export default defineRule({
  id: 'network-missing',
  severity: 'error',
  scope: 'pods',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(pod, context) {
    if (pod.requested.length === 0 || !hasNetworks(pod)) return [];
    const missing = [...new Set(pod.requested.map(({ network }) => network))].filter((id) => {
      const [namespace = '', name = ''] = idParts(id);
      // A name that cannot be one is the annotation's fault, and another finding's.
      return (
        context.replica.records.networks.get(id)?.missing === true && selectionProblem({ namespace, name }) === null
      );
    });
    if (missing.length === 0 || !olderThan(pod.createdAt, LAG, context)) return [];
    const runs = pod.phase === 'Running';
    const events = signalsOf(context, pod.id, 'NoNetworkFound');
    return missing.map((id) => {
      const [namespace = '', name = ''] = idParts(id);
      const near = nearest(namespace, name, context);
      return {
        subjects: [pod.id, id],
        severity: runs ? 'warning' : 'error',
        title: `Names a network that does not exist: ${namespace}/${name}`,
        detail: `${nameOf(pod.id)} asks for ${namespace}/${name}, and there is no such NetworkAttachmentDefinition. ${
          runs ? 'It runs; a restart would fail.' : 'It cannot start.'
        }`,
        evidence: [
          `Kubernetes: no NetworkAttachmentDefinition ${namespace}/${name}`,
          ...events.map(({ kind, text }) => `event ${kind}: ${text}`),
        ],
        advice: near ? `Did you mean ${nameOf(near.id)}?` : 'Create it, or correct the annotation on the pod template.',
        command: 'kubectl get network-attachment-definitions -A',
        since: runs ? null : pod.createdAt,
      };
    });
  },
});
