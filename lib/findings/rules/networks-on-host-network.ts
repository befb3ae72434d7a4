/**
 * A pod on the host network requests networks or multi-NIC (multus §1.2, vpc-cni §3): no CNI plugin runs for it, so nothing reads the
 * annotation, and the pod has the node's own links.
 */
import { PODS } from '../../model/source-ids';
import { isLive, namesNetworks } from '../guards/pod';
import { nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'networks-on-host-network',
  severity: 'info',
  scope: 'pods',
  needs: [PODS],
  check(pod) {
    if (!pod.hostNetwork || !isLive(pod)) return null;
    const asks = [
      ...(namesNetworks(pod) ? ['k8s.v1.cni.cncf.io/networks'] : []),
      ...(pod.nicConfig === null ? [] : ['k8s.amazonaws.com/nicConfig']),
    ];
    if (asks.length === 0) return null;
    return {
      subjects: [pod.id, ...new Set(pod.requested.map(({ network }) => network))],
      title: 'Asks for interfaces on the host network',
      detail: `${nameOf(pod.id)} runs on the host network, where no CNI plugin is called: its annotation ${asks.join(' and ')} has no effect.`,
      evidence: ['Kubernetes: spec.hostNetwork is true', ...asks.map((key) => `Kubernetes: annotation ${key}`)],
      advice: 'Remove the annotation, or hostNetwork if the pod needs the interfaces.',
    };
  },
});
