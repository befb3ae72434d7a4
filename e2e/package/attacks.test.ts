/** Attacks on two running servers: one with sign-in at a real provider, one behind a proxy that identifies visitors. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../free-port';
import { serve, type Served } from '../server';
import { GUARDED, rawRequest, sendRaw } from '../testing/raw-http';
import {
  cookieHeader,
  cookiesOf,
  startIdentityProvider,
  throughProvider,
  type IdentityProvider,
} from '../testing/servers/identity-provider';

const SEALED = `x.${Buffer.from('{"viewer":null}').toString('base64url')}`;
/** Headers that the server or a framework might mistake for its own. */
const INTERNAL: readonly (readonly [string, string])[] = [
  ['x-ifscope-viewer', SEALED],
  ['x-ifscope-peer', SEALED],
  ['x-middleware-subrequest', 'proxy:proxy:proxy:proxy:proxy'],
  ['x-middleware-subrequest', 'src/middleware:src/middleware'],
  ['x-middleware-rewrite', '/api/topology'],
  ['x-middleware-next', '1'],
  ['x-invoke-path', '/api/topology'],
  ['x-original-url', '/healthz'],
  ['x-rewrite-url', '/healthz'],
  ['next-router-prefetch', '1'],
  ['rsc', '1'],
];

const get = (address: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(address, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });
/** Paths that a browser might resolve to another server. */
const ELSEWHERE = [
  '//evil.example/',
  '/%2F%2Fevil.example',
  '/\\evil.example',
  '/%5Cevil.example',
  '/%09//evil.example',
  '/?to=//evil.example',
  '/?next=https://evil.example&redirect_uri=https://evil.example',
];

const cookieIn = (text: string): string => /^set-cookie: (.*)\r$/im.exec(text)?.[1] ?? '';

describe('signing in', () => {
  let provider: IdentityProvider;
  let served: Served;
  let url: string;
  const sessions: string[] = [];
  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/map`;
    provider = await startIdentityProvider(url);
    provider.forge = (claims) => {
      sessions.push(String(claims['sid']));
      return provider.sign(claims);
    };
    const settings = {
      '--from': 'demo',
      '--rights': 'all',
      '--auth': 'oidc',
      '--base-path': '/map',
      '--url': url,
      '--port': String(port),
      '--oidc-issuer': provider.issuer,
      '--oidc-client-id': 'ifscope',
    };
    served = await serve(Object.entries(settings).flat(), { IFSCOPE_OIDC_CLIENT_SECRET: 'hush' });
  });
  afterAll(async () => {
    await served.stop();
    provider.stop();
  });
  /** The cookie header of a signed-in visitor. */
  async function signIn(path = '/'): Promise<{ readonly cookie: string; readonly home: Response }> {
    const away = await get(`${url}${path}`);
    const back = await throughProvider(away.headers.get('location') ?? '', url);
    const home = await get(back, { cookie: cookieHeader(cookiesOf(away)) });
    return { cookie: cookieHeader({ ifscope_session: cookiesOf(home)['ifscope_session'] ?? '' }), home };
  }

  it('rejects a callback without, with a foreign or with a reused answer, and logs the reason', async () => {
    const away = await get(`${url}/`);
    const back = await throughProvider(away.headers.get('location') ?? '', url);
    const cookie = cookieHeader(cookiesOf(away));
    expect((await get(`${url}/oidc/callback`, { cookie })).status).toBe(401);
    expect((await get(back.replace(/state=[^&]+/, 'state=other'), { cookie })).status).toBe(401);
    expect((await get(back.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example'), { cookie })).status).toBe(401);
    expect(served.log()).toMatch(/ifscope: warn: sign-in: signing in failed: .*"iss"/);
    expect((await get(back)).status).toBe(401);
    const home = await get(back, { cookie });
    expect(home.status).toBe(303);
    expect((await get(back, { cookie })).status).toBe(401);
    expect(home.headers.getSetCookie().filter((line) => !line.includes('; Path=/map; HttpOnly; SameSite=Lax'))).toEqual(
      [],
    );
  });

  it('an open stream ends when the visitor signs out and when the provider ends the session', async () => {
    for (const end of [
      async (cookie: string) => {
        const { origin } = new URL(url);
        await fetch(`${url}/oidc/logout`, { method: 'POST', headers: { cookie, origin }, redirect: 'manual' });
      },
      () => provider.endSession('alice', sessions.at(-1) ?? ''),
    ]) {
      const { cookie } = await signIn();
      const stream = await get(`${url}/api/stream`, { cookie });
      expect(stream.status).toBe(200);
      await end(cookie);
      await stream.text();
      expect((await get(`${url}/api/topology`, { cookie })).status).toBe(401);
    }
  });

  it.each(ELSEWHERE)('redirects a visitor who requested %s to this server or the provider only', async (path) => {
    const [answer] = await sendRaw(url, rawRequest(`GET /map${path}`, ['Accept: text/html']));
    const location = /^location: (.*)\r$/im.exec(answer?.text ?? '')?.[1] ?? '/';
    const at = new URL(location, url);
    expect([new URL(url).origin, provider.issuer]).toContain(at.origin);
    if (at.origin !== provider.issuer) return;
    const login = cookiesOf(new Response(null, { headers: { 'set-cookie': cookieIn(answer?.text ?? '') } }));
    const home = await get(await throughProvider(location, url), { cookie: cookieHeader(login) });
    expect(new URL(home.headers.get('location') ?? '', url).href.startsWith(`${url}/`)).toBe(true);
  });

  it.each(INTERNAL)('the header %s grants no access: %s', async (name, value) => {
    for (const path of GUARDED) {
      const answer = await fetch(`${url}${path}`, { headers: { [name]: value, accept: '*/*' }, redirect: 'manual' });
      expect([path, answer.status]).toEqual([path, 401]);
    }
  });

  it('checks each request of a connection separately', async () => {
    const { cookie } = await signIn();
    const asked = (headers: readonly string[]): string => rawRequest('GET /map/api/lookup?q=a', headers);
    const answers = await sendRaw(url, `${asked([`Cookie: ${cookie}`])}${asked([])}`, 2);
    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
  });
});

describe('a proxy that identifies visitors', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(['--from', 'demo', '--rights', 'all', '--auth', 'proxy', '--proxy-from', '127.0.0.1']);
  });
  afterAll(() => served.stop());
  const statusOf = async (line: string, headers: readonly string[], body = ''): Promise<number> =>
    (await sendRaw(served.url, rawRequest(line, headers, body)))[0]?.status ?? 0;
  const CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
  const POST = [
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Content-Length: ${CALL.length}`,
  ];
  const ALICE = 'X-Forwarded-User: alice';

  it('is trusted on every route', async () => {
    expect(await statusOf('GET /api/lookup?q=a', [ALICE])).toBe(200);
    expect(await statusOf('GET /api/stream', [ALICE])).toBe(200);
    expect(await statusOf('POST /mcp', [ALICE, ...POST], CALL)).toBe(200);
  });

  it.each<[string, readonly string[], number]>([
    ['no name', [], 401],
    ['an empty name', ['X-Forwarded-User: '], 401],
    ['a name with an underscore', ['X_Forwarded_User: alice'], 401],
    ['two names', [ALICE, 'x-forwarded-user: root'], 401],
    ['two names, one empty', [ALICE, 'X-FORWARDED-USER:'], 401],
    ['groups given twice', [ALICE, 'X-Forwarded-Groups: a', 'X-Forwarded-Groups: b'], 401],
    ['a name reserved by Kubernetes', ['X-Forwarded-User: system:admin'], 401],
    ['a name after a line break of its own', ['X-Other: a\nX-Forwarded-User: alice'], 400],
    ['a name with a space before the colon', ['X-Forwarded-User : alice'], 400],
    ['a folded name', ['X-Other: a', ' X-Forwarded-User: alice'], 400],
    ['Content-Length and Transfer-Encoding', [ALICE, 'Transfer-Encoding: chunked', 'Content-Length: 4'], 400],
    ['two Content-Length headers', [ALICE, 'Content-Length: 4', 'Content-Length: 5'], 400],
  ])('%s', async (_, headers, status) => {
    for (const line of ['GET /api/lookup?q=a', 'GET /api/stream', 'POST /mcp'])
      expect([line, await statusOf(line, headers)]).toEqual([line, status]);
  });

  it('ignores a name in trailers', async () => {
    const headers = ['Transfer-Encoding: chunked', 'Trailer: X-Forwarded-User'];
    expect(await statusOf('POST /mcp', headers, '0\r\nX-Forwarded-User: alice\r\n\r\n')).toBe(401);
  });

  it.each(INTERNAL)('the internal header %s grants no access: %s', async (name, value) => {
    for (const path of GUARDED)
      expect([path, await statusOf(`GET ${path}`, [`${name}: ${value}`])]).toEqual([path, 401]);
  });
});
