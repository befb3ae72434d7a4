/** The visitor's names according to the claims of the identity provider. */
import type { OidcSettings } from '../http/oidc-settings';

type Claims = Readonly<Record<string, unknown>>;

/** The visitor's names as in the API server. */
export interface Named {
  /** Empty: the claims contain no user name. */
  readonly user: string;
  readonly groups: readonly string[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : textOf(value) === '' ? [] : [textOf(value)];

/** As in the API server: an email address with a claim `email_verified` other than true is not accepted as a user name. */
const isDoubtful = (userClaim: string, claims: Claims): boolean =>
  userClaim === 'email' && (claims['email_verified'] ?? true) !== true;

/** The names in the claims of the settings, with the prefixes that the API server adds. */
export function namesOf(claims: Claims, { userClaim, groupsClaim, userPrefix, groupsPrefix }: OidcSettings): Named {
  const user = isDoubtful(userClaim, claims) ? '' : textOf(claims[userClaim]);
  return {
    user: user === '' ? '' : `${userPrefix}${user}`,
    groups: textsOf(claims[groupsClaim]).map((group) => `${groupsPrefix}${group}`),
  };
}
