/** A proxy in front of a server, as an ingress: below a path, which it leaves or takes away, and nothing outside of it. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PathProxy {
  /** With the path, without `/` at its end. */
  readonly url: string;
  /** Addresses outside of the path that somebody asked for. */
  readonly outside: string[];
  stop(): void;
}

/** `port`: of the server, asked for with each request. */
export async function startPathProxy(path: string, strips: boolean, port: () => string): Promise<PathProxy> {
  const outside: string[] = [];
  const server = createServer((incoming, out) => {
    const address = incoming.url ?? '';
    if (address !== path && !address.startsWith(`${path}/`) && !address.startsWith(`${path}?`)) {
      outside.push(address);
      out.writeHead(404).end();
      return;
    }
    const forward = request(
      {
        host: '127.0.0.1',
        port: port(),
        path: strips ? address.slice(path.length).replace(/^(?!\/)/, '/') : address,
        method: incoming.method,
        headers: { ...incoming.headers, host: '127.0.0.1' },
      },
      (answer) => {
        out.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(out);
      },
    );
    forward.on('error', () => out.destroy());
    out.on('close', () => forward.destroy());
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    outside,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
