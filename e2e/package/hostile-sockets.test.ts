/**
 * Hostile clients over real sockets, against a server on loopback without authentication: foreign names, upgrades,
 * headers, half-sent requests and floods of bodies.
 */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, type Served } from '../server';
import { GUARDED, rawRequest, sendRaw } from '../testing/raw-http';

let served: Served;
const held: Socket[] = [];
beforeAll(async () => {
  served = await serve(['--from', 'demo']);
});
afterAll(async () => {
  for (const socket of held) socket.destroy();
  await served.stop();
});
const own = (): string => new URL(served.url).origin;
const statusOf = async (text: string): Promise<number | undefined> => (await sendRaw(own(), text))[0]?.status;
/** A request with only these headers. */
const bare = (line: string, headers: readonly string[]): string =>
  `${[`${line} HTTP/1.1`, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`;

describe('a foreign name (DNS rebinding)', () => {
  const PATHS = GUARDED.filter((path) => path !== '/mcp');

  it.each<[string, readonly string[]]>([
    ['as Host', ['Host: evil.example']],
    ['with the port', [`Host: evil.example:3000`]],
    ['that begins with an own name', ['Host: 127.0.0.1.evil.example']],
    ['with forwarded names', ['Host: evil.example', 'X-Forwarded-Host: 127.0.0.1', 'Forwarded: host=127.0.0.1']],
    ['that is empty', ['Host:']],
  ])('%s is rejected', async (_, headers) => {
    for (const path of PATHS) expect([path, await statusOf(bare(`GET ${path}`, headers))]).toEqual([path, 403]);
  });

  it('in a forwarded header changes neither the answer nor any link or cookie in it', async () => {
    const forwarded = ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https', 'X-Forwarded-Port: 444'];
    const [plain] = await sendRaw(own(), rawRequest('GET /', ['Connection: close']), Infinity);
    const [answer] = await sendRaw(own(), rawRequest('GET /', [...forwarded, 'Connection: close']), Infinity);
    expect(answer?.status).toBe(plain?.status);
    expect(answer?.text).not.toMatch(/evil\.example|:444/);
  });

  it('given twice is a bad request', async () => {
    expect(await statusOf(bare('GET /api/topology', ['Host: 127.0.0.1', 'Host: evil.example']))).toBe(400);
  });
});

it.each(['/', '/api/stream', '/api/topology', '/_next/webpack-hmr'])(
  'rejects an upgrade of %s to a WebSocket, and closes the connection',
  async (path) => {
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const [answer] = await sendRaw(own(), rawRequest(`GET ${path}`, [...upgrade, key]), Infinity);
    expect(answer?.status).toBe(400);
  },
);

it.each(['/api/lookup?q=', '/api/explain?q=', '/api/export?format=', '/api/stream?since=', '/?sel='])(
  'a line break in the parameter of %s injects no header',
  async (path) => {
    const [answer] = await sendRaw(
      own(),
      rawRequest(`GET ${path}a%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0a<script>`, ['Connection: close']),
    );
    const headers = answer?.text.split('\r\n\r\n')[0] ?? '';
    expect(headers).not.toMatch(/^set-cookie: evil/im);
  },
);

it('rejects 30,000 brackets as an invalid call, and keeps running', async () => {
  const headers = ['Content-Type: application/json', 'Accept: application/json, text/event-stream'];
  for (const body of ['['.repeat(30_000), `${'['.repeat(30_000)}${']'.repeat(30_000)}`, '{"a":'.repeat(10_000)]) {
    const [answer] = await sendRaw(
      own(),
      rawRequest('POST /mcp', [...headers, `Content-Length: ${body.length}`], body),
    );
    expect(answer?.status).toBe(400);
  }
});

it.each([
  ['15 KiB of headers are accepted', 15, 200],
  ['17 KiB are rejected', 17, 431],
])('%s', async (_, kib, status) => {
  const cookie = `Cookie: a=${'b'.repeat(kib * 1024)}`;
  expect(await statusOf(rawRequest('GET /api/lookup?q=abc', [cookie, 'Connection: close']))).toBe(status);
});

it('rejects 40 concurrent bodies of 8 MB, with or without Content-Length, and answers others meanwhile', async () => {
  const chunk = `10000\r\n${' '.repeat(0x1_0000)}\r\n`;
  const undeclared = rawRequest('POST /mcp', ['Transfer-Encoding: chunked'], chunk.repeat(128));
  const declared = rawRequest('POST /mcp', [`Content-Length: ${8 * 1024 * 1024}`]);
  // If a connection is closed while the client sends, the answer may be lost.
  const flood = Array.from({ length: 40 }, (_, index) =>
    statusOf(index % 2 === 0 ? undeclared : declared).catch((error: unknown) => (error as NodeJS.ErrnoException).code),
  );
  expect((await fetch(`${own()}/healthz`)).status).toBe(200);
  const ends = await Promise.all(flood);
  expect(ends.filter((end) => end === 413).length).toBeGreaterThanOrEqual(20);
  for (const end of ends) expect([413, 'EPIPE', 'ECONNRESET']).toContain(end);
});

/** Connects and sends part of a request; `closed` resolves with the server's output when the connection closes. */
async function hold(half: string, url = own()): Promise<{ readonly closed: Promise<string> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  held.push(socket);
  await once(socket, 'connect');
  let said = '';
  socket.on('data', (data: Buffer) => (said += data.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(half);
  return { closed: once(socket, 'close').then(() => said) };
}

it('answers others while 500 connections send half a request, and closes those', async () => {
  const halves = ['GET / HT', 'GET /api/topology HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ', 'POST /mcp HTTP/1.1\r\n'];
  const all = await Promise.all(Array.from({ length: 500 }, (_, index) => hold(halves[index % halves.length] ?? '')));
  expect((await fetch(`${own()}/api/lookup?q=abc`)).status).toBe(200);
  for (const said of await Promise.all(all.map(({ closed }) => closed))) expect(said).toMatch(/^HTTP\/1\.1 408 /);
  expect((await fetch(`${own()}/readyz`)).status).toBe(200);
});

describe('a short request timeout', () => {
  let brief: Served;
  beforeAll(async () => {
    brief = await serve(['--from', 'demo'], { IFSCOPE_REQUEST_MS: '1000' });
  });
  afterAll(() => brief.stop());

  it.each([
    ['an unfinished body with Content-Length', 'Content-Length: 1000', '{"jsonrpc"'],
    ['an unfinished chunked body', 'Transfer-Encoding: chunked', 'a\r\n{"jsonrpc"\r\n'],
  ])('%s is answered with 408 and closed, while a response may last longer', async (_, length, part) => {
    const leaving = new AbortController();
    const { body } = await fetch(`${brief.url}/api/stream`, { signal: leaving.signal });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const began = performance.now();
    const headers = ['Content-Type: application/json', 'Accept: application/json, text/event-stream', length];
    const { closed } = await hold(rawRequest('POST /mcp', headers, part), brief.url);
    expect(await closed).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - began).toBeGreaterThan(900);
    // A heartbeat follows within five seconds.
    expect((await reader.read()).done).toBe(false);
    leaving.abort();
  });

  it('logs no error', () => expect(brief.log()).toBe(''));
});

it('is healthy after all of these requests, and logs no error', async () => {
  expect((await fetch(`${own()}/healthz`)).status).toBe(200);
  expect(served.log()).toBe('');
});
