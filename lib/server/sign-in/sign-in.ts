/**
 * Sign-in with an identity provider: the authorization code flow with PKCE, by openid-client. The visitor's identity is
 * stored in an encrypted cookie, so that every replica with the same secret accepts it and none keeps sessions.
 */
import { randomBytes } from 'node:crypto';
import * as client from 'openid-client';
import { refuse } from '../http/answers';
import { cookieValue } from '../http/cookies';
import type { Visitor } from '../rights/rights';
import { visitorOf } from '../http/identity';
import { Seal } from './seal';
import type { OidcSettings } from '../http/oidc-settings';

const CALLBACK = '/oidc/callback';
const LOGOUT = '/oidc/logout';

const SESSION = 'ifscope_session';
const LOGIN = 'ifscope_login';
/** Duration of a sign-in. Rights are checked continuously, independent of it. */
const SESSION_MS = 8 * 3_600_000;
const LOGIN_MS = 10 * 60_000;
/** In bytes. Browsers silently drop cookies of more than 4,096 bytes. */
const MOST_COOKIE = 3_900;

/** The state that is stored while the visitor is at the identity provider. */
interface Login {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** The path to return to after sign-in. */
  readonly to: string;
}
interface Session {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The parts of a request that sign-in reads. */
export interface Visit {
  readonly path: string;
  readonly search: string;
  readonly method: string;
  readonly headers: Headers;
}

const redirect = (location: string, cookies: readonly string[]): Response => {
  const headers = new Headers({ location, 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
};

/** A path of this server; `/` for any text that a browser would resolve to another host. */
const ownPath = (text: string): string => (/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text) ? text : '/');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : textOf(value) === '' ? [] : [textOf(value)];

const HTML = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
const LOGOUT_PAGE =
  '<!doctype html><html lang="en"><title>Sign out · ifscope</title><form method="post"><button>Sign out of ifscope</button></form></html>';

/** Sign-in with one provider. */
export class SignIn {
  readonly #settings: OidcSettings;
  readonly #now: () => number;
  readonly #session: Seal;
  readonly #login: Seal;
  #configuring: Promise<client.Configuration> | null = null;

  constructor(settings: OidcSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
    const secret = settings.sessionSecret ?? randomBytes(32).toString('hex');
    this.#session = new Seal(secret, 'session');
    this.#login = new Seal(secret, 'login');
  }

  /** The visitor, or the response to a visitor who has not signed in. */
  async admit(visit: Visit): Promise<Visitor | Response> {
    if (visit.path === LOGOUT) return this.#logout(visit);
    return (await this.#visitor(visit.headers)) ?? this.#answer(visit);
  }

  /** The visitor of the session cookie; null without a valid session. */
  async #visitor(headers: Headers): Promise<Visitor | null> {
    const sealed = cookieValue(headers.get('cookie'), SESSION);
    const session = sealed === null ? null : await this.#session.open(sealed, this.#now());
    if (session === null) return null;
    const { user, groups } = session.value as Session;
    return visitorOf(user, groups, session.until);
  }

  /** Redirects page requests to the provider; refuses all others. */
  async #answer(visit: Visit): Promise<Response> {
    const { path, search, method, headers } = visit;
    if (path === CALLBACK) return this.#finish(visit);
    const isPage = method === 'GET' && (headers.get('accept') ?? '').includes('text/html') && !path.startsWith('/api/');
    if (!isPage) return refuse(401, 'sign in first: open the page in a browser');
    const configuration = await this.#configuration();
    if (configuration === null) return refuse(503, 'the identity provider cannot be reached: try again in a moment');
    const login: Login = {
      verifier: client.randomPKCECodeVerifier(),
      state: client.randomState(),
      nonce: client.randomNonce(),
      to: ownPath(`${path}${search}`),
    };
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.#settings.url}${CALLBACK}`,
      scope: this.#settings.scopes,
      code_challenge: await client.calculatePKCECodeChallenge(login.verifier),
      code_challenge_method: 'S256',
      state: login.state,
      nonce: login.nonce,
    });
    const sealed = await this.#login.close(login, this.#now() + LOGIN_MS);
    return redirect(address.href, [this.#cookie(LOGIN, sealed, LOGIN_MS)]);
  }

  /** GET shows a confirmation page; POST ends the session here and, if supported, at the provider. */
  async #logout({ method, headers }: Visit): Promise<Response> {
    if (method !== 'POST') return new Response(LOGOUT_PAGE, { headers: HTML });
    if (headers.get('origin') !== new URL(this.#settings.url).origin)
      return refuse(403, 'sign out from the page of this server');
    const gone = this.#cookie(SESSION, '', 0);
    const configuration = await this.#configuration();
    const end = configuration?.serverMetadata().end_session_endpoint;
    if (configuration === null || end === undefined) return redirect(`${this.#settings.url}/`, [gone]);
    const address = client.buildEndSessionUrl(configuration, { client_id: this.#settings.clientId });
    return redirect(address.href, [gone]);
  }

  /** Handles the redirect from the provider. */
  async #finish({ search, headers }: Visit): Promise<Response> {
    const sealed = cookieValue(headers.get('cookie'), LOGIN);
    const opened = sealed === null ? null : await this.#login.open(sealed, this.#now());
    if (opened === null)
      return refuse(401, 'signing in took too long or was started in another browser: open the page again');
    const { verifier, state, nonce, to } = opened.value as Login;
    const configuration = await this.#configuration();
    if (configuration === null) return refuse(503, 'the identity provider cannot be reached: try again in a moment');
    let session: Session;
    try {
      const address = new URL(`${this.#settings.url}${CALLBACK}${search}`);
      const tokens = await client.authorizationCodeGrant(configuration, address, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      session = await this.#sessionOf(configuration, tokens);
    } catch (error) {
      const code = error instanceof client.AuthorizationResponseError ? error.error : '';
      const said = /^[a-z_]{1,40}$/.test(code) ? `: the identity provider says ${code}` : '';
      return refuse(401, `signing in failed${said}: open the page again`);
    }
    if (visitorOf(session.user, session.groups) === null)
      return refuse(403, `the identity provider sent no user name in the claim ${this.#settings.userClaim}`);
    const cookie = await this.#session.close(session, this.#now() + SESSION_MS);
    if (cookie.length > MOST_COOKIE)
      return refuse(403, `${session.groups.length} groups do not fit into a cookie: have the provider send fewer`);
    return redirect(`${this.#settings.url}${to}`, [
      this.#cookie(SESSION, cookie, SESSION_MS),
      this.#cookie(LOGIN, '', 0),
    ]);
  }

  async #sessionOf(
    configuration: client.Configuration,
    tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  ): Promise<Session> {
    const { userClaim, groupsClaim, userPrefix, groupsPrefix } = this.#settings;
    const inToken = tokens.claims();
    if (inToken === undefined) throw new Error('the provider sent no ID token');
    let claims: Readonly<Record<string, unknown>> = inToken;
    const isComplete = inToken[userClaim] !== undefined && inToken[groupsClaim] !== undefined;
    if (!isComplete && configuration.serverMetadata().userinfo_endpoint !== undefined) {
      const more = await client.fetchUserInfo(configuration, tokens.access_token, inToken.sub);
      claims = { ...more, ...inToken };
    }
    // As in the API server: an unverified email address is not accepted as a user name.
    const isDoubtful = userClaim === 'email' && claims['email_verified'] === false;
    const user = isDoubtful ? '' : textOf(claims[userClaim]);
    return {
      user: user === '' ? '' : `${userPrefix}${user}`,
      groups: textsOf(claims[groupsClaim]).map((group) => `${groupsPrefix}${group}`),
    };
  }

  /** The provider's configuration; null if the provider cannot be reached. The next visitor tries again. */
  #configuration(): Promise<client.Configuration | null> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const authentication = clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret);
    // Plain HTTP is allowed only for a provider on this machine; `readOidc` refuses any other.
    const options = issuer.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {};
    this.#configuring ??= client.discovery(issuer, clientId, undefined, authentication, options);
    return this.#configuring.catch(() => {
      this.#configuring = null;
      return null;
    });
  }

  #cookie(name: string, value: string, ms: number): string {
    const { protocol, pathname } = new URL(this.#settings.url);
    const secure = protocol === 'https:' ? '; Secure' : '';
    return `${name}=${value}; Path=${pathname}; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(ms / 1000)}${secure}`;
  }
}
