/**
 * Who is at the other end of a request's connection. Next tells only `X-Forwarded-For`, and that is what the client says of
 * itself, so the address of the socket is put into a header of our own before Next sees the request.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { sealed, unsealed } from './in-process';

export const PEER_HEADER = 'x-ifscope-peer';

export interface Peer {
  /** The socket's address, canonical but for an IPv4 address that is mapped into IPv6. */
  readonly address: string;
  /** Names of headers that came more than once, which Node joins with commas. */
  readonly repeated: readonly string[];
}

function repeatedNames(rawHeaders: readonly string[]): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return [...repeated];
}

/** Names the peer of every request to servers of this process, from now on. */
export function namePeers(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { readonly request: IncomingMessage };
    const peer: Peer = {
      address: request.socket.remoteAddress ?? '',
      repeated: repeatedNames(request.rawHeaders),
    };
    request.headers[PEER_HEADER] = sealed(peer);
  });
}

/** Null where `namePeers` did not see the request. */
export const peerOf = (headers: Headers): Peer | null =>
  (unsealed(headers.get(PEER_HEADER)) as Peer | undefined) ?? null;
