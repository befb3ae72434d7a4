/** Pod records. A pod's policies come from the namespace's NetworkPolicies and MultiNetworkPolicies that select it. */
import type { LabelSelector, PodFact, PolicyFact } from '../../model/facts';
import { networkId } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import type { Facts } from '../facts/facts';
import { splitRef } from '../facts/index-facts';

/** Kubernetes' label selector: every part must match; an unknown operator matches nothing. */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels)) if (labels[key] !== value) return false;
  return selector.matchExpressions.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}

const NO_POLICIES: readonly string[] = [];
const NO_REQUESTS: PodRecord['requested'] = [];

/** `namespace/name`, as the normaliser writes it; a name with a slash more is nobody's. */
function idOf(network: string): string {
  const slash = network.indexOf('/');
  return networkId(network.slice(0, slash), network.slice(slash + 1));
}

interface Policies {
  readonly names: readonly string[];
  /** Ids of the networks that they cover. */
  readonly covered: readonly string[];
}
const NONE: Policies = { names: NO_POLICIES, covered: NO_POLICIES };

function policiesOf(facts: Facts, pod: PodFact): Policies {
  if (pod.hostNetwork || !facts.policiesByNamespace.has(pod.namespace)) return NONE;
  const found: string[] = [];
  const covered = new Set<string>();
  for (const reference of facts.policiesByNamespace.idsOf(pod.namespace)) {
    const [kind, key] = splitRef(reference);
    const multi = kind === 'multiNetworkPolicy';
    const policy: PolicyFact | undefined = facts.get(multi ? 'multiNetworkPolicy' : 'networkPolicy', key);
    if (policy === undefined || !selects(policy.podSelector, pod.labels)) continue;
    found.push(`${multi ? 'MultiNetworkPolicy' : 'NetworkPolicy'}/${policy.name}`);
    for (const network of policy.policyFor ?? []) covered.add(idOf(network));
  }
  if (found.length === 0) return NONE;
  return { names: found.sort(byCodeUnit), covered: covered.size === 0 ? NO_POLICIES : [...covered].sort(byCodeUnit) };
}

/** `id` and `node` as the pod's other records have them, so that they are one string each. */
export function derivePod(facts: Facts, pod: PodFact, id: string, node: string | null): PodRecord {
  const policies = policiesOf(facts, pod);
  return {
    id,
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    node,
    phase: pod.phase,
    hostNetwork: pod.hostNetwork,
    createdAt: pod.createdAt,
    startedAt: pod.startedAt,
    deleting: pod.deleting,
    owner: pod.owner,
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
    policies: policies.names,
    coveredNetworks: policies.covered,
    ipManager: pod.ipManager,
    problems: pod.problems,
  };
}
