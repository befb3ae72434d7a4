/**
 * The pod has a NetworkPolicy on eth0 and an extra interface that no MultiNetworkPolicy covers, that is, none that selects the pod and
 * names the interface's network in its `policy-for` (multus §1.1, §4.1). `mNicIf` interfaces of the VPC CNI are not reported: its policies
 * cover them.
 */
import { MULTI_NETWORK_POLICIES, NETWORK_POLICIES, PODS } from '../../model/source-ids';
import { interfacesOf, hasNetworks, isExtra } from '../guards/pod';
import { POLICY_FOR } from '../../topology/shared/signals';
import { signalsOf } from '../guards/signals';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

const ONE = 'NetworkPolicy/';

/**
 * Whether the MultiNetworkPolicies are known. `absent` means that the kind is not served, so there are none; `denied` and
 * `stale` do not.
 */
function areMultiPoliciesKnown(context: RuleContext): boolean {
  const state = context.read.stateOf(MULTI_NETWORK_POLICIES);
  return state === undefined || state === 'live' || state === 'absent';
}

export default defineRule({
  id: 'policy-uncovered',
  severity: 'info',
  scope: 'pods',
  needs: [PODS, NETWORK_POLICIES],
  uses: [MULTI_NETWORK_POLICIES],
  check(pod, context) {
    if (!pod.policies.some((policy) => policy.startsWith(ONE)) || !hasNetworks(pod)) return null;
    const covered = new Set(signalsOf(context, pod.id, POLICY_FOR).flatMap(({ text }) => text.split(', ')));
    const bare = interfacesOf(context, pod).filter((iface) => isExtra(iface) && !covered.has(nameOf(iface.network)));
    if (bare.length === 0 || !areMultiPoliciesKnown(context)) return null;
    const single = pod.policies.filter((policy) => policy.startsWith(ONE));
    return {
      subjects: [pod.id, ...bare.map(({ id }) => id)],
      title: 'A policy covers eth0 only',
      detail: `${nameOf(pod.id)} is selected by ${single.length === 1 ? 'a NetworkPolicy, which acts' : `${single.length} NetworkPolicies, which act`} on eth0 only; no MultiNetworkPolicy covers ${listed(bare.map(({ name, network }) => `${name ?? '?'} (${nameOf(network)})`))}.`,
      evidence: pod.policies.map((policy) => `Kubernetes: ${policy} selects the pod`),
      advice:
        'To limit their traffic, add a MultiNetworkPolicy that names these networks in its policy-for annotation, and an enforcer that supports their plugin.',
    };
  },
});
