/** Signing in with a real identity provider (oidc-provider) on loopback, with redirects and cookies as in a browser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cookieHeader,
  cookiesOf,
  startIdentityProvider,
  type IdentityProvider,
} from '../../../e2e/testing/servers/identity-provider';
import { asResponse, oidcSettings, OURS, signedIn, thereAndBack, visit } from '../../../e2e/testing/visiting';
import { SignIn } from './sign-in';

let provider: IdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider(OURS);
  provider.claims = { groups: ['dev', 'ops'] };
});
afterAll(() => provider.stop());

const settings = (more: Readonly<Record<string, string>> = {}) => oidcSettings(provider.issuer, more);
const clock = { now: Date.now() };
const create = (more?: Readonly<Record<string, string>>): SignIn =>
  new SignIn(
    settings(more),
    () => clock.now,
    () => undefined,
  );

describe('signing in', () => {
  it('leads to the provider, back to the requested page, and admits the visitor', async () => {
    const signIn = create();
    const home = await signedIn(signIn, '/?view=networks&sel=a%2Fb');
    expect(home.status).toBe(303);
    expect(home.headers.get('location')).toBe(`${OURS}/?view=networks&sel=a%2Fb`);
    for (const line of home.headers.getSetCookie()) expect(line).toMatch(/Path=\/map; HttpOnly; SameSite=Lax/);
    const cookies = cookiesOf(home);
    expect(cookieHeader(cookies)).not.toMatch(/alice|dev/);
    const visitor = await signIn.admit(visit('/api/topology', cookies));
    expect(visitor).toMatchObject({ user: 'alice', groups: ['dev', 'ops', 'system:authenticated'] });
    // A replica with the same secret recognises the visitor; one with another secret does not.
    expect(await create().admit(visit('/api/topology', cookies))).toEqual(visitor);
    const other = create({ IFSCOPE_SESSION_SECRET: 'y'.repeat(40) });
    expect(asResponse(await other.admit(visit('/api/topology', cookies))).status).toBe(401);
  });

  it('uses PKCE, a state and a nonce, and requests only the code', async () => {
    const away = asResponse(await create().admit(visit('/')));
    const asked = new URL(away.headers.get('location') ?? '').searchParams;
    expect(asked.get('response_type')).toBe('code');
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce']) expect(asked.get(name)?.length).toBeGreaterThan(20);
    expect(asked.get('redirect_uri')).toBe(`${OURS}/oidc/callback`);
  });

  it('prefixes names as the API server does', async () => {
    const signIn = create({ IFSCOPE_OIDC_USER_PREFIX: 'oidc:', IFSCOPE_OIDC_GROUPS_PREFIX: 'oidc:' });
    expect(await signIn.admit(visit('/', cookiesOf(await signedIn(signIn))))).toMatchObject({
      user: 'oidc:alice',
      groups: ['oidc:dev', 'oidc:ops', 'system:authenticated'],
    });
  });

  it.each([
    ['eight hours', 480, {}],
    ['the time that is set', 20, { IFSCOPE_SESSION_MINUTES: '20' }],
  ])('ends after %s', async (_, minutes, settings) => {
    const signIn = create(settings);
    const cookies = cookiesOf(await signedIn(signIn));
    clock.now += (minutes - 1) * 60_000;
    expect(await signIn.admit(visit('/', cookies))).toMatchObject({ user: 'alice' });
    clock.now += 60_001;
    expect(asResponse(await signIn.admit(visit('/', cookies))).status).toBe(303);
    clock.now = Date.now();
  });

  it('ends at the visitor’s request, and only from a page of this server', async () => {
    const signIn = create();
    const cookies = cookiesOf(await signedIn(signIn));
    const asked = asResponse(await signIn.admit(visit('/oidc/logout', cookies)));
    expect(asked.headers.getSetCookie()).toEqual([]);
    expect(await asked.text()).toContain('<form method="post">');
    const post = (origin: string) => ({ ...visit('/oidc/logout', cookies, { origin }), method: 'POST' });
    expect(asResponse(await signIn.admit(post('http://evil.example'))).status).toBe(403);
    const gone = asResponse(await signIn.admit(post(new URL(OURS).origin)));
    expect(gone.status).toBe(200);
    expect(gone.headers.getSetCookie()).toEqual([expect.stringMatching(/^ifscope_session=; .*Max-Age=0/)]);
    expect(await gone.text()).toContain(`content="0;url=${provider.issuer}/session/end?client_id=ifscope"`);
  });
});

describe('refused visitors and requests', () => {
  it.each(['/api/topology', '/api/stream', '/metrics'])('a program that requests %s', async (path) => {
    const answer = asResponse(await create().admit(visit(path, {}, path.startsWith('/api') ? {} : { accept: '*/*' })));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('location')).toBeNull();
  });

  it.each([
    [
      'a cookie of another purpose',
      (cookies: Record<string, string>) => ({ ifscope_session: cookies['ifscope_login'] ?? '' }),
    ],
    [
      'a cookie that was changed',
      (cookies: Record<string, string>) => ({ ifscope_session: `${cookies['ifscope_login'] ?? ''}x` }),
    ],
    ['no cookie that can be read', () => ({ ifscope_session: 'a.b.c.d.e' })],
  ])('%s', async (_, change) => {
    const signIn = create();
    const away = asResponse(await signIn.admit(visit('/')));
    expect(asResponse(await signIn.admit(visit('/api/topology', change(cookiesOf(away))))).status).toBe(401);
  });

  it('a browser that did not begin here, or another state', async () => {
    const signIn = create();
    const away = asResponse(await signIn.admit(visit('/')));
    const back = await thereAndBack(away);
    expect(asResponse(await signIn.admit(visit(back))).status).toBe(401);
    const other = asResponse(await signIn.admit(visit('/')));
    const answer = asResponse(await signIn.admit(visit(back, cookiesOf(other))));
    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('a code that was used before', async () => {
    const signIn = create();
    const away = asResponse(await signIn.admit(visit('/')));
    const back = await thereAndBack(away);
    expect(asResponse(await signIn.admit(visit(back, cookiesOf(away)))).status).toBe(303);
    expect(asResponse(await signIn.admit(visit(back, cookiesOf(away)))).status).toBe(401);
  });

  it('a visitor refused by the provider, with its error code and no other text', async () => {
    const signIn = create();
    const away = asResponse(await signIn.admit(visit('/')));
    const state = new URL(away.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const refusedWith = async (error: string): Promise<string> => {
      const params = new URLSearchParams({ error, state, iss: provider.issuer });
      return asResponse(await signIn.admit(visit(`/oidc/callback?${params.toString()}`, cookiesOf(away)))).text();
    };
    expect(await refusedWith('access_denied')).toContain('says access_denied');
    expect(await refusedWith('invalid_scope')).toContain('says invalid_scope to --oidc-scopes openid profile email');
    expect(await refusedWith('<script>')).not.toContain('script');
  });

  it('a name reserved by Kubernetes, and an unverified address', async () => {
    provider.account = 'system:admin';
    expect((await signedIn(create())).status).toBe(403);
    provider.account = 'alice';
    provider.claims = { email: 'root@corp.example', email_verified: false };
    expect((await signedIn(create({ IFSCOPE_OIDC_USER_CLAIM: 'email' }))).status).toBe(403);
    provider.claims = { email: 'alice@corp.example', email_verified: true };
    const signIn = create({ IFSCOPE_OIDC_USER_CLAIM: 'email' });
    expect(await signIn.admit(visit('/', cookiesOf(await signedIn(signIn))))).toMatchObject({
      user: 'alice@corp.example',
    });
  });

  it('more groups than fit into a cookie', async () => {
    provider.claims = { groups: Array.from({ length: 2_000 }, (_, at) => `group-${(at * 7919) % 104_729}-${at}`) };
    const answer = await signedIn(create());
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('2000 groups');
    provider.claims = { groups: ['dev'] };
  });

  it.each(['//evil.example/', '/\\evil.example', '/a\\b'])('is not sent to another server by %s', async (path) => {
    const signIn = create();
    const away = asResponse(await signIn.admit({ ...visit('/'), path }));
    const back = await thereAndBack(away);
    const home = asResponse(await signIn.admit(visit(back, cookiesOf(away))));
    expect(home.headers.get('location')).toBe(`${OURS}/`);
  });

  it('anybody while the provider is unreachable', async () => {
    const nowhere = create({ IFSCOPE_OIDC_ISSUER: 'http://127.0.0.1:9' });
    expect(asResponse(await nowhere.admit(visit('/'))).status).toBe(503);
  });
});

describe('invalid settings', () => {
  it.each([
    [{ IFSCOPE_OIDC_ISSUER: '' }, /--oidc-issuer/],
    [{ IFSCOPE_OIDC_CLIENT_ID: '' }, /--oidc-client-id/],
    [{ IFSCOPE_URL: '' }, /--url/],
    [{ IFSCOPE_URL: 'http://ifscope.corp' }, /https/],
    [{ IFSCOPE_OIDC_ISSUER: 'http://login.corp' }, /https/],
    [{ IFSCOPE_SESSION_SECRET: 'short' }, /32/],
    [{ IFSCOPE_SESSION_MINUTES: 'an hour' }, /--session-minutes an hour: give minutes, a number from 1 to 480/],
    [{ IFSCOPE_SESSION_MINUTES: '481' }, /from 1 to 480/],
  ])('%j', (env, message) => expect(() => settings(env)).toThrow(message));
});
