/**
 * The API server rejects the pods of a workload: a webhook does not answer or denies them, or a quota is exceeded.
 * No pod exists that could have Events, so the finding is about the workload. Its controller retries with exponential
 * backoff (up to about a quarter of an hour), and an Event lasts for an hour. A pod that was created since resolves it.
 */
import { EVENTS, PODS } from '../../model/source-ids';
import { idParts, workloadId } from '../../model/ids';
import { creationText, isOfNetwork } from '../guards/creation-texts';
import { isAged, isRecent, MINUTE } from '../guards/time';
import { counted, shell } from '../guards/words';
import type { Reader } from '../rule/reader';
import { timeOf } from '../rule/time';
import { defineRule } from '../rule/rule';

/** Milliseconds. Longer than a controller's longest delay between two attempts. */
const MAX_AGE = 40 * MINUTE;

/** DaemonSets whose pods a new node needs for its network. */
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
      detail: `The API server rejects ${made === undefined ? 'the pods' : 'further pods'} of ${kind} ${namespace}/${name}, so there is no pod that shows why. ${
        known?.why ?? 'ifscope does not know this message; the event is all it has.'
      }${isAgent ? ' Without this DaemonSet’s pod, a new node has no network.' : ''}`,
      evidence: [
        `event FailedCreate: ${text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text}`,
        `Kubernetes: seen ${counted(count, 'time')}${made === undefined ? '; the workload has no pod' : '; no pod of the workload was created since'}`,
      ],
      advice: known?.advice ?? 'Read the event: it names what the API server rejects.',
      command: shell`kubectl -n ${namespace} describe ${kind.toLowerCase()} ${name}`,
      since: timeOf(firstAt) === null ? null : firstAt,
    };
  },
});
