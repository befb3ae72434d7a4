import { describe, expect, it } from 'vitest';
import { VIEWER_HEADER, viewerHeader, viewerOf } from './identity';
import { hostName, checkAccess, policyFromEnv, type AccessRequest } from './access';

interface Part {
  readonly path?: string;
  readonly search?: string;
  readonly host?: string | null;
  readonly authorization?: string;
  readonly cookie?: string;
  readonly peer?: AccessRequest['peer'];
  readonly headers?: Readonly<Record<string, string>>;
}

const asked = ({ path = '/api/topology', search = '', peer = null, headers = {}, ...part }: Part): AccessRequest => {
  const all = new Headers(headers);
  for (const [name, value] of Object.entries({ host: '127.0.0.1:3000', ...part }))
    if (value !== null) all.set(name, value);
  return { path, search, headers: all, peer };
};

const EVERYTHING = { kind: 'allow', viewer: null };

describe('host names', () => {
  it.each([
    ['127.0.0.1:3000', '127.0.0.1'],
    ['LOCALHOST', 'localhost'],
    ['[::1]:3000', '[::1]'],
    ['evil.example:3000', 'evil.example'],
    ['', ''],
    ['127.0.0.1.evil.example', '127.0.0.1.evil.example'],
    ['127.0.0.1:3000@evil', ''],
  ])('%j is %j', (header, name) => expect(hostName(header)).toBe(name));
});

describe('without a token', () => {
  const local = policyFromEnv({});
  it.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', 'LocalHost'])('responds under %s', (host) =>
    expect(checkAccess(asked({ host }), local)).toEqual(EVERYTHING),
  );
  it.each(['evil.example', '10.0.0.4:3000', null, '127.0.0.1.evil.example'])('refuses %s', (host) =>
    expect(checkAccess(asked({ host }), local)).toMatchObject({ kind: 'refuse', status: 403 }),
  );
  it('responds under an allowed name', () => {
    const policy = policyFromEnv({ IFSCOPE_ALLOWED_HOSTS: 'ifscope.corp, Other.Corp' });
    expect(checkAccess(asked({ host: 'other.corp:8080' }), policy)).toEqual(EVERYTHING);
    expect(checkAccess(asked({ host: 'evil.example' }), policy)).toMatchObject({ status: 403 });
  });
  it('responds to probes under any name', () => {
    for (const path of ['/healthz', '/readyz'])
      expect(checkAccess(asked({ path, host: '10.0.0.9:3000' }), local)).toEqual(EVERYTHING);
    expect(checkAccess(asked({ path: '/metrics', host: '10.0.0.9:3000' }), local)).toMatchObject({ status: 403 });
  });
  it.each<[string, Readonly<Record<string, string>>, boolean]>([
    ['a program without an Origin header', {}, true],
    [
      'its own page',
      { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
      true,
    ],
    ['a link on another page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, true],
    ['a script of another page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, false],
    ['a form of another page', { origin: 'https://evil.example', 'sec-fetch-mode': 'navigate' }, false],
    ['a page without an origin', { origin: 'null' }, false],
  ])('requested by %s', (_, headers, isAllowed) =>
    expect(checkAccess(asked({ headers }), local).kind).toBe(isAllowed ? 'allow' : 'refuse'),
  );
  it('does not compare origins if it does not know its names', () => {
    const policy = policyFromEnv({ IFSCOPE_TRUSTED_PROXY: 'on' });
    expect(checkAccess(asked({ headers: { origin: 'https://public.name' } }), policy)).toEqual(EVERYTHING);
    expect(checkAccess(asked({ headers: { 'sec-fetch-site': 'cross-site' } }), policy)).toMatchObject({ status: 403 });
  });
  it('trusts a proxy configured as trusted', () => {
    expect(checkAccess(asked({ host: 'any.name' }), policyFromEnv({ IFSCOPE_TRUSTED_PROXY: 'on' }))).toEqual(
      EVERYTHING,
    );
  });
});

describe('with a token', () => {
  const policy = policyFromEnv({ IFSCOPE_TOKEN: 's3cret+/=' });
  it.each([
    ['nothing', {}],
    ['another bearer', { authorization: 'Bearer nope' }],
    ['another cookie', { cookie: 'ifscope_token=nope' }],
    ['another token in the address', { search: '?token=nope' }],
    ['an unreadable cookie', { cookie: 'ifscope_token=%E0%A4%A' }],
  ])('refuses %s', (_, part) =>
    expect(checkAccess(asked(part), policy)).toMatchObject({ kind: 'refuse', status: 401 }),
  );
  it('accepts it as bearer and as cookie, under any host name', () => {
    expect(checkAccess(asked({ host: 'box.corp', authorization: 'bearer s3cret+/=' }), policy)).toEqual(EVERYTHING);
    expect(checkAccess(asked({ cookie: `a=b; ifscope_token=${encodeURIComponent('s3cret+/=')}` }), policy)).toEqual(
      EVERYTHING,
    );
  });
  it('moves it from the URL into a cookie once', () => {
    const search = `?view=networks&token=${encodeURIComponent('s3cret+/=')}`;
    const verdict = checkAccess(asked({ path: '/', search }), policy);
    expect(verdict).toMatchObject({ kind: 'remember', location: '/?view=networks' });
    if (verdict.kind !== 'remember') return;
    // Lax: with Strict, a link from a chat would fail although its reader has the cookie.
    expect(verdict.cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
    expect(checkAccess(asked({ cookie: verdict.cookie.split(';')[0] ?? '' }), policy)).toEqual(EVERYTHING);
  });
});

it.each([
  ['https', true],
  ['HTTPS, http', true],
  ['http, https', false],
  ['http', false],
  ['', false],
])('behind a proxy reached by %s, the cookie is for TLS only: %s', (scheme, isSecure) => {
  const policy = policyFromEnv({ IFSCOPE_TOKEN: 't' });
  const verdict = checkAccess(
    asked({ path: '/', search: '?token=t', headers: { 'x-forwarded-proto': scheme } }),
    policy,
  );
  expect(verdict).toMatchObject({ kind: 'remember' });
  expect(verdict.kind === 'remember' && verdict.cookie.endsWith('; Secure')).toBe(isSecure);
});

describe('behind a proxy that identifies the visitor', () => {
  const env = { IFSCOPE_AUTH: 'proxy', IFSCOPE_PROXY_FROM: '10.0.0.7, 10.1.0.0/16 fd00::/64' };
  const policy = policyFromEnv(env);
  const peer = (address: string, repeated: readonly string[] = []) => ({ address, repeated });
  const named = { 'x-forwarded-user': 'alice', 'x-forwarded-groups': 'dev, ops,dev' };

  it.each(['10.0.0.7', '10.1.255.3', '::ffff:10.0.0.7', 'fd00::5'])('trusts its headers from %s', (address) =>
    expect(checkAccess(asked({ peer: peer(address), headers: named, host: 'any.name' }), policy)).toEqual({
      kind: 'allow',
      viewer: { user: 'alice', groups: ['dev', 'ops', 'system:authenticated'], session: null },
    }),
  );
  it.each([null, peer('10.0.0.8'), peer('127.0.0.1'), peer('::ffff:10.2.0.1'), peer(''), peer('fd01::5')])(
    'rejects them from %j',
    (from) =>
      expect(checkAccess(asked({ peer: from, headers: named }), policy)).toMatchObject({ kind: 'refuse', status: 403 }),
  );
  it.each([
    ['no user', {}, []],
    ['an empty user', { 'x-forwarded-user': ' ' }, []],
    ["a user of Kubernetes' own", { 'x-forwarded-user': 'system:admin' }, []],
    ['a user next to that of the proxy', named, ['x-forwarded-user']],
    ['groups next to those of the proxy', named, ['x-forwarded-groups']],
  ])('refuses %s', (_, headers, repeated) =>
    expect(checkAccess(asked({ peer: peer('10.0.0.7', repeated), headers }), policy)).toMatchObject({
      kind: 'refuse',
      status: 401,
    }),
  );
  it('accepts no group reserved by Kubernetes', () => {
    const headers = { ...named, 'x-forwarded-groups': 'system:masters,dev' };
    expect(checkAccess(asked({ peer: peer('10.0.0.7'), headers }), policy)).toMatchObject({
      viewer: { groups: ['dev', 'system:authenticated'] },
    });
  });
  it('reads the configured headers', () => {
    const other = policyFromEnv({ ...env, IFSCOPE_PROXY_USER_HEADER: 'Remote-User', IFSCOPE_PROXY_GROUPS_HEADER: 'G' });
    const headers = { ...named, 'remote-user': 'bob', g: 'x' };
    expect(checkAccess(asked({ peer: peer('10.0.0.7'), headers }), other)).toMatchObject({
      viewer: { user: 'bob', groups: ['x', 'system:authenticated'] },
    });
  });
  it('admits programs by the token from anywhere, but not by a cookie', () => {
    const both = policyFromEnv({ ...env, IFSCOPE_TOKEN: 't' });
    expect(checkAccess(asked({ authorization: 'Bearer t', peer: peer('10.9.9.9') }), both)).toEqual(EVERYTHING);
    expect(checkAccess(asked({ authorization: 'Bearer u', peer: peer('10.9.9.9') }), both)).toMatchObject({
      status: 403,
    });
    expect(checkAccess(asked({ cookie: 'ifscope_token=t', peer: peer('10.9.9.9') }), both)).toMatchObject({
      status: 403,
    });
    expect(checkAccess(asked({ search: '?token=t', peer: peer('10.9.9.9') }), both)).toMatchObject({ status: 403 });
  });
  it('responds to probes from anywhere', () =>
    expect(checkAccess(asked({ path: '/readyz', peer: peer('10.9.9.9') }), policy)).toEqual(EVERYTHING));
});

describe('invalid settings', () => {
  it.each([
    [{ IFSCOPE_AUTH: 'basic' }, /--auth basic.*none, token, proxy/],
    [{ IFSCOPE_AUTH: 'token' }, /--auth token.*--token/],
    [{ IFSCOPE_AUTH: 'none', IFSCOPE_TOKEN: 't' }, /--auth none.*--token/],
    [{ IFSCOPE_AUTH: 'proxy' }, /--proxy-from/],
    [{ IFSCOPE_AUTH: 'proxy', IFSCOPE_PROXY_FROM: '10.0.0.0/33' }, /10\.0\.0\.0\/33/],
    [{ IFSCOPE_AUTH: 'proxy', IFSCOPE_PROXY_FROM: 'proxy.corp' }, /proxy\.corp.*10\.0\.0\.0\/24/],
    [
      { IFSCOPE_AUTH: 'proxy', IFSCOPE_PROXY_FROM: '::1', IFSCOPE_PROXY_USER_HEADER: 'a b' },
      /--proxy-user-header a b: not the name of a header, as x-forwarded-user/,
    ],
  ])('%j', (env, message) => expect(() => policyFromEnv(env)).toThrow(message));
});

describe('internal headers', () => {
  const viewer = { user: 'alice', groups: [], session: null };
  it('are read back', () => expect(viewerOf(new Headers({ [VIEWER_HEADER]: viewerHeader(viewer) }))).toEqual(viewer));
  it.each([`x.${viewerHeader(viewer).split('.')[1] ?? ''}`, 'x', '', '.'])('cannot be set by a client: %s', (value) =>
    expect(viewerOf(new Headers({ [VIEWER_HEADER]: value }))).toBeUndefined(),
  );
});
