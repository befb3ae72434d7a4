/**
 * The pod has a NetworkPolicy on eth0, and an extra interface that no MultiNetworkPolicy covers. `mNicIf` interfaces of the VPC CNI are left
 * out: its policies cover those.
 */
import { defineRule } from '../rule';

export default defineRule({
  id: 'policy-uncovered',
  severity: 'info',
  scope: 'pods',
  needs: ['kubernetes/pods', 'kubernetes/networkpolicies'],
  check(pod, context) {
    if (pod.deleting || pod.hostNetwork || !pod.policies.some((policy) => policy.startsWith('NetworkPolicy/')))
      return [];
    const covered = pod.policies.filter((policy) => policy.startsWith('MultiNetworkPolicy/'));
    if (covered.length > 0) return [];
    const bare = [...(context.replica.indexes.interfacesByPod.get(pod.id) ?? [])]
      .map((id) => context.replica.records.interfaces.get(id))
      .filter((face) => face !== undefined && face.network !== 'cluster' && face.state !== 'requested');
    if (bare.length === 0) return [];
    return [
      {
        subjects: [pod.id, ...bare.flatMap((face) => (face ? [face.id] : []))],
        title: 'A policy covers eth0 only',
        detail: `${pod.namespace}/${pod.name} is under ${pod.policies.length === 1 ? 'a NetworkPolicy' : `${pod.policies.length} NetworkPolicies`}, which acts on eth0; ${bare.map((face) => face?.name ?? '?').join(', ')} ${bare.length === 1 ? 'is' : 'are'} under none.`,
        evidence: pod.policies.map((policy) => `Kubernetes: ${policy} selects the pod`),
        advice:
          'Add a MultiNetworkPolicy for these networks, if their traffic shall be limited, and an enforcer that supports their plugin.',
      },
    ];
  },
});
