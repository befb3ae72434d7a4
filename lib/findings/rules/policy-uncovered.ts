/**
 * The pod has a NetworkPolicy on eth0, and an extra interface that no MultiNetworkPolicy covers. `mNicIf` interfaces of the VPC CNI are left
 * out: its policies cover those.
 */
import { facesOf, hasNetworks, isExtra } from '../guards/pod';
import { nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule';

/** Absent is an answer: the kind is not served, so no such policy is there. Denied and stale are none. */
function areMultiPoliciesKnown(context: RuleContext): boolean {
  const state = context.replica.records.sources.get('kubernetes/multi-networkpolicies')?.state;
  return state === undefined || state === 'live' || state === 'absent';
}

export default defineRule({
  id: 'policy-uncovered',
  severity: 'info',
  scope: 'pods',
  needs: ['kubernetes/pods', 'kubernetes/networkpolicies'],
  check(pod, context) {
    if (!pod.policies.some((policy) => policy.startsWith('NetworkPolicy/')) || !hasNetworks(pod)) return [];
    if (pod.policies.some((policy) => policy.startsWith('MultiNetworkPolicy/'))) return [];
    const bare = facesOf(context, pod).filter(isExtra);
    if (bare.length === 0 || !areMultiPoliciesKnown(context)) return [];
    return [
      {
        subjects: [pod.id, ...bare.map(({ id }) => id)],
        title: 'A policy covers eth0 only',
        detail: `${nameOf(pod.id)} is under ${pod.policies.length === 1 ? 'a NetworkPolicy' : `${pod.policies.length} NetworkPolicies`}, which acts on eth0; ${bare.map(({ name }) => name ?? '?').join(', ')} ${bare.length === 1 ? 'is' : 'are'} under none.`,
        evidence: pod.policies.map((policy) => `Kubernetes: ${policy} selects the pod`),
        advice:
          'Add a MultiNetworkPolicy for these networks, if their traffic shall be limited, and an enforcer that supports their plugin.',
      },
    ];
  },
});
