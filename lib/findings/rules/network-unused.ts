/**
 * A NetworkAttachmentDefinition that no pod asks for or reports. The cluster network and Multus' default networks are left out, and those
 * that pods are on without a word in an annotation (OVN-Kubernetes' primary user-defined networks).
 */
import { NADS, PODS } from '../../model/source-ids';
import { isLive } from '../guards/pod';
import { MINUTE, olderThan } from '../guards/time';
import { nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

/** Networks of this plugin may be a namespace's primary network. */
const OVN = 'ovn-k8s-cni-overlay';

/** Time to roll out what will use it. */
const NEW = 10 * MINUTE;

export default defineRule({
  id: 'network-unused',
  severity: 'info',
  scope: 'networks',
  needs: [PODS, NADS],
  check(network, context) {
    if (network.id === 'cluster' || network.missing || network.podCount > 0) return [];
    // A pod that is not scheduled yet asks for it.
    if (context.read.all('podsByRequestedNetwork', network.id).some(isLive)) return [];
    if (network.plugins.includes(OVN)) return [];
    // kube-system holds what the Multus daemon's own configuration names (multus §1.1, §1.4).
    if (network.namespace === 'kube-system' || !olderThan(network.createdAt, NEW, context)) return [];
    return [
      {
        subjects: [network.id],
        title: 'No pod uses this network',
        detail: `No pod asks for ${nameOf(network.id)} or reports it.`,
        evidence: ['Kubernetes: no networks or network-status annotation names it'],
        advice:
          'Before you remove it, make sure that no workload template, Job, stopped virtual machine or invalid annotation names it.',
      },
    ];
  },
});
