/**
 * P5 (multus §6): the pod runs, has requested networks, and reports none. This is expected of a pod older than Multus
 * itself (false-alarm traps). A pod that started before its node's Multus pod either started too early after a reboot, or
 * Multus has been replaced since. If the installation time of Multus is unknown, that may be expected too, so it is not a
 * warning.
 */
import { PODS } from '../../model/source-ids';
import type { PodRecord } from '../../model/records';
import { nodeOf } from '../guards/node';
import { interfacesOf, hasNetworks, isExtra } from '../guards/pod';
import { timeOf } from '../rule/time';
import { counted, nameOf, remake, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** Whether the pod's sandbox is older than the event; false if either time is not known. */
function isBefore(pod: PodRecord, event: string | null | undefined): boolean {
  const at = timeOf(event ?? null);
  const start = timeOf(pod.startedAt);
  return at !== null && start !== null && start < at;
}

/** Whether another pod of the node reports networks, which proves that Multus works there. */
function othersReport(pod: PodRecord, context: RuleContext): boolean {
  for (const other of context.read.each('podsByNode', pod.node))
    if (other.id !== pod.id && other.phase === 'Running' && other.statusAnnotation.state === 'valid') return true;
  return false;
}

export default defineRule({
  id: 'network-status-missing',
  severity: 'warning',
  scope: 'pods',
  needs: [PODS],
  check(pod, context) {
    if (pod.phase !== 'Running' || !hasNetworks(pod) || pod.requested.length === 0) return null;
    if (interfacesOf(context, pod).some(isExtra)) return null;
    const node = nodeOf(context, pod.node);
    const multus = node?.multus ?? null;
    if (isBefore(pod, multus?.installedAt)) return null;
    const before = isBefore(pod, multus?.startedAt);
    const severity = before && multus?.installedAt == null ? 'info' : 'warning';
    const others = othersReport(pod, context);
    const { state, error } = pod.statusAnnotation;
    if (state === 'invalid')
      return {
        subjects: [pod.id, node?.id ?? null],
        title: 'Its network-status cannot be used',
        detail: `${nameOf(pod.id)} asks for ${counted(pod.requested.length, 'network')}, and what it has of them is not known: ${error ?? 'its network-status is invalid'}.`,
        evidence: [`Kubernetes: annotation network-status: ${error ?? 'invalid'}`],
        ...remake(pod, 'so that Multus writes it again'),
        since: pod.startedAt,
      };
    // Only Multus writes a status, so it ran for this pod.
    const ran = state === 'valid' && multus !== null && !before;
    const cause =
      multus === null
        ? 'Multus is not seen on this node'
        : before
          ? 'the pod started before the Multus that runs there now'
          : ran
            ? 'Multus wrote it, so it ran for this pod: a chained config without cniVersion leaves no entry, or the annotation came after the pod had started'
            : others
              ? 'other pods of this node report theirs: a chained config without cniVersion leaves no entry'
              : 'no pod of this node reports any: Multus may not be first in the CNI folder (Cilium renames its config to 00-multus.conf.cilium_bak unless cni.exclusive is false)';
    return {
      subjects: [pod.id, node?.id ?? null],
      severity,
      title: 'Runs without reporting the networks it asked for',
      detail: `${nameOf(pod.id)} asks for ${counted(pod.requested.length, 'network')}, and its network-status ${state === 'absent' ? 'is absent' : 'names none'}: ${cause}.`,
      evidence: [
        `Kubernetes: annotation network-status ${state}`,
        `Kubernetes: ${others ? 'other running pods' : 'no other running pod'} of the node ${others ? 'have' : 'has'} one`,
      ],
      ...(before
        ? remake(pod, 'so that it starts with Multus')
        : ran
          ? remake(pod, 'once each of its networks has a cniVersion in its config')
          : {
              advice: 'Check the CNI configuration folder and the Multus pod of the node.',
              command:
                pod.node === null
                  ? null
                  : shell`kubectl get pods -A -o wide --field-selector spec.nodeName=${nameOf(pod.node)}`,
            }),
      since: pod.startedAt,
    };
  },
});
