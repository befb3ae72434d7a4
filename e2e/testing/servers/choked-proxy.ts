/**
 * A loopback proxy in front of an API server that passes everything until it is told to choke. It then holds back, in
 * order, what a test selects, as a slow or broken network does. Nothing is lost: `open` releases it.
 */
import {
  Agent as HttpAgent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A response in transit. */
export interface Passing {
  readonly path: string;
  /** `watch`: the watch of a kind; `look`: the second, short one; `list`: everything else. */
  readonly kind: 'list' | 'watch' | 'look';
  /** Number of these responses that began before it. */
  readonly order: number;
}

export interface ChokedProxy {
  readonly url: string;
  /** From now on, holds back what is sent in matching responses, including the headers of new ones. */
  choke(holds: (passing: Passing) => boolean): void;
  open(): void;
  /** Number of responses of this kind that have begun. */
  begun(kind: Passing['kind']): number;
  stop(): Promise<void>;
}

const kindOf = (url: URL): Passing['kind'] => {
  if (!url.searchParams.has('watch')) return 'list';
  return url.searchParams.get('timeoutSeconds') === '1' ? 'look' : 'watch';
};

export async function startChokedProxy(target: string): Promise<ChokedProxy> {
  let holds: (passing: Passing) => boolean = () => false;
  const begun = { list: 0, watch: 0, look: 0 };
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();
  const isSecure = target.startsWith('https:');
  const agent = isSecure ? new HttpsAgent({ rejectUnauthorized: false }) : new HttpAgent();
  const ask = isSecure ? httpsRequest : httpRequest;

  const whileHeld = async (passing: Passing): Promise<void> => {
    while (holds(passing)) await new Promise<void>((resolve) => waiting.add(resolve));
  };
  const fetch = (request: IncomingMessage, response: ServerResponse): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { authorization = '', accept = '*/*' } = request.headers;
      const sent = ask(`${target}${request.url ?? '/'}`, { agent, headers: { authorization, accept } }, resolve);
      sent.on('error', reject);
      response.once('close', () => sent.destroy());
      sent.end();
    });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', target);
    const kind = kindOf(url);
    const passing: Passing = { path: url.pathname, kind, order: begun[kind]++ };
    void (async () => {
      const answer = await fetch(request, response);
      answer.on('error', () => undefined);
      await whileHeld(passing);
      response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
      response.flushHeaders();
      for await (const chunk of answer) {
        await whileHeld(passing);
        response.write(chunk);
      }
      await whileHeld(passing);
      response.end();
    })().catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const open = (): void => {
    holds = () => false;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    choke: (which) => void (holds = which),
    open,
    begun: (kind) => begun[kind],
    async stop() {
      open();
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
