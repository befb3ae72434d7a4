import type { PodRecord } from '../model/records';

/**
 * The policies that select a pod, by kind: `web (sg-1)`. If a policy may or may not select it, the text names the
 * condition.
 */
export function selectingPolicies(
  pod: PodRecord,
): readonly { readonly kind: string; readonly words: readonly string[] }[] {
  const groups = (pod.securityGroupPolicies ?? []).map(({ name, securityGroups, dependsOn }) => {
    const named = `${name} (${securityGroups.join(', ')})`;
    return dependsOn === null ? named : `possibly ${named}: depends on the ${dependsOn} (not read)`;
  });
  return groups.length === 0 ? [] : [{ kind: 'SecurityGroupPolicy', words: groups }];
}
