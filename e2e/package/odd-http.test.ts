/** Unusual HTTP against a running server: methods, bodies, paths and invalid requests. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve, type Served } from '../server';
import { GUARDED, rawRequest, sendRaw } from '../testing/raw-http';

let served: Served;
beforeAll(async () => {
  served = await serve(['--from', 'demo', '--token', 'secret-token']);
});
afterAll(() => served.stop());
const own = (): string => new URL(served.url).origin;
const TOKEN = 'Authorization: Bearer secret-token';

it('no stored output contains the token', () => {
  expect(served.url).not.toContain('secret-token');
  expect(served.log()).not.toContain('secret-token');
});

it.each(['OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE', 'POST'])(
  'answers %s with 405 where it is not supported, with and without the token',
  async (method) => {
    for (const path of [...GUARDED, '/healthz', '/readyz', '/no-such-page'])
      for (const headers of [[], [TOKEN]]) {
        const [answer] = await sendRaw(own(), rawRequest(`${method} ${path}`, [...headers, 'Content-Length: 0']));
        const isMeant = method === 'POST' && path === '/mcp';
        const expected = isMeant ? (headers.length > 0 ? 400 : 401) : 405;
        expect([path, headers, answer?.status]).toEqual([path, headers, expected]);
      }
  },
);

it.each(['/mcp', '/api/ended-sessions'])('%s advertises POST as its only method', async (path) => {
  const [answer] = await sendRaw(own(), rawRequest(`GET ${path}`, [TOKEN, 'Connection: close']));
  expect(answer?.status).toBe(405);
  expect(answer?.text).toMatch(/^allow: POST\r$/im);
});

it('answers HEAD like GET, without a body', async () => {
  const [answer] = await sendRaw(own(), rawRequest('HEAD /api/topology', [TOKEN, 'Connection: close']));
  expect(answer?.status).toBe(200);
  expect(answer?.text.endsWith('\r\n\r\n')).toBe(true);
  expect((await sendRaw(own(), rawRequest('HEAD /api/topology', ['Connection: close'])))[0]?.status).toBe(401);
});

it.each<[string, string]>([
  ['an invalid method', 'FOO / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a missing Host header', 'GET / HTTP/1.1\r\n\r\n'],
  ['an invalid version', 'GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a missing path', rawRequest('GET *', [TOKEN])],
  ['a request that is not HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
])('rejects %s as a bad request', async (_, text) => {
  expect((await sendRaw(own(), text))[0]?.status).toBe(400);
});

const chunked = (size: number): string => {
  const chunk = `1000\r\n${' '.repeat(0x1000)}\r\n`;
  return `${chunk.repeat(size / 0x1000)}0\r\n\r\n`;
};
it('accepts a chunked body only where a body is expected, up to its limit', async () => {
  const answered = async (line: string, size: number): Promise<number | undefined> => {
    const head = rawRequest(line, [TOKEN, 'Transfer-Encoding: chunked', 'Content-Type: application/json']);
    return (await sendRaw(own(), `${head}${chunked(size)}`))[0]?.status;
  };
  expect(await answered('POST /mcp', 0x8000)).toBe(400);
  expect(await answered('POST /mcp', 0x14000)).toBe(413);
  expect(await answered('POST /mcp', 0x80000)).toBe(413);
  for (const path of GUARDED) {
    expect([path, await answered(`GET ${path}`, 0x80000)]).toEqual([path, 400]);
    if (path !== '/mcp') expect([path, await answered(`POST ${path}`, 0x80000)]).toEqual([path, 405]);
  }
});

it('rejects a body with too large a Content-Length before it arrives', async () => {
  const [answer] = await sendRaw(own(), rawRequest('POST /mcp', ['Content-Length: 9000000']));
  expect(answer?.text).toMatch(/^HTTP\/1\.1 413 /);
});

it('answers a call in a chunked body', async () => {
  const call = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
  const halves = [call.slice(0, 20), call.slice(20)];
  const body = `${halves.map((half) => `${half.length.toString(16)}\r\n${half}\r\n`).join('')}0\r\n\r\n`;
  const headers = ['Content-Type: application/json', 'Accept: application/json, text/event-stream'];
  const [answer] = await sendRaw(
    own(),
    rawRequest('POST /mcp', [TOKEN, ...headers, 'Transfer-Encoding: chunked', 'Connection: close'], body),
    Infinity,
  );
  expect(answer?.text).toContain('"explain"');
});

it.each(['/api', '/api/', '/api/nothing', '/api/topology/nodes', '/api/a/b/c?x=y', '/api/%00', '/api/..%2fx'])(
  '%s is not a path of the API: a JSON error that points to the paths',
  async (path) => {
    const url = new URL(path, own());
    expect((await fetch(url)).status).toBe(401);
    const answer = await fetch(url, { headers: { authorization: 'Bearer secret-token' } });
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
      path,
      404,
      'application/json; charset=utf-8',
    ]);
    expect(((await answer.json()) as { error: string }).error).toMatch(/^there is no \/api.*: \/api\/openapi\.json/);
  },
);

it.each([
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/_next/static/../../server/app/page.js',
  '/_next/static/%2e%2e/%2e%2e/required-server-files.json',
  '/_next/static/..%5c..%5crequired-server-files.json',
  '/_next/image?url=/etc/passwd&w=1&q=1',
  '/_next/data/x.json',
  '/api/topology%00',
  '/%00',
  '/api/%2e%2e/api/topology',
  '//api/topology',
  '/api//topology',
  '/api/topology/',
  '/./api/topology',
  '/API/TOPOLOGY',
  '/api/topology;x=y',
  'http://evil.example/api/topology',
  '/%',
  '/%ff%fe',
  `/${'a'.repeat(4_000)}`,
])('%.80s grants nothing without the token, and redirects to no other host', async (path) => {
  const [answer] = await sendRaw(own(), rawRequest(`GET ${path}`, ['Connection: close']));
  expect(answer?.status).toSatisfy((status: number) => status >= 300 && status < 500);
  const location = /^location: (.*)\r$/im.exec(answer?.text ?? '')?.[1] ?? '/';
  expect(new URL(location, own()).origin).toBe(own());
  expect(answer?.text).not.toMatch(/root:x:|"config"|ifscope\/topology/);
});

it('is healthy after all of these requests, and logs no error', async () => {
  await expect.poll(async () => (await fetch(`${own()}/readyz`)).status, { timeout: 30_000 }).toBe(200);
  expect(served.log()).toBe('');
});
