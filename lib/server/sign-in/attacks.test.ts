/** Attacks by a visitor, a broken provider or another server in the domain, with a real provider (oidc-provider). */
import { generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  cookieHeader,
  cookiesOf,
  startIdentityProvider,
  type IdentityProvider,
} from '../../../e2e/testing/servers/identity-provider';
import { asResponse, oidcSettings, OURS, post, signedIn, thereAndBack, visit } from '../../../e2e/testing/visiting';
import { SignIn } from './sign-in';

let provider: IdentityProvider;
let reported: string[] = [];
beforeAll(async () => {
  provider = await startIdentityProvider(OURS);
});
afterEach(() => {
  Object.assign(provider, { forge: null, claims: {}, account: 'alice' });
  reported = [];
});
afterAll(() => provider.stop());

const create = (more?: Readonly<Record<string, string>>): SignIn =>
  new SignIn(
    oidcSettings(provider.issuer, more),
    () => Date.now(),
    (why) => reported.push(why),
  );
const statusOf = async (signIn: SignIn, ...of: Parameters<typeof visit>): Promise<number | string> => {
  const answer = await signIn.admit(visit(...of));
  return answer instanceof Response ? answer.status : answer.user;
};

const seconds = (): number => Math.floor(Date.now() / 1000);
const withClaims = (change: JWTPayload) => (claims: JWTPayload) => provider.sign({ ...claims, ...change });
const withoutClaim = (name: string) => (claims: JWTPayload) =>
  provider.sign(Object.fromEntries(Object.entries(claims).filter(([other]) => other !== name)));
const signedByAnother = async (claims: JWTPayload): Promise<string> => {
  const { privateKey } = await generateKeyPair('RS256');
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
};
/** Signed with the public key as an HMAC secret (key confusion of HMAC and RSA). */
const signedByClient = (claims: JWTPayload): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('hush'.repeat(8)));

describe('an ID token', () => {
  it('re-signed by the provider is accepted', async () => {
    provider.forge = withClaims({});
    expect((await signedIn(create())).status).toBe(303);
  });

  it.each<[string, NonNullable<IdentityProvider['forge']>]>([
    ['for another client', withClaims({ aud: 'another' })],
    ['for several clients, of which this is not the authorized one', withClaims({ aud: ['ifscope', 'b'], azp: 'b' })],
    ['of another issuer', withClaims({ iss: 'https://evil.example' })],
    ['with another nonce', withClaims({ nonce: 'another' })],
    ['without a nonce', withoutClaim('nonce')],
    ['that has expired', withClaims({ iat: seconds() - 7200, exp: seconds() - 3600 })],
    ['that has expired by more than clocks differ', withClaims({ exp: seconds() - 60 })],
    ['that is not valid yet', withClaims({ nbf: seconds() + 3600 })],
    ['that never expires', withoutClaim('exp')],
    ['without a subject', withoutClaim('sub')],
    ['without a signature (alg none)', (claims) => new UnsecuredJWT(claims).encode()],
    ['signed by another key', signedByAnother],
    ['signed with the client’s secret', signedByClient],
    ['that is malformed', () => 'x'],
  ])('%s is rejected', async (_, forge) => {
    provider.forge = forge;
    const answer = await signedIn(create());
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
    expect(reported).toEqual([expect.stringMatching(/^signing in failed: \S/)]);
  });

  it.each([
    ['expired a moment ago', { exp: -10 }],
    ['is valid in a moment', { nbf: 10 }],
  ])('that %s is accepted because of clock skew', async (_, change) => {
    provider.forge = (claims) =>
      withClaims(Object.fromEntries(Object.entries(change).map(([name, at]) => [name, seconds() + at])))(claims);
    expect((await signedIn(create())).status).toBe(303);
  });
});

describe('the redirect back from the provider', () => {
  const without = (name: string) => (back: string) => {
    const url = new URL(back, 'http://x');
    url.searchParams.delete(name);
    return `${url.pathname}${url.search}`;
  };
  const having = (name: string, value: string) => (back: string) => {
    const url = new URL(back, 'http://x');
    url.searchParams.set(name, value);
    return `${url.pathname}${url.search}`;
  };
  it.each<[string, (back: string) => string]>([
    ['without a state', without('state')],
    ['with an empty state', having('state', '')],
    ['with another state', having('state', 'another')],
    ['with two states', (back) => `${back}&state=another`],
    ['without a code', without('code')],
    ['with another code', having('code', 'another')],
    ['with two codes', (back) => `${back}&code=another`],
    ['without the issuer', without('iss')],
    ['of another issuer (mix-up)', having('iss', 'https://evil.example')],
    ['with an ID token beside the code', (back) => `${back}&id_token=x`],
    ['with nothing', () => '/oidc/callback'],
  ])('%s signs nobody in', async (_, altered) => {
    const answer = await signedIn(create(), '/', altered);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
  });

  it('without the PKCE challenge, or with that of another request, is rejected by the provider or here', async () => {
    const signIn = create();
    const away = asResponse(await signIn.admit(visit('/')));
    const altered = (change: (asked: URL) => void): Response => {
      const asked = new URL(away.headers.get('location') ?? '');
      change(asked);
      return new Response(null, { headers: { location: asked.href } });
    };
    const stripped = await thereAndBack(altered(({ searchParams }) => searchParams.delete('code_challenge')));
    expect(stripped).toContain('error=invalid_request');
    expect(await statusOf(signIn, stripped, cookiesOf(away))).toBe(401);
    const swapped = await thereAndBack(
      altered(({ searchParams }) => searchParams.set('code_challenge', 'a'.repeat(43))),
    );
    expect(await statusOf(signIn, swapped, cookiesOf(away))).toBe(401);
    expect(reported.at(-1)).toContain('invalid_grant');
  });

  it('leads to the start page if the visitor has signed in meanwhile, in another tab', async () => {
    const signIn = create();
    const [first, second] = [asResponse(await signIn.admit(visit('/'))), asResponse(await signIn.admit(visit('/')))];
    const home = asResponse(await signIn.admit(visit(await thereAndBack(second), cookiesOf(second))));
    const late = await signIn.admit(visit(await thereAndBack(first), cookiesOf(home)));
    expect([asResponse(late).status, asResponse(late).headers.get('location')]).toEqual([303, `${OURS}/`]);
  });

  it.each([
    '//evil.example/',
    '///evil.example/',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/%09/evil.example',
    '/%2f%2fevil.example',
    '/%5cevil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/@evil.example',
    'https://evil.example/',
    '@evil.example',
    '.evil.example',
    ':80@evil.example',
    '/\u0000',
  ])('stays on this server for %j', async (path) => {
    const signIn = create();
    const away = asResponse(await signIn.admit({ ...visit('/'), path }));
    const home = asResponse(await signIn.admit(visit(await thereAndBack(away), cookiesOf(away))));
    const { origin, pathname } = new URL(home.headers.get('location') ?? '', OURS);
    expect([home.status, origin, pathname.startsWith('/map/')]).toEqual([303, new URL(OURS).origin, true]);
  });
});

describe('cookies', () => {
  it('of another server in the domain, sent first, do not prevent access', async () => {
    const signIn = create();
    const away = asResponse(await signIn.admit(visit('/')));
    const { ifscope_login: login = '' } = cookiesOf(away);
    const back = await thereAndBack(away);
    const home = asResponse(await signIn.admit(visit(back, `ifscope_login=x; ifscope_login=${login}`)));
    const { ifscope_session: session = '' } = cookiesOf(home);
    expect(await statusOf(signIn, '/', `ifscope_session=%; ifscope_session=x; ifscope_session=${session}`)).toBe(
      'alice',
    );
  });

  it.each([
    ['https://map.corp', '__Host-', 'Path=/;'],
    ['https://corp/map', '__Secure-', 'Path=/map;'],
  ])('of %s can be set by no other host and not without TLS: %s', async (url, prefix, path) => {
    const away = asResponse(await create({ IFSCOPE_URL: url }).admit(visit('/')));
    const [line = ''] = away.headers.getSetCookie();
    expect(line.startsWith(`${prefix}ifscope_login=`)).toBe(true);
    expect(line).toContain(path);
    expect(line.endsWith('; Secure')).toBe(true);
    expect(line).not.toContain('Domain');
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['client', { IFSCOPE_OIDC_CLIENT_ID: 'other' }],
    ['provider', { IFSCOPE_OIDC_ISSUER: 'http://127.0.0.1:9' }],
    ['user claim', { IFSCOPE_OIDC_USER_CLAIM: 'email' }],
    ['prefix', { IFSCOPE_OIDC_USER_PREFIX: 'oidc:' }],
  ])('of an installation with the same secret and another %s are not accepted', async (_, more) => {
    const cookies = cookiesOf(await signedIn(create()));
    expect(await statusOf(create(), '/api/topology', cookies)).toBe('alice');
    expect(await statusOf(create(more), '/api/topology', cookies)).toBe(401);
  });
});

describe('a session', () => {
  it('ends for every copy of its cookie once the visitor signs out, and no other session does', async () => {
    const signIn = create();
    const [cookies, other] = [cookiesOf(await signedIn(signIn)), cookiesOf(await signedIn(signIn))];
    const { origin } = new URL(OURS);
    expect(asResponse(await signIn.admit(post('/oidc/logout', {}, cookies, { origin }))).status).toBe(200);
    expect(await statusOf(signIn, '/api/topology', cookies)).toBe(401);
    expect(await statusOf(signIn, '/api/topology', other)).toBe('alice');
  });

  const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const logoutToken = (more: JWTPayload = {}) =>
    provider.sign({
      iss: provider.issuer,
      aud: 'ifscope',
      iat: seconds(),
      exp: seconds() + 60,
      events: EVENTS,
      ...more,
    });
  const sendToken = async (signIn: SignIn, token: string): Promise<number> =>
    asResponse(await signIn.admit(post('/oidc/backchannel-logout', { logout_token: token }))).status;

  it('ends at the provider’s request: one session, or all of the user', async () => {
    const signIn = create();
    const sessions: unknown[] = [];
    provider.forge = (claims) => {
      sessions.push(claims['sid']);
      return provider.sign(claims);
    };
    const [cookies, other] = [cookiesOf(await signedIn(signIn)), cookiesOf(await signedIn(signIn))];
    provider.account = 'bob';
    const bobs = cookiesOf(await signedIn(signIn));
    expect(await sendToken(signIn, await logoutToken({ sub: 'alice', sid: sessions[0] }))).toBe(200);
    expect(await statusOf(signIn, '/api/topology', cookies)).toBe(401);
    expect(await statusOf(signIn, '/api/topology', other)).toBe('alice');
    expect(await sendToken(signIn, await logoutToken({ sub: 'alice' }))).toBe(200);
    expect(await statusOf(signIn, '/api/topology', other)).toBe(401);
    expect(await statusOf(signIn, '/api/topology', bobs)).toBe('bob');
  });

  it.each<[string, () => string | Promise<string>]>([
    ['none', () => ''],
    ['an ID token', () => logoutToken({ sub: 'alice', nonce: 'n' })],
    ['no event', () => logoutToken({ sub: 'alice', events: {} })],
    ['another client’s', () => logoutToken({ sub: 'alice', aud: 'another' })],
    ['another issuer’s', () => logoutToken({ sub: 'alice', iss: 'https://evil.example' })],
    ['one of an hour ago', () => logoutToken({ sub: 'alice', iat: seconds() - 3600, exp: seconds() + 60 })],
    ['without a subject', () => logoutToken()],
    ['an unsigned one', () => new UnsecuredJWT({ sub: 'alice', events: EVENTS }).encode()],
    [
      'one of another key',
      () => signedByAnother({ iss: provider.issuer, aud: 'ifscope', sub: 'alice', events: EVENTS }),
    ],
  ])('is not ended by an invalid logout token: %s', async (_, token) => {
    const signIn = create();
    const cookies = cookiesOf(await signedIn(signIn));
    expect(await sendToken(signIn, await token())).toBe(400);
    expect(await statusOf(signIn, '/api/topology', cookies)).toBe('alice');
  });
});

describe('names and groups', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['a text is one group', { groups: 'dev ops' }, ['dev ops']],
    ['what is not text is ignored', { groups: ['dev', 7, null, { name: 'ops' }, ['x']] }, ['dev']],
    ['a map is ignored', { groups: { dev: true } }, []],
    ['an empty text is ignored', { groups: ['', ' ', 'dev'] }, ['dev']],
    ['names reserved by Kubernetes are ignored', { groups: ['system:masters', ' system:nodes', 'dev'] }, ['dev']],
  ])('%s', async (_, claims, groups) => {
    provider.claims = claims;
    const signIn = create();
    const visitor = await signIn.admit(visit('/', cookieHeader(cookiesOf(await signedIn(signIn)))));
    expect(visitor).toMatchObject({ user: 'alice', groups: [...groups, 'system:authenticated'] });
  });

  it('a missing groups claim is logged', async () => {
    await signedIn(create());
    expect(reported).toEqual(['the identity provider sent no claim groups: this visitor has no groups']);
  });

  it.each([false, 'false', 'true', 0, 1, 'no'])(
    'an email address is not a user name if email_verified is %j',
    async (verified) => {
      provider.claims = { email: 'root@corp.example', email_verified: verified };
      expect((await signedIn(create({ IFSCOPE_OIDC_USER_CLAIM: 'email' }))).status).toBe(403);
    },
  );
});
