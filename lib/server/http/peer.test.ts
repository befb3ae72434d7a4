/** The peer of a request is that of its connection, independent of the request's headers. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PEER_HEADER, namePeers, peerOf, type Peer } from './peer';

const seen: (Peer | null)[] = [];
const headersOf = (request: IncomingMessage): Headers =>
  new Headers(Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]));
const server = createServer((request, response) => {
  seen.push(peerOf(headersOf(request)));
  response.end();
});

beforeAll(async () => {
  namePeers();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

async function send(lines: readonly string[]): Promise<Peer | null | undefined> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(['GET / HTTP/1.1', 'host: x', 'connection: close', ...lines, '', ''].join('\r\n'));
  socket.resume();
  await once(socket, 'close');
  return seen.pop();
}

it.each([
  ['nothing', [], []],
  ['another address', ['x-forwarded-for: 10.0.0.1', `${PEER_HEADER}: x.e30`], []],
  ['its own header twice', [`${PEER_HEADER}: a`, `${PEER_HEADER}: b`], [PEER_HEADER]],
  ['a header twice', ['x-forwarded-user: a', 'X-Forwarded-User: b'], ['x-forwarded-user']],
])('a request with %s', async (_, lines, repeated) =>
  expect(await send(lines)).toEqual({ address: '127.0.0.1', repeated }),
);
