/**
 * The pod has a NetworkPolicy on eth0 and an extra interface that no MultiNetworkPolicy covers, that is, none that selects the pod and
 * names the interface's network in its `policy-for` (multus §1.1, §4.1). `mNicIf` interfaces of the VPC CNI are not reported: its policies
 * cover them. Also reported: a MultiNetworkPolicy that selects the pod and names no network that exists, so that its author is mistaken.
 */
import { MULTI_NETWORK_POLICIES, NETWORK_POLICIES, PODS } from '../../model/source-ids';
import { interfacesOf, hasNetworks, isExtra } from '../guards/pod';
import { POLICY_FOR, POLICY_FOR_NOTHING } from '../../topology/shared/signals';
import { signalsOf } from '../guards/signals';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import { isSourceLive } from '../rule/trust';

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
  needs: [PODS],
  uses: [NETWORK_POLICIES, MULTI_NETWORK_POLICIES],
  check(pod, context) {
    const [idle] = signalsOf(context, pod.id, POLICY_FOR_NOTHING);
    const single = isSourceLive(context.read, NETWORK_POLICIES)
      ? pod.policies.filter((policy) => policy.startsWith(ONE))
      : [];
    if ((single.length === 0 && idle === undefined) || !hasNetworks(pod)) return null;
    const covered = new Set(signalsOf(context, pod.id, POLICY_FOR).flatMap(({ text }) => text.split(', ')));
    const bare = interfacesOf(context, pod).filter(
      (iface) =>
        isExtra(iface) && (idle?.text.includes('--network-plugins') === true || !covered.has(nameOf(iface.network))),
    );
    if (bare.length === 0 || !areMultiPoliciesKnown(context)) return null;
    const names = listed(bare.map(({ name, network }) => `${name ?? '?'} (${nameOf(network)})`));
    const evidence = pod.policies.map((policy) => `Kubernetes: ${policy} selects the pod`);
    const subjects = [pod.id, ...bare.map(({ id }) => id)];
    if (idle !== undefined)
      return {
        subjects,
        severity: 'warning',
        title: 'A MultiNetworkPolicy has no effect',
        detail: `${nameOf(pod.id)} is selected by a MultiNetworkPolicy that applies to no network (${idle.text}): nothing limits the traffic of ${names}.`,
        evidence: [...evidence, `Kubernetes: annotation policy-for: ${idle.text}`],
        advice: idle.text.includes('--network-plugins')
          ? 'Add the type to --network-plugins of the enforcer (OpenShift: use a version that enforces policies for it), or use a network of a type that the enforcer handles.'
          : 'Name the networks in the annotation k8s.v1.cni.cncf.io/policy-for of the policy, as NAMESPACE/NAME; without a namespace, that of the policy is meant.',
      };
    return {
      subjects,
      title: 'A policy covers eth0 only',
      detail: `${nameOf(pod.id)} is selected by ${single.length === 1 ? 'a NetworkPolicy, which acts' : `${single.length} NetworkPolicies, which act`} on eth0 only; no MultiNetworkPolicy covers ${names}.`,
      evidence,
      advice:
        'To limit their traffic, add a MultiNetworkPolicy that names these networks in its policy-for annotation, and an enforcer that supports their plugin.',
    };
  },
});
