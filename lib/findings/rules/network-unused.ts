/**
 * A NetworkAttachmentDefinition that no pod requests or reports, and that no pod template or virtual machine names. Excludes the cluster
 * network, Multus' default networks, and networks that pods join without an annotation (OVN-Kubernetes' primary user-defined networks).
 */
import { NADS, PODS } from '../../model/source-ids';
import { SRIOV_DRIVER } from '../guards/claim';
import { isLive } from '../guards/pod';
import { REQUESTER_SOURCES, unreadRequesters } from '../guards/signals';
import { MINUTE, olderThan } from '../guards/time';
import { listed, nameOf } from '../guards/words';
import type { Reader } from '../rule/reader';
import { defineRule, type RuleContext } from '../rule/rule';

/** Networks of this plugin can be the primary network of a namespace. */
const OVN = 'ovn-k8s-cni-overlay';

/** Time to roll out the pods of a new network. */
const ROLLOUT_TIME = 10 * MINUTE;

/** The SR-IOV driver attaches networks according to the configuration of claims, which ifscope does not read (claims §4). */
function hasSriovByClaim({ read }: RuleContext): boolean {
  for (const { devicePools } of read.every('nodes'))
    if (devicePools.some(({ driver }) => driver === SRIOV_DRIVER)) return true;
  return false;
}

/** Names of missing networks that pods or workloads request: one requested in the wrong namespace may mean an existing network. */
const missingNames = (read: Reader): readonly string[] =>
  [...new Set([...read.every('networks')].flatMap(({ missing, name }) => (missing ? name : [])))].sort();

export default defineRule({
  id: 'network-unused',
  severity: 'info',
  scope: 'networks',
  needs: [PODS, NADS],
  uses: REQUESTER_SOURCES,
  check(network, context) {
    if (network.id === 'cluster' || network.missing || network.podCount !== 0) return null;
    // An unscheduled pod requests it, or one that the kubelet rejected.
    const requesters = context.read.all('podsByRequestedNetwork', network.id);
    if (requesters.some((pod) => isLive(pod) || pod.failure !== null)) return null;
    // A workload scaled to zero, or a pod with an annotation that Multus rejects.
    if (network.namedBy.length > 0 || network.plugins.includes(OVN)) return null;
    // kube-system contains the networks of the Multus daemon's own configuration (multus §1.1, §1.4).
    if (network.plugins.includes('sriov') && hasSriovByClaim(context)) return null;
    if (network.namespace === 'kube-system' || !olderThan(network.createdAt, ROLLOUT_TIME, context)) return null;
    if (context.read.shared('names of missing networks', missingNames).includes(network.name)) return null;
    const unread = unreadRequesters(context);
    if (unread === 'awaited') return null;
    const isUnread = unread.length > 0;
    return {
      subjects: [network.id],
      title: 'No pod uses this network',
      detail: `No pod asks for ${nameOf(network.id)} or reports it.${
        isUnread
          ? ` Whether one of these asks for it is not known, because they cannot be read: ${listed(unread)}.`
          : ''
      }`,
      evidence: [
        'Kubernetes: no networks or network-status annotation names it',
        isUnread ? `ifscope: cannot read ${listed(unread)}` : null,
      ],
      advice: `${
        network.writtenFrom === null
          ? ''
          : `A controller writes it from ${network.writtenFrom}: delete that object, or it comes back. `
      }Before you remove it, make sure that no ${
        isUnread ? 'object that ifscope could not read, and none ' : 'object '
      }of a kind that it does not read (an OpenKruise CloneSet, a VirtualMachinePool), names it.`,
    };
  },
});
