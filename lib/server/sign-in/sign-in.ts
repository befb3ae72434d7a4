/**
 * Sign-in with an identity provider: the authorization code flow with PKCE, by openid-client. The visitor's identity is
 * stored in an encrypted cookie, so that every replica with the same secret accepts it and none keeps sessions.
 * Replicas store only the sessions that ended early, and exchange these (`rights/ended-relay`).
 */
import { randomBytes } from 'node:crypto';
import * as client from 'openid-client';
import { refuse } from '../http/answers';
import { cookieName, cookieValues } from '../http/cookies';
import type { Visitor } from '../rights/rights';
import { endedRelay } from '../rights/ended-relay';
import { endedSessions, isOver, MAX_SESSION_MS, type Session } from '../rights/session';
import { visitorOf } from '../http/identity';
import { namesOf, type Named } from './claims';
import { createLogoutTokens, type LogoutTokens } from './logout-token';
import { Seal } from './seal';
import type { OidcSettings } from '../http/oidc-settings';

const CALLBACK = '/oidc/callback';
const LOGOUT = '/oidc/logout';
/** The provider posts here when it ends a session. */
const BACKCHANNEL = '/oidc/backchannel-logout';

const LOGIN_MS = 10 * 60_000;
/** In bytes. Browsers silently drop cookies of more than 4,096 bytes. */
const MAX_COOKIE = 3_900;

/** The state that is stored while the visitor is at the identity provider. */
interface Login {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** The path to return to after sign-in. */
  readonly to: string;
}
/** The content of the session cookie. */
interface SignedIn extends Named {
  readonly session: Session;
}

/** The parts of a request that sign-in reads. */
export interface Visit {
  readonly path: string;
  readonly search: string;
  readonly method: string;
  readonly headers: Headers;
  /** The request's body. */
  readonly text: () => Promise<string>;
}

/** Receives the reason why somebody could not sign in, for the log. The text is untrusted. */
export type SignInReport = (why: string) => void;

const redirect = (location: string, cookies: readonly string[]): Response => {
  const headers = new Headers({ location, 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
};

/** A path of the server at `url`; `/` for any text that a browser would resolve to another host or above that URL. */
const ownPath = (url: string, text: string): string =>
  /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text) && new URL(`${url}${text}`).href.startsWith(`${url}/`) ? text : '/';

const HTML = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
const pageOf = (title: string, head: string, body: string): string =>
  `<!doctype html><html lang="en"><title>${title} · ifscope</title>${head}<p>${body}</html>`;
const LOGOUT_PAGE = pageOf('Sign out', '', '<form method="post"><button>Sign out of ifscope</button></form>');
const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

const UNREACHABLE = 'the identity provider cannot be reached: try again in a moment';

/** A key that ends sessions (`Session.keys`). */
const keyOf = (kind: 'id' | 'subject' | 'provider', name = ''): string => `${kind} ${name}`;

/** The failure and its cause: messages of openid-client name the check, and a provider sends its own code. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = error instanceof client.ResponseBodyError ? ` (${error.error})` : '';
  return `${error.message}${code}${cause instanceof Error ? `: ${cause.message}` : ''}`;
}

/** Sign-in with one provider. */
export class SignIn {
  readonly #settings: OidcSettings;
  readonly #now: () => number;
  readonly #report: SignInReport;
  readonly #session: Seal;
  readonly #login: Seal;
  readonly #ended: Seal;
  readonly #names: { readonly session: string; readonly login: string };
  #configuring: Promise<client.Configuration> | null = null;
  #logoutTokens: LogoutTokens | null = null;

  constructor(settings: OidcSettings, now: () => number, report: SignInReport) {
    this.#settings = settings;
    this.#now = now;
    this.#report = report;
    const secret = settings.sessionSecret ?? randomBytes(32).toString('hex');
    // With the same secret but another provider or other claims, the same name may belong to another visitor.
    const { issuer, clientId, userClaim, groupsClaim, userPrefix, groupsPrefix } = settings;
    const whose = JSON.stringify([issuer.href, clientId, userClaim, groupsClaim, userPrefix, groupsPrefix]);
    this.#session = new Seal(secret, `session ${whose}`);
    this.#login = new Seal(secret, `login ${whose}`);
    this.#ended = new Seal(secret, `ended ${whose}`);
    const relay = endedRelay();
    for (let known = relay.after(0); known.notes.length > 0; known = relay.after(known.next))
      void this.#take(known.notes);
    relay.onNotes((notes) => void this.#take(notes));
    const nameOf = (name: string): string => cookieName(name, new URL(settings.url));
    this.#names = { session: nameOf('ifscope_session'), login: nameOf('ifscope_login') };
  }

  /** The visitor, or the response to a visitor who has not signed in. */
  async admit(visit: Visit): Promise<Visitor | Response> {
    if (visit.path === LOGOUT) return this.#logout(visit);
    if (visit.path === BACKCHANNEL) return this.#endByProvider(visit);
    const visitor = await this.#visitor(visit.headers);
    if (visitor === null) return this.#answer(visit);
    // Two tabs were redirected to the provider, and the other one returned first.
    return visit.path === CALLBACK ? redirect(`${this.#settings.url}/`, []) : visitor;
  }

  /** The visitor of the session cookie; null without a valid session. */
  async #visitor(headers: Headers): Promise<Visitor | null> {
    for (const cookie of cookieValues(headers.get('cookie'), this.#names.session)) {
      const sealed = await this.#session.open(cookie, this.#now());
      if (sealed === null) continue;
      const { user, groups, session } = sealed.value as SignedIn;
      if (!isOver(session, this.#now())) return visitorOf(user, groups, session);
    }
    return null;
  }

  /** Redirects page requests to the provider; refuses all others. */
  async #answer(visit: Visit): Promise<Response> {
    const { path, search, method, headers } = visit;
    if (path === CALLBACK) return this.#finish(visit);
    const isPage = method === 'GET' && (headers.get('accept') ?? '').includes('text/html') && !path.startsWith('/api/');
    if (!isPage) return refuse(401, 'sign in first: open the page in a browser');
    const configuration = await this.#configuration();
    if (configuration === null) return refuse(503, UNREACHABLE);
    const login: Login = {
      verifier: client.randomPKCECodeVerifier(),
      state: client.randomState(),
      nonce: client.randomNonce(),
      to: ownPath(this.#settings.url, `${path}${search}`),
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
    return redirect(address.href, [this.#cookie(this.#names.login, sealed, LOGIN_MS)]);
  }

  /** GET shows a confirmation page; POST ends the session here and, if supported, at the provider. */
  async #logout({ method, headers }: Visit): Promise<Response> {
    if (method !== 'POST') return new Response(LOGOUT_PAGE, { headers: HTML });
    if (headers.get('origin') !== new URL(this.#settings.url).origin)
      return refuse(403, 'sign out from the page of this server');
    const [id] = (await this.#visitor(headers))?.session?.keys ?? [];
    if (id !== undefined) await this.#end(id);
    const gone = this.#cookie(this.#names.session, '', 0);
    const configuration = await this.#configuration();
    const end = configuration?.serverMetadata().end_session_endpoint;
    const isEnded = configuration !== null && end !== undefined;
    const to = isEnded
      ? client.buildEndSessionUrl(configuration, { client_id: this.#settings.clientId }).href
      : `${this.#settings.url}/`;
    // A page, not a redirect: browsers do not let a form lead to another server (form-action of the policy).
    const page = pageOf(
      'Signed out',
      isEnded ? `<meta http-equiv="refresh" content="0;url=${attribute(to)}">` : '',
      `You are signed out of ifscope. <a href="${attribute(to)}">${isEnded ? 'Sign out of the identity provider' : 'Sign in'}</a>`,
    );
    return new Response(page, { headers: { ...HTML, 'set-cookie': gone } });
  }

  /** Ends the sessions with this key, here immediately and soon on every replica. */
  async #end(key: string): Promise<void> {
    const at = this.#now();
    endedSessions().end(key, at);
    endedRelay().add([await this.#ended.close({ key, at }, at + MAX_SESSION_MS)], at);
  }

  /** Ends the sessions that another replica has ended. Notes encrypted with another secret are ignored. */
  async #take(notes: readonly string[]): Promise<void> {
    for (const note of notes) {
      const ended = (await this.#ended.open(note, this.#now()))?.value as { key: string; at: number } | undefined;
      if (ended !== undefined) endedSessions().end(ended.key, ended.at);
    }
  }

  /** Ends the sessions named by the provider's logout token. */
  async #endByProvider({ method, text }: Visit): Promise<Response> {
    if (method !== 'POST') return refuse(405, 'identity providers post logout tokens here');
    const configuration = await this.#configuration();
    const {
      jwks_uri: keys,
      issuer,
      id_token_signing_alg_values_supported: signing,
    } = configuration?.serverMetadata() ?? {};
    if (keys === undefined || issuer === undefined) return refuse(503, UNREACHABLE);
    const { clientId } = this.#settings;
    this.#logoutTokens ??= createLogoutTokens(new URL(keys), { issuer, clientId, algorithms: signing ?? ['RS256'] });
    try {
      const token = new URLSearchParams(await text()).get('logout_token') ?? '';
      const { subject, session } = await this.#logoutTokens.verify(token, this.#now());
      await this.#end(session === undefined ? keyOf('subject', subject) : keyOf('provider', session));
      return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } });
    } catch (error) {
      this.#report(`a logout token was refused: ${wordsOf(error)}`);
      return refuse(400, 'this is no valid logout token');
    }
  }

  /** Handles the redirect from the provider. */
  async #finish({ search, headers }: Visit): Promise<Response> {
    const login = await this.#loginOf(headers, new URLSearchParams(search).get('state') ?? '');
    if (login === null)
      return refuse(401, 'signing in took too long or was started in another browser: open the page again');
    const { verifier, state, nonce, to } = login;
    const configuration = await this.#configuration();
    if (configuration === null) return refuse(503, UNREACHABLE);
    let signedIn: SignedIn;
    try {
      const address = new URL(`${this.#settings.url}${CALLBACK}${search}`);
      const tokens = await client.authorizationCodeGrant(configuration, address, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      signedIn = await this.#signedIn(configuration, tokens);
    } catch (error) {
      this.#report(`signing in failed: ${wordsOf(error)}`);
      const code = error instanceof client.AuthorizationResponseError ? error.error : '';
      const known = /^[a-z_]{1,40}$/.test(code) ? `: the identity provider says ${code}` : '';
      const said = code === 'invalid_scope' ? `${known} to --oidc-scopes ${this.#settings.scopes}` : known;
      return refuse(401, `signing in failed${said}: open the page again`);
    }
    if (visitorOf(signedIn.user, signedIn.groups) === null)
      return refuse(403, `the identity provider sent no user name in the claim ${this.#settings.userClaim}`);
    const cookie = await this.#session.close(signedIn, signedIn.session.until);
    if (cookie.length > MAX_COOKIE)
      return refuse(403, `${signedIn.groups.length} groups do not fit into a cookie: have the provider send fewer`);
    return redirect(`${this.#settings.url}${to}`, [
      this.#cookie(this.#names.session, cookie, this.#settings.sessionMs),
      this.#cookie(this.#names.login, '', 0),
    ]);
  }

  /** The sign-in that this browser started with this state; null if there is none. */
  async #loginOf(headers: Headers, state: string): Promise<Login | null> {
    for (const cookie of cookieValues(headers.get('cookie'), this.#names.login)) {
      const login = (await this.#login.open(cookie, this.#now()))?.value as Login | undefined;
      if (login?.state === state) return login;
    }
    return null;
  }

  async #signedIn(
    configuration: client.Configuration,
    tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  ): Promise<SignedIn> {
    const { userClaim, groupsClaim } = this.#settings;
    const inToken = tokens.claims();
    if (inToken === undefined) throw new Error('the provider sent no ID token');
    let claims: Readonly<Record<string, unknown>> = inToken;
    const isComplete = inToken[userClaim] !== undefined && inToken[groupsClaim] !== undefined;
    if (!isComplete && configuration.serverMetadata().userinfo_endpoint !== undefined) {
      const more = await client.fetchUserInfo(configuration, tokens.access_token, inToken.sub);
      claims = { ...more, ...inToken };
    }
    if (claims[groupsClaim] === undefined)
      this.#report(`the identity provider sent no claim ${groupsClaim}: this visitor has no groups`);
    const keys = [keyOf('id', randomBytes(12).toString('base64url')), keyOf('subject', inToken.sub)];
    if (typeof inToken['sid'] === 'string') keys.push(keyOf('provider', inToken['sid']));
    const from = this.#now();
    return { ...namesOf(claims, this.#settings), session: { keys, from, until: from + this.#settings.sessionMs } };
  }

  /** The provider's configuration; null if the provider cannot be reached. The next visitor tries again. */
  #configuration(): Promise<client.Configuration | null> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const authentication = clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret);
    // Plain HTTP is allowed only for a provider on this machine; `readOidc` refuses any other.
    const insecure = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    this.#configuring ??= client.discovery(issuer, clientId, undefined, authentication, {
      // The signature is checked even over TLS, because a device that inspects TLS may be in between.
      execute: [client.enableNonRepudiationChecks, ...insecure],
    });
    return this.#configuring.catch((error: unknown) => {
      if (this.#configuring !== null) this.#report(`the identity provider cannot be reached: ${wordsOf(error)}`);
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
