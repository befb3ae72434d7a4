/** An ifscope over real HTTP on loopback: the handlers and the access control of the server, without the page. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { checkAccess } from '../../../lib/server/http/access';
import { refuse } from '../../../lib/server/http/answers';
import { stream, topology } from '../../../lib/server/http/handlers';
import type { Runtime } from '../../../lib/server/runtime/runtime';

export interface ServedIfscope {
  /** Without a trailing `/`. */
  readonly url: string;
  readonly port: number;
  /** Path and query of every request. */
  readonly asked: readonly string[];
  /** Ends every connection, also in the middle of a response. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
}

export interface ServeOptions {
  readonly token?: string;
  /** The path below which everything is served: `/map`. */
  readonly prefix?: string;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

type Answer = (request: Request, path: string) => Response | Promise<Response>;

const answers =
  (runtime: Runtime): Answer =>
  (request, path) => {
    if (path === '/api/topology') return topology(runtime, request);
    if (path === '/api/stream') return stream(runtime, request);
    return refuse(404, 'not here');
  };

async function send(response: Response, out: ServerResponse): Promise<void> {
  out.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) out.end();
  else
    for await (const chunk of Readable.fromWeb(response.body as never)) {
      if (out.destroyed) return;
      out.write(chunk);
    }
  out.end();
}

/** `runtime`: its records are served; or a handler that answers instead. */
export async function serveIfscope(runtime: Runtime | Answer, options: ServeOptions = {}): Promise<ServedIfscope> {
  const { token = null, prefix = '', port = 0, tls } = options;
  const answer = typeof runtime === 'function' ? runtime : answers(runtime);
  const asked: string[] = [];
  const handle = async (incoming: IncomingMessage, out: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    out.on('close', () => gone.abort());
    asked.push(incoming.url ?? '');
    const url = new URL(`http://${incoming.headers.host ?? 'localhost'}${(incoming.url ?? '').replace(prefix, '')}`);
    const headers = new Headers(
      Object.entries(incoming.headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as [string, string]] : [],
      ),
    );
    const verdict = checkAccess(
      { path: url.pathname, search: url.search, headers, peer: null },
      { hosts: null, token, proxy: null, signIn: false },
    );
    const { method = 'GET' } = incoming;
    const body = method === 'POST' ? { method, body: (await incoming.toArray()).join('') } : {};
    const request = new Request(url, { headers, signal: gone.signal, ...body });
    await send(
      verdict.kind === 'refuse' ? refuse(verdict.status, verdict.error) : await answer(request, url.pathname),
      out,
    );
  };
  const listen = (incoming: IncomingMessage, out: ServerResponse): void => {
    handle(incoming, out).catch(() => out.destroy());
  };
  const server: Server = tls === undefined ? createServer(listen) : createTlsServer(tls, listen);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${listening}${prefix}`,
    port: listening,
    asked,
    cut: () => server.closeAllConnections(),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
