/** The facts of one namespace that its pods depend on, as one answer for all of them. */
import type { PolicyFact, SecurityGroupPolicyFact, WorkloadFact } from '../../model/facts';
import { SECURITY_GROUP_POLICIES } from '../../model/source-ids';
import type { FactQuery } from './reader';

/** The policies of a namespace. */
export interface NamespaceFacts {
  readonly networkPolicies: readonly PolicyFact[];
  readonly multiNetworkPolicies: readonly PolicyFact[];
  /** Null while SecurityGroupPolicies cannot be read. */
  readonly securityGroupPolicies: readonly SecurityGroupPolicyFact[] | null;
  /** Workloads with misplaced annotations for their pods. */
  readonly misplaced: readonly WorkloadFact[];
}

/** Reads the policies of a namespace. */
export const namespaceFacts: FactQuery<NamespaceFacts> = {
  name: 'namespaceFacts',
  isTransient: true,
  of: (facts, namespace) => ({
    networkPolicies: facts.factsOf('networkPoliciesByNamespace', namespace),
    multiNetworkPolicies: facts.factsOf('multiNetworkPoliciesByNamespace', namespace),
    securityGroupPolicies: facts.isKnown(SECURITY_GROUP_POLICIES)
      ? facts.factsOf('securityGroupPoliciesByNamespace', namespace)
      : null,
    misplaced: facts.factsOf('misplacedByNamespace', namespace),
  }),
};
