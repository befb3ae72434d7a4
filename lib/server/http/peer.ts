/**
 * Stores the peer of a request in an internal header before Next handles it, because Next exposes only headers that the
 * client can set (`X-Forwarded-For`).
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { sealed, unsealed } from './in-process';

/** Request header that carries the peer. */
export const PEER_HEADER = 'x-ifscope-peer';

/** The other end of a connection. */
export interface Peer {
  /** The socket's address, canonical except that an IPv4 address may be IPv6-mapped. */
  readonly address: string;
  /** Names of headers that occurred more than once, which Node joins with commas. */
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

/** Adds the peer to every future request to the servers of this process. */
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

/** The peer of a request; null if it arrived before `namePeers` was called. */
export const peerOf = (headers: Headers): Peer | null =>
  (unsealed(headers.get(PEER_HEADER)) as Peer | undefined) ?? null;
