/** Who has signed in, by the claims of the identity provider. */
import type { OidcSettings } from '../http/oidc-settings';

type Claims = Readonly<Record<string, unknown>>;

/** The visitor's names as the API server would have them. */
export interface Named {
  /** Empty: the claims name nobody. */
  readonly user: string;
  readonly groups: readonly string[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : textOf(value) === '' ? [] : [textOf(value)];

/** As in the API server: an address is a name unless the provider says anything but that it is verified. */
const isDoubtful = (userClaim: string, claims: Claims): boolean =>
  userClaim === 'email' && (claims['email_verified'] ?? true) !== true;

/** Names by the claims that the settings tell, with the prefixes that the API server adds. */
export function namesOf(claims: Claims, { userClaim, groupsClaim, userPrefix, groupsPrefix }: OidcSettings): Named {
  const user = isDoubtful(userClaim, claims) ? '' : textOf(claims[userClaim]);
  return {
    user: user === '' ? '' : `${userPrefix}${user}`,
    groups: textsOf(claims[groupsClaim]).map((group) => `${groupsPrefix}${group}`),
  };
}
