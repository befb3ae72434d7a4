/** A NetworkAttachmentDefinition that no pod asks for or reports. The cluster network and Multus' default networks are left out. */
import { NADS, PODS } from '../../model/source-ids';
import { MINUTE, olderThan } from '../guards/time';
import { nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

/** Time to roll out what will use it. */
const NEW = 10 * MINUTE;

export default defineRule({
  id: 'network-unused',
  severity: 'info',
  scope: 'networks',
  needs: [PODS, NADS],
  check(network, context) {
    if (network.id === 'cluster' || network.missing || network.podCount > 0) return [];
    // kube-system holds what the Multus daemon's own configuration names (multus §1.1, §1.4).
    if (network.namespace === 'kube-system' || !olderThan(network.createdAt, NEW, context)) return [];
    return [
      {
        subjects: [network.id],
        title: 'No pod uses this network',
        detail: `No pod asks for ${nameOf(network.id)} or reports it.`,
        evidence: ['Kubernetes: no networks or network-status annotation names it'],
        advice: 'Remove it, if nothing is to use it.',
      },
    ];
  },
});
