/** An API server that only answers whether a user may list the pods of a namespace. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AccessReviews {
  readonly url: string;
  stop(): void;
}

interface Asked {
  readonly spec: {
    readonly user: string;
    readonly resourceAttributes: { readonly namespace: string };
  };
}

/** `mayList`: an empty `namespace` means all namespaces. */
export async function startAccessReviews(
  mayList: (user: string, namespace: string) => boolean,
): Promise<AccessReviews> {
  const server = createServer((incoming, answer) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const { spec } = JSON.parse(Buffer.concat(parts).toString()) as Asked;
      const allowed = mayList(spec.user, spec.resourceAttributes.namespace);
      answer.writeHead(201, { 'content-type': 'application/json' });
      answer.end(
        JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', status: { allowed } }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
