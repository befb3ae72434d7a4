/**
 * A pod whose deletion does not complete because the kubelet cannot tear its network down: it keeps its address, its name
 * and its place on the node. Quotes the newest Event.
 */
import { readCniFailure, type CniFailureKind } from '../../cni/errors';
import type { PodRecord, SignalRecord } from '../../model/records';
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import { knownOf } from '../guards/known-texts';
import { interfacesOf } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { isAged, isRecent, MINUTE } from '../guards/time';
import { awsNodeLog, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import { timeOf } from '../rule/time';

const REASONS = ['FailedKillPod', 'FailedSync', 'FailedPodSandBoxStatus'];

/** Matches messages about the sandbox and its network, not about a container that does not terminate. */
const SANDBOX_TEXT = /KillPodSandbox|destroy network|sandbox/i;

/** The kubelet retries within minutes. Milliseconds. */
const MAX_AGE = 15 * MINUTE;

function newestOf(pod: PodRecord, context: RuleContext): SignalRecord | undefined {
  return REASONS.flatMap((reason) => signalsOf(context, pod.id, reason))
    .filter(({ text, lastAt }) => SANDBOX_TEXT.test(text) && isRecent(lastAt, MAX_AGE, context))
    .sort((a, b) => (timeOf(b.lastAt) ?? 0) - (timeOf(a.lastAt) ?? 0))[0];
}

/** Failures that mean the same whether a pod starts or stops. */
const SAME_FOR_BOTH: ReadonlySet<CniFailureKind> = new Set([
  'interface-name-kept',
  'state-file-cut',
  'api-slow',
  'cluster-config-gone',
  'config-file-missing',
  'function-gone',
  'networks-not-served',
  'plugin-killed',
  'whereabouts-busy',
  'whereabouts-file-missing',
  'agent-missing',
  'api-proxied',
  'api-unreachable',
  'api-untrusted',
  'command-missing',
  'disk-full',
  'forbidden',
  'output-not-json',
  'plugin-not-run',
  'unauthorized',
]);

/** The plugin that did not respond, and what to check. */
function remedy(text: string, node: string): readonly [why: string, advice: string] {
  const failure = readCniFailure(text);
  const known = SAME_FOR_BOTH.has(failure.kind) ? knownOf(failure) : null;
  if (known !== null) return [known.why, `${known.advice} The kubelet tries again by itself.`];
  switch (failure.kind) {
    case 'ipamd-down':
      return [
        'ipamd does not answer on the node, so the plugin cannot release the address.',
        `Check aws-node on ${node}: its readiness, its restarts and its log. The kubelet tries again by itself.`,
      ];
    case 'multus-down':
      return [
        'Multus does not answer on the node.',
        `Check the Multus pod on ${node}. The kubelet tries again by itself. If Multus was removed, its config (00-multus.conf) must leave the CNI folder as well: pods are removed through it.`,
      ];
    case 'kubeconfig-missing':
      return [
        `The plugin asks the API server with a kubeconfig, which it cannot read on the node: ${failure.subject ?? ''}.`,
        `Restart the pod on ${node} that writes it (kube-multus for Multus, whereabouts). If Multus was removed, its config (00-multus.conf) must leave the CNI folder as well: pods are removed through it.`,
      ];
    case 'plugin-missing':
      return [
        'A CNI plugin is not on the node any more.',
        `Install the plugin on ${node} again: it is needed to remove pods as well as to create them.`,
      ];
    default:
      return [
        'ifscope does not know this message; the Event is all it has.',
        'Read the Event from its end: the last part comes from the innermost plugin.',
      ];
  }
}

export default defineRule({
  id: 'pod-stop-failed',
  severity: 'warning',
  scope: 'pods',
  needs: [NODES, PODS],
  uses: [EVENTS],
  check(pod, context) {
    if (!pod.deleting || pod.node === null || pod.hostNetwork) return null;
    const signal = newestOf(pod, context);
    if (signal === undefined || !isAged(signal.firstAt, MINUTE, context)) return null;
    const node = nameOf(pod.node);
    const [why, advice] = remedy(signal.text, node);
    const devices = interfacesOf(context, pod).flatMap(({ device }) => device?.pciAddress ?? []);
    const kept = [...pod.ips, ...devices];
    const held = kept.length === 0 ? '' : ` It keeps ${kept.join(' and ')} until then.`;
    return {
      subjects: [pod.id, pod.node],
      title: 'Cannot be stopped: its sandbox cannot be removed',
      detail: `${nameOf(pod.id)} is being deleted but stays on ${node}: the kubelet cannot take its network down. ${why}${held}`,
      evidence: [
        `event ${signal.kind}: ${signal.text.slice(0, 1_000)}`,
        'Kubernetes: metadata.deletionTimestamp is set',
      ],
      advice,
      command: /aws-cni|aws-node/.test(signal.text)
        ? awsNodeLog(node)
        : shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
      since: timeOf(signal.firstAt) === null ? null : signal.firstAt,
    };
  },
});
