/**
 * The API server does not accept the pods of a workload: a webhook does not answer or rejects them, or a quota is used up.
 * No pod exists whose Events could tell, so this finding is about the workload. Its controller tries again, more and more
 * rarely (after a quarter of an hour in the end), and an Event lasts for an hour; a pod that was made since ends the matter.
 */
import { EVENTS, PODS } from '../../model/source-ids';
import { idParts, workloadId } from '../../model/ids';
import { creationText, isOfNetwork } from '../guards/creation-texts';
import { isAged, isRecent, MINUTE } from '../guards/time';
import { counted, shell } from '../guards/words';
import type { Reader } from '../rule/reader';
import { timeOf } from '../rule/time';
import { defineRule } from '../rule/rule';

/** Milliseconds. Longer than the longest wait of a controller between two attempts. */
const MAX_AGE = 40 * MINUTE;

/** DaemonSets without whose pods a new node has no network. */
const NETWORK_AGENTS: ReadonlySet<string> = new Set([
  'aws-node',
  'kube-proxy',
  'kube-multus-ds',
  'cilium',
  'calico-node',
]);

/** When the newest pod of each workload was created, by the workload's id. */
function newestPods(read: Reader): Readonly<Record<string, number>> {
  const newest: Record<string, number> = {};
  for (const { namespace, owner, createdAt } of read.every('pods')) {
    const at = timeOf(createdAt);
    if (owner === null || at === null) continue;
    const id = workloadId(namespace, owner.kind, owner.name);
    if (at > (newest[id] ?? 0)) newest[id] = at;
  }
  return newest;
}

export default defineRule({
  id: 'pods-not-created',
  severity: 'warning',
  scope: 'signals',
  needs: [EVENTS, PODS],
  check({ kind: reason, subject, count, firstAt, lastAt, text }, context) {
    if (reason !== 'FailedCreate' || !subject.startsWith('work:')) return null;
    if (!isAged(firstAt, MINUTE, context) || (lastAt !== null && !isRecent(lastAt, MAX_AGE, context))) return null;
    const made = context.read.shared('the newest pod of each workload', newestPods)[subject];
    if (made !== undefined && made >= (timeOf(lastAt) ?? 0)) return null;
    const [namespace = '', kind = '', name = ''] = idParts(subject);
    const isAgent = kind === 'DaemonSet' && NETWORK_AGENTS.has(name);
    const known = creationText(text);
    return {
      subjects: [subject],
      severity: isAgent || isOfNetwork(text) ? 'error' : 'warning',
      title: 'Its pods cannot be created',
      detail: `The API server does not accept ${made === undefined ? 'the pods' : 'further pods'} of ${kind} ${namespace}/${name}: they do not exist, so no pod shows why. ${
        known?.why ?? 'ifscope does not know this message; the event is all it has.'
      }${isAgent ? ' Without this DaemonSet’s pod, a new node has no network.' : ''}`,
      evidence: [
        `event FailedCreate: ${text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text}`,
        `Kubernetes: seen ${counted(count, 'time')}${made === undefined ? '; no pod of it exists' : '; no pod of it was created since'}`,
      ],
      advice: known?.advice ?? 'Read the event: it names what the API server rejects.',
      command: shell`kubectl -n ${namespace} describe ${kind.toLowerCase()} ${name}`,
      since: timeOf(firstAt) === null ? null : firstAt,
    };
  },
});
