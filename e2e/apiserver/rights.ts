/** Exactly the rights that ifscope's own tables require, for the service account ifscope:ifscope. */
import { clusterRules } from '../testing/permissions';

const METADATA = { name: 'ifscope' };

/** `without`: resources to leave out, for the tests that revoke a right. */
export function clusterRole(without: readonly string[] = []): object {
  const rules = clusterRules().filter(({ resources }) => !resources.some((resource) => without.includes(resource)));
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: METADATA, rules };
}

export const clusterRoleBinding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: METADATA,
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'ifscope' },
  subjects: [{ kind: 'ServiceAccount', name: 'ifscope', namespace: 'ifscope' }],
};
