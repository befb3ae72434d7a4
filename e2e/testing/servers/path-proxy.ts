/**
 * A proxy in front of a server, as an ingress: serves it below a path, which it passes on or strips, and nothing else.
 */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PathProxy {
  /** With the path, without a trailing `/`. */
  readonly url: string;
  /** Requested addresses outside the path. */
  readonly outside: string[];
  stop(): void;
}

/** `port`: returns the server's port; called for each request. */
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
