/** P1 (multus.md §6): the pod names a network that does not exist, for more than 30 s (watches of two kinds may be apart that long). */
import { idParts } from '../../model/ids';
import type { NetworkRecord } from '../../model/records';
import { olderThan, signalsOf } from '../guards';
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

/** The same name elsewhere, else a near one in the namespace, else a near one anywhere. */
function nearest(namespace: string, name: string, context: RuleContext): NetworkRecord | null {
  let best: NetworkRecord | null = null;
  let bestScore = 3;
  for (const network of context.replica.records.networks.values()) {
    if (network.missing || network.namespace === null) continue;
    const score =
      network.name === name ? 0 : distance(network.name, name) + (network.namespace === namespace ? 0 : 0.5);
    if (score < bestScore) {
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
    if (pod.deleting || pod.phase === 'Succeeded' || pod.phase === 'Failed' || pod.requested.length === 0) return [];
    if (!olderThan(pod.createdAt, LAG, context)) return [];
    const missing = [...new Set(pod.requested.map(({ network }) => network))].filter(
      (id) => context.replica.records.networks.get(id)?.missing === true,
    );
    return missing.map((id) => {
      const [namespace = '', name = ''] = idParts(id);
      const near = nearest(namespace, name, context);
      const running = pod.phase === 'Running';
      const events = signalsOf(context, pod.id, 'NoNetworkFound');
      return {
        subjects: [pod.id, id],
        title: `Names a network that does not exist: ${namespace}/${name}`,
        detail: `${pod.namespace}/${pod.name} asks for ${namespace}/${name}, and there is no such NetworkAttachmentDefinition. ${
          running ? 'It runs; a restart would fail.' : 'It cannot start.'
        }`,
        evidence: [
          `Kubernetes: no NetworkAttachmentDefinition ${namespace}/${name}`,
          ...events.map((signal) => `event ${signal.kind}: ${signal.text}`),
        ],
        advice: near
          ? `Did you mean ${near.namespace ?? ''}/${near.name}?`
          : 'Create it, or correct the annotation on the pod template.',
        command: `kubectl get network-attachment-definitions -A`,
        since: running ? null : pod.createdAt,
      };
    });
  },
});
