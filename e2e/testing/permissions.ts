/**
 * The permissions that ifscope needs, derived from its tables: the RBAC rules of its service account and the EC2
 * actions of its IAM role. The files in `deploy/` are tested against this.
 */
import { EC2_CALLS } from '../../lib/normalise/ec2/calls';
import { KINDS } from '../../lib/normalise/kubernetes/kinds';

/** A rule of an RBAC Role or ClusterRole. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** One rule for each resource, in the order of the kinds table. */
export function clusterRules(): readonly PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  for (const { group, resource } of KINDS)
    rules.set(`${group}/${resource}`, { apiGroups: [group], resources: [resource], verbs: ['list', 'watch'] });
  return [...rules.values()];
}

/** The same for the chart, which may grant the rights on namespaced kinds in some namespaces only. */
export const chartRules = (): readonly (PolicyRule & { readonly namespaced: boolean })[] =>
  clusterRules().map((rule) => ({
    ...rule,
    namespaced: KINDS.some((row) => row.namespaced && rule.resources.includes(row.resource)),
  }));

/** For kube-system only, and needed only for aws-node's metrics. */
export const PROXY_RULE: PolicyRule = { apiGroups: [''], resources: ['pods/proxy'], verbs: ['get'] };

/**
 * Needed only if visitors see what the cluster lets them see (`--auth proxy`, `oidc`): to ask what a user may do. The
 * review changes nothing and does not allow impersonation.
 */
export const REVIEW_RULE: PolicyRule = {
  apiGroups: ['authorization.k8s.io'],
  resources: ['subjectaccessreviews'],
  verbs: ['create'],
};

/** The IAM actions of all EC2 calls: `ec2:DescribeInstances` … */
export const ec2Actions = (): readonly string[] => EC2_CALLS.map(({ action }) => `ec2:${action}`);

const rbac = 'rbac.authorization.k8s.io';
const subject = [{ kind: 'ServiceAccount', name: 'ifscope', namespace: 'ifscope' }];

const object = (kind: string, namespace: string | null, rest: object, name = 'ifscope'): object => ({
  apiVersion: `${rbac}/v1`,
  kind,
  metadata: namespace === null ? { name } : { name, namespace },
  ...rest,
});

/** The Kubernetes objects that grant `REVIEW_RULE` in addition, as a List. */
export function reviewList(): object {
  const name = 'ifscope-reviews';
  const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      object('ClusterRole', null, { rules: [REVIEW_RULE] }, name),
      object('ClusterRoleBinding', null, { roleRef, subjects: subject }, name),
    ],
  };
}

/** The Kubernetes objects that grant these rights to a service account, as a List. */
export function rbacList(): object {
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ifscope' } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ifscope', namespace: 'ifscope' } },
      object('ClusterRole', null, { rules: clusterRules() }),
      object('ClusterRoleBinding', null, {
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'ifscope' },
        subjects: subject,
      }),
      object('Role', 'kube-system', { rules: [PROXY_RULE] }),
      object('RoleBinding', 'kube-system', {
        roleRef: { apiGroup: rbac, kind: 'Role', name: 'ifscope' },
        subjects: subject,
      }),
    ],
  };
}

/**
 * The IAM policy document with these actions. Describe actions do not support resource-level permissions, hence `*`.
 */
export function iamPolicy(): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ec2Actions(), Resource: '*' }] };
}
