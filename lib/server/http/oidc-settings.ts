import { MAX_SESSION_MINUTES } from '../rights/session';
import { Problem } from '../runtime/problem';

type Env = Readonly<Record<string, string | undefined>>;

/** The settings of `--auth oidc`. */
export interface OidcSettings {
  readonly issuer: URL;
  readonly clientId: string;
  /** Null for a public client; PKCE is used in both cases. */
  readonly clientSecret: string | null;
  /** The URL that visitors use, without a trailing `/`; the provider redirects back to a path below it. */
  readonly url: string;
  readonly scopes: string;
  /** Claims with the user's name and groups, and the prefixes that the API server adds (`--oidc-username-prefix`). */
  readonly userClaim: string;
  readonly groupsClaim: string;
  readonly userPrefix: string;
  readonly groupsPrefix: string;
  /** Secret that encrypts cookies; null: generated at every start. */
  readonly sessionSecret: string | null;
  /** Duration of a sign-in, in milliseconds. */
  readonly sessionMs: number;
}

const MIN_SECRET = 32;

/** Throws a `Problem` for missing or invalid settings. */
export function readOidc(env: Env): OidcSettings {
  const valueOf = (name: string): string => (env[name] ?? '').trim();
  const needed = (name: string, flag: string, what: string): string => {
    const value = valueOf(name);
    if (value === '') throw new Problem('usage', `--auth oidc: give ${what} with ${flag}, or in ${name}`);
    return value;
  };
  const address = (name: string, flag: string, what: string): URL => {
    const text = needed(name, flag, what);
    const url = URL.canParse(text) ? new URL(text) : null;
    const isLocal = url !== null && /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
    if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)))
      throw new Problem('usage', `${flag} ${text}: give an https address`);
    return url;
  };
  const scopes = valueOf('IFSCOPE_OIDC_SCOPES') || 'openid profile email groups';
  if (!scopes.split(/\s+/).includes('openid'))
    throw new Problem('usage', `--oidc-scopes ${scopes}: openid must be among them, or the provider names nobody`);
  const sessionSecret = valueOf('IFSCOPE_SESSION_SECRET');
  if (sessionSecret !== '' && sessionSecret.length < MIN_SECRET)
    throw new Problem(
      'usage',
      `--session-secret (or IFSCOPE_SESSION_SECRET) is too short: give at least ${MIN_SECRET} random characters, as openssl rand -hex 24 prints`,
    );
  const minutes = valueOf('IFSCOPE_SESSION_MINUTES') || String(MAX_SESSION_MINUTES);
  if (!/^\d+$/.test(minutes) || Number(minutes) < 1 || Number(minutes) > MAX_SESSION_MINUTES)
    throw new Problem('usage', `--session-minutes ${minutes}: give minutes, a number from 1 to ${MAX_SESSION_MINUTES}`);
  return {
    issuer: address('IFSCOPE_OIDC_ISSUER', '--oidc-issuer', 'the address of the identity provider'),
    clientId: needed('IFSCOPE_OIDC_CLIENT_ID', '--oidc-client-id', 'the client id'),
    clientSecret: valueOf('IFSCOPE_OIDC_CLIENT_SECRET') || null,
    url: address('IFSCOPE_URL', '--url', 'the address that visitors use').href.replace(/\/+$/, ''),
    scopes,
    userClaim: valueOf('IFSCOPE_OIDC_USER_CLAIM') || 'sub',
    groupsClaim: valueOf('IFSCOPE_OIDC_GROUPS_CLAIM') || 'groups',
    userPrefix: valueOf('IFSCOPE_OIDC_USER_PREFIX'),
    groupsPrefix: valueOf('IFSCOPE_OIDC_GROUPS_PREFIX'),
    sessionSecret: sessionSecret || null,
    sessionMs: Number(minutes) * 60_000,
  };
}
