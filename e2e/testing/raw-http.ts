/** Sends requests that no HTTP client would send, byte by byte, over a socket. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** The headers, with the status line, and the body as received. */
  readonly text: string;
}

/**
 * Sends `text` to the server at `url`. Reads until the server closes the connection, or until the headers of `answers`
 * responses have arrived (Infinity: until it closes).
 */
export function sendRaw(url: string, text: string, answers = 1): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'));
    const beginnings = (): string[] => said.split(/(?=HTTP\/1\.1 \d{3} )/).filter((part) => part !== '');
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      const parts = beginnings();
      if (parts.length >= answers && (parts.at(-1) ?? '').includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server that refuses a body closes the connection without reading it.
      if (said === '' || (error.code !== 'ECONNRESET' && error.code !== 'EPIPE')) reject(error);
    });
    socket.on('close', () => resolve(beginnings().map((part) => ({ status: Number(part.slice(9, 12)), text: part }))));
  });
}

/** A request with these header lines. */
export const rawRequest = (line: string, headers: readonly string[], body = ''): string =>
  `${[`${line} HTTP/1.1`, 'Host: 127.0.0.1', ...headers].join('\r\n')}\r\n\r\n${body}`;

/** URLs that require access. */
export const GUARDED = ['/', '/mcp', '/metrics', '/api/topology', '/api/stream', '/api/lookup?q=a', '/api/export'];
