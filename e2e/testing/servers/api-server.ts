/**
 * A scripted API server on a real socket. Every list and watch becomes an exchange, which the test answers or leaves
 * open; `/version` and `/apis` are answered automatically.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface Exchange {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly watch: boolean;
  readonly headers: IncomingMessage['headers'];
  json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
  gzip(body: unknown): void;
  /** A page of objects with these names. */
  page(names: readonly string[], version: string, next?: string): void;
  /** A `Status`, as API servers send with every error. */
  refuse(code: number, message?: string, headers?: Readonly<Record<string, string>>): void;
  /** Sends the headers of a watch; after that, use the functions below. */
  open(headers?: Readonly<Record<string, string>>): Exchange;
  event(type: string, object: unknown): void;
  write(bytes: string | Uint8Array): void;
  end(): void;
  /** TCP reset. */
  reset(): void;
  /** FIN in the middle of a chunked body. */
  fin(): void;
  readonly raw: ServerResponse;
  /** Resolves when the client has closed the connection or the response is complete. */
  readonly closed: Promise<void>;
}

export interface FakeApiServer {
  readonly url: string;
  /** Resolves with the next list or watch. */
  take(): Promise<Exchange>;
  /** Number of exchanges that have not been taken. */
  readonly untaken: number;
  /** Connections open now. */
  readonly connections: number;
  /** Number of connections accepted so far. */
  readonly accepted: number;
  groups: Record<string, readonly string[]>;
  /** Plural names by `group/version`; others are not found. */
  resources: Record<string, readonly string[]>;
  discoveries: number;
  /** Metadata-only requests for the newest version and for what follows a version; not among the exchanges. */
  readonly asked: Exchange[];
  /** Answers a request of the first kind, by default with the newest version sent, which every list has reached. */
  revision: (exchange: Exchange) => void;
  /** Answers a request of the second kind, by default with nothing. */
  following: (exchange: Exchange) => void;
  stop(): Promise<void>;
}

export const objectOf = (name: string, version: string, more: object = {}): object => ({
  metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: version, ...more },
});

/** `sent`: called with the version of every list and event. */
function exchangeOf(
  request: IncomingMessage,
  response: ServerResponse,
  socket: Socket,
  sent: (version: string) => void,
): Exchange {
  const url = new URL(request.url ?? '/', 'http://api');
  const exchange: Exchange = {
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    watch: url.searchParams.has('watch'),
    headers: request.headers,
    raw: response,
    closed: new Promise((resolve) => response.once('close', resolve)),
    json(status, body, headers = {}) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    },
    gzip(body) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify(body)));
    },
    page(names, version, next = '') {
      sent(version);
      exchange.json(200, {
        kind: 'List',
        metadata: { resourceVersion: version, ...(next === '' ? {} : { continue: next }) },
        items: names.map((name) => objectOf(name, version)),
      });
    },
    refuse(code, message = `refused with ${code}`, headers = {}) {
      const reason = code === 403 ? 'Forbidden' : '';
      exchange.json(code, { kind: 'Status', status: 'Failure', reason, code, message }, headers);
    },
    open(headers = {}) {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.flushHeaders();
      return exchange;
    },
    event(type, object) {
      sent((object as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion ?? '0');
      exchange.write(`${JSON.stringify({ type, object })}\n`);
    },
    write: (bytes) => void response.write(bytes),
    end: () => void response.end(),
    reset: () => void socket.resetAndDestroy(),
    fin: () => void socket.end(),
  };
  return exchange;
}

export async function startApiServer(port = 0): Promise<FakeApiServer> {
  const queue: Exchange[] = [];
  const takers: ((exchange: Exchange) => void)[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  let newest = 1;
  const sent = (version: string): void => {
    if (/^\d+$/.test(version)) newest = Math.max(newest, Number(version));
  };

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://api').pathname;
    const answer = (body: unknown): void => void response.end(JSON.stringify(body));
    if (path === '/version') {
      answer({ gitVersion: 'v1.35.3' });
      return;
    }
    if (path === '/apis') {
      api.discoveries++;
      const groups = Object.entries(api.groups).map(([name, versions]) => ({
        name,
        versions: versions.map((version) => ({ version, groupVersion: `${name}/${version}` })),
      }));
      answer({ kind: 'APIGroupList', groups });
      return;
    }
    const [, version] = /^\/apis\/([^/]+\/[^/]+)$/.exec(path) ?? [];
    if (version !== undefined) {
      const names = api.resources[version];
      if (names === undefined) response.statusCode = 404;
      answer({ kind: 'APIResourceList', resources: names?.map((name) => ({ name })) });
      return;
    }
    const exchange = exchangeOf(request, response, request.socket, sent);
    if ((request.headers.accept ?? '').includes('as=PartialObjectMetadata')) {
      api.asked.push(exchange);
      if (exchange.watch) api.following(exchange);
      else api.revision(exchange);
      return;
    }
    const taker = takers.shift();
    if (taker === undefined) queue.push(exchange);
    else taker(exchange);
  });
  server.on('connection', (socket) => {
    accepted++;
    sockets.add(socket);
    // Some tests make the client reset its connection.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;

  const api: FakeApiServer = {
    url: `http://127.0.0.1:${address.port}`,
    groups: {},
    resources: {},
    discoveries: 0,
    asked: [],
    revision: (exchange) => exchange.page([], String(newest)),
    following: (exchange) => exchange.open().end(),
    get untaken() {
      return queue.length;
    },
    get connections() {
      return sockets.size;
    },
    get accepted() {
      return accepted;
    },
    take() {
      const exchange = queue.shift();
      return exchange === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(exchange);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return api;
}
