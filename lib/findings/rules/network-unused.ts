/** A NetworkAttachmentDefinition that no pod asks for or reports. The cluster network and Multus' default networks are left out. */
import { defineRule } from '../rule';
import { olderThan } from '../guards';

export default defineRule({
  id: 'network-unused',
  severity: 'info',
  scope: 'networks',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(network, context) {
    if (network.id === 'cluster' || network.missing || network.podCount > 0) return [];
    // kube-system holds what the Multus daemon's own configuration names (multus.md §1.4).
    if (network.namespace === 'kube-system' || !olderThan(network.createdAt, 600_000, context)) return [];
    return [
      {
        subjects: [network.id],
        title: 'No pod uses this network',
        detail: `No pod asks for ${network.namespace ?? ''}/${network.name} or reports it.`,
        evidence: ['Kubernetes: no networks or network-status annotation names it'],
        advice: 'Remove it, if nothing is to use it.',
      },
    ];
  },
});
