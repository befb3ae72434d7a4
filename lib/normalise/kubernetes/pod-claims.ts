/** The devices that a pod claims: spec.resourceClaims, and the ResourceClaims that status names for them. */
import type { PodClaim } from '../../model/facts';
import { fields, items, text } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern, internOrNull } from '../read/intern';

const NONE: readonly never[] = Object.freeze([]);

/** Name of the claim that the scheduler creates for extended resources, which has no entry in spec. */
const EXTENDED = 'extended-resources';

/** One entry per spec.resourceClaims in order, then the claim for extended resources, if any. */
export function podClaims(spec: Fields, status: Fields): readonly PodClaim[] {
  const extended = text(fields(status['extendedResourceClaimStatus'])['resourceClaimName']);
  const requestedNames = items(spec['resourceClaims']);
  if (requestedNames.length === 0 && extended === null) return NONE;
  const generatedNames = new Map<string, string | null>();
  for (const value of items(status['resourceClaimStatuses'])) {
    const { name, resourceClaimName } = fields(value);
    if (typeof name === 'string') generatedNames.set(name, text(resourceClaimName));
  }
  const claims: PodClaim[] = [];
  for (const value of requestedNames) {
    const of = fields(value);
    const name = text(of['name']);
    if (name === null) continue;
    claims.push({
      name: intern(name),
      claim: text(of['resourceClaimName']) ?? generatedNames.get(name) ?? null,
      template: internOrNull(text(of['resourceClaimTemplateName'])),
      containers: usersOf(spec, name),
    });
  }
  if (extended !== null) claims.push({ name: EXTENDED, claim: extended, template: null, containers: NONE });
  return claims;
}

/** Names of the containers that use a claim. */
function usersOf(spec: Fields, claim: string): readonly string[] {
  const users: string[] = [];
  for (const key of ['initContainers', 'containers']) {
    for (const value of items(spec[key])) {
      const container = fields(value);
      const name = text(container['name']);
      const uses = items(fields(container['resources'])['claims']).some((one) => fields(one)['name'] === claim);
      if (name !== null && uses) users.push(intern(name));
    }
  }
  return users;
}
