/**
 * The rights that ifscope needs, derived from its tables: the RBAC rules of its service account and the EC2 actions of
 * its role. The files in `deploy/` are tested against this.
 */
import { EC2_CALLS } from './ec2/calls';
import { KINDS } from './kubernetes/kinds';

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** One rule for each resource, in the order of the kinds table. */
export function clusterRules(): readonly PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  for (const { group, resource, verbs } of KINDS)
    rules.set(`${group}/${resource}`, { apiGroups: [group], resources: [resource], verbs });
  return [...rules.values()];
}

/** In kube-system only, and only needed for aws-node's metrics. */
export const PROXY_RULE: PolicyRule = { apiGroups: [''], resources: ['pods/proxy'], verbs: ['get'] };

export const ec2Actions = (): readonly string[] => EC2_CALLS.map(({ action }) => `ec2:${action}`);

const rbac = 'rbac.authorization.k8s.io';
const subject = [{ kind: 'ServiceAccount', name: 'ifscope', namespace: 'ifscope' }];

/** The Kubernetes objects that grant these rights to a service account, as a List. */
export function rbacList(): object {
  const object = (kind: string, namespace: string | null, rest: object): object => ({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata: namespace === null ? { name: 'ifscope' } : { name: 'ifscope', namespace },
    ...rest,
  });
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

export function iamPolicy(): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ec2Actions(), Resource: '*' }] };
}
