/**
 * Pod records. The policies of a pod are those of its namespace that select it: NetworkPolicy, MultiNetworkPolicy,
 * SecurityGroupPolicy.
 */
import type { PodFact, PolicyFact, SecurityGroupPolicyFact } from '../../model/facts';
import { networkId } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import { namespaceFacts } from '../facts/namespace';
import type { FactReader } from '../facts/reader';
import { shownLabels } from '../shared/pod-labels';
import { selects, selectsEverything } from '../shared/selector';

const NO_POLICIES: readonly string[] = [];
const NO_REQUESTS: PodRecord['requested'] = [];

function policiesOf(facts: FactReader, pod: PodFact): readonly string[] {
  if (pod.hostNetwork) return NO_POLICIES;
  const { multiNetworkPolicies, networkPolicies } = facts.ask(namespaceFacts, pod.namespace);
  const selecting = (kind: string, policies: readonly PolicyFact[]): readonly string[] =>
    policies.length === 0
      ? NO_POLICIES
      : policies.filter(({ podSelector }) => selects(podSelector, pod.labels)).map(({ name }) => `${kind}/${name}`);
  const found = [
    ...selecting('MultiNetworkPolicy', multiNetworkPolicies),
    ...selecting('NetworkPolicy', networkPolicies),
  ];
  return found.length === 0 ? NO_POLICIES : found.sort(byCodeUnit);
}

type PodSecurityGroupPolicy = NonNullable<PodRecord['securityGroupPolicies']>[number];

const NO_SECURITY_GROUP_POLICIES: readonly PodSecurityGroupPolicy[] = [];

/** One shared entry for all pods with the same policy and certainty. */
const entries = new WeakMap<SecurityGroupPolicyFact, Map<string | null, PodSecurityGroupPolicy>>();

function entryOf(policy: SecurityGroupPolicyFact, dependsOn: string | null): PodSecurityGroupPolicy {
  const known = entries.get(policy) ?? new Map<string | null, PodSecurityGroupPolicy>();
  entries.set(policy, known);
  let entry = known.get(dependsOn);
  if (entry === undefined) {
    const certainty = dependsOn === null ? 'inferred' : 'unknown';
    entry = { name: policy.name, securityGroups: policy.groupIds, certainty, dependsOn };
    known.set(dependsOn, entry);
  }
  return entry;
}

/**
 * Selects as the resource controller's webhook does (vpc-cni §6): both selectors must match, and an absent one matches
 * everything. A policy with neither selector, or without groups, is skipped; so are pods on the host network or on Windows.
 */
function securityGroupPoliciesOf(facts: FactReader, pod: PodFact): PodRecord['securityGroupPolicies'] {
  const { securityGroupPolicies } = facts.ask(namespaceFacts, pod.namespace);
  if (securityGroupPolicies === null) return null;
  if (securityGroupPolicies.length === 0) return NO_SECURITY_GROUP_POLICIES;
  if (pod.hostNetwork || (pod.node !== null && facts.get('node', pod.node)?.os === 'windows'))
    return NO_SECURITY_GROUP_POLICIES;
  const found: PodSecurityGroupPolicy[] = [];
  for (const policy of securityGroupPolicies) {
    if (policy.groupIds.length === 0) continue;
    const { podSelector, serviceAccountSelector: account } = policy;
    if (podSelector === null && account === null) continue;
    if (podSelector !== null && !selects(podSelector, pod.labels)) continue;
    // Service accounts are not read, so a match by their labels is unknown.
    const isKnown = account === null || selectsEverything(account);
    found.push(entryOf(policy, isKnown ? null : `labels of service account ${pod.serviceAccount ?? 'default'}`));
  }
  return found.length === 0 ? NO_SECURITY_GROUP_POLICIES : found.sort((a, b) => byCodeUnit(a.name, b.name));
}

/** `id` and `node`: the strings that the pod's other records use, so that each exists once. */
export function derivePod(
  facts: FactReader,
  pod: PodFact,
  id: string,
  node: string | null,
  claims: PodRecord['claims'],
): PodRecord {
  return {
    id,
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    node,
    phase: pod.phase,
    failure: pod.failure,
    sandbox: pod.sandbox,
    hostNetwork: pod.hostNetwork,
    createdAt: pod.createdAt,
    startedAt: pod.startedAt,
    deleting: pod.deleting,
    owner: pod.owner,
    labels: shownLabels(pod.labels),
    ips: pod.ips,
    nicConfig: pod.nicConfig,
    podEni: pod.podEni === null ? null : pod.podEni.map(({ eniId }) => eniId),
    networksAnnotation: pod.networksAnnotation,
    statusAnnotation: pod.statusAnnotation,
    requested:
      pod.requested.length === 0
        ? NO_REQUESTS
        : pod.requested.map((selection) => ({
            index: selection.index,
            network: networkId(selection.namespace, selection.name),
            interface: selection.interface,
            ips: selection.ips,
            mac: selection.mac,
            defaultRoute: selection.defaultRoute,
          })),
    resources: pod.resources,
    claims,
    policies: policiesOf(facts, pod),
    securityGroupPolicies: securityGroupPoliciesOf(facts, pod),
    problems: pod.problems,
  };
}
