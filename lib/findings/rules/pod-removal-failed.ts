/**
 * A pod that was deleted or has ended, and whose sandbox the kubelet cannot remove: a CNI plugin must take the network down first, and
 * refuses. Until it does, the pod keeps its address, and devices that it has (multus §2.4).
 */
import { readCniFailure, type CniFailureKind } from '../../cni/errors';
import type { PodRecord } from '../../model/records';
import { EVENTS, PODS } from '../../model/source-ids';
import { facesOf, isLive } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { isAged, MINUTE } from '../guards/time';
import { listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** The kubelet tries again within seconds. Milliseconds. */
const PASSING = MINUTE;

const REMEDIES: Readonly<Partial<Record<CniFailureKind, string>>> = {
  'multus-down':
    'Run Multus on the node again: its config is still the first in the CNI folder, and pods are removed through it as they are created. To do without it, remove that config (00-multus.conf) on every node first.',
  'plugin-missing': 'Install the plugin on the node again: it is needed to remove pods as well.',
  'ipamd-down': 'Check aws-node on the node: it must take the address back.',
  'config-invalid':
    'Correct the config of the network: Multus reads it again to remove the pod where it has kept none of its own.',
  unauthorized:
    'Restart the DaemonSet pod that installs this plugin on the node: it writes the kubeconfig with a new token.',
};

/** What it keeps until then. */
function kept(pod: PodRecord, context: RuleContext): string {
  const devices = facesOf(context, pod).flatMap(({ device }) => device?.pciAddress ?? []);
  const all = [...pod.ips, ...devices];
  return all.length === 0 ? '' : ` Until then it keeps ${listed(all)}.`;
}

export default defineRule({
  id: 'pod-removal-failed',
  severity: 'warning',
  scope: 'pods',
  needs: [PODS, EVENTS],
  check(pod, context) {
    if (isLive(pod) || pod.hostNetwork) return [];
    const [event] = signalsOf(context, pod.id, 'FailedKillPod');
    if (event === undefined || !isAged(event.firstAt, PASSING, context)) return [];
    const { kind, network } = readCniFailure(event.text);
    return [
      {
        subjects: [pod.id, ...(pod.node === null ? [] : [pod.node])],
        title: 'Its sandbox cannot be removed',
        detail: `${nameOf(pod.id)} ${pod.deleting ? 'is being deleted' : 'has ended'}, and ${pod.node === null ? 'its node' : nameOf(pod.node)} cannot take its network down${network === null ? '' : ` (${network})`}.${kept(pod, context)}`,
        evidence: [`event FailedKillPod: ${event.text.slice(0, 1_000)}`],
        advice: `${REMEDIES[kind] ?? 'Read the event from its end: the last part comes from the innermost plugin.'} Deleting it with --force removes the object alone: sandbox, address and devices stay on the node.`,
        command: shell`kubectl -n ${pod.namespace} describe pod ${pod.name}`,
        since: event.firstAt,
      },
    ];
  },
});
