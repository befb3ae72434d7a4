/** Exactly the rights that ifscope's own table of kinds asks for, as RBAC objects for the service account ifscope:ifscope. */
import { KINDS } from '../../lib/normalise/kubernetes/kinds';

const METADATA = { name: 'ifscope' };

interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `without`: resources to leave out, for the tests that revoke a right. */
export function clusterRole(without: readonly string[] = []): object {
  const rules = new Map<string, PolicyRule>();
  for (const { group, resource, verbs } of KINDS) {
    if (without.includes(resource)) continue;
    rules.set(`${group}/${resource}`, { apiGroups: [group], resources: [resource], verbs });
  }
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: METADATA,
    rules: [...rules.values()],
  };
}

export const clusterRoleBinding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: METADATA,
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'ifscope' },
  subjects: [{ kind: 'ServiceAccount', name: 'ifscope', namespace: 'ifscope' }],
};
