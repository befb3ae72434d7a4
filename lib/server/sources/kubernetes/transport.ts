/**
 * HTTP to one API server: one shared agent (HTTP/1.1, so that every watch has its own connection and one dead
 * connection cannot break them all), credentials per request, decompressed bodies. It has no timeouts of its own: the
 * caller's signal (`watchdog.ts`) limits every wait, so that tests can control time.
 */
import { finished, pipeline, type Readable } from 'node:stream';
import { createGunzip, createInflate, gunzipSync, inflateSync } from 'node:zlib';
import { Agent, type Dispatcher, request as send } from 'undici';
import { ours, reason, type Reason } from '../reason';
import { isCertificateError, TroubleError, troubleOfError } from './trouble';

/** Query parameters; null ones are left out. */
export type UrlQuery = Readonly<Record<string, string | number | boolean | null>>;

/** Options of one request. */
export interface RequestOptions {
  readonly signal: AbortSignal;
  /** The body is read as it arrives (a watch). No compression is requested, because it would delay lines. */
  readonly stream?: boolean;
  readonly accept?: string;
  /** JSON to POST; absent: GET. Used only for access reviews, which change nothing. */
  readonly post?: string;
}

/** A response. Its body must be consumed once or discarded. */
export interface Answer {
  readonly status: number;
  header(name: string): string | null;
  /**
   * Chunks of a `stream`, decompressed; rejects when the connection breaks or the signal aborts. Alternatives: `bytes`,
   * `text`, `discard`.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body; throws `too-large` beyond `most` bytes. `onChunk` is called as bytes arrive. */
  bytes(most: number, onChunk?: () => void): Promise<Buffer>;
  text(most: number, onChunk?: () => void): Promise<string>;
  /** Releases the body and its connection. */
  discard(): void;
  /** Identifies the credentials that were sent, for `refresh`. */
  readonly credentials: number;
}

/** HTTP to one API server. */
export interface Transport {
  /** `https://host:port`, for messages. */
  readonly server: Reason;
  /** Throws a `TroubleError` without a response; any status is a response. */
  request(path: string, query: UrlQuery, options: RequestOptions): Promise<Answer>;
  /** The server rejected these credentials: authenticates again before the next request, once for all callers. */
  refresh(credentials: number): void;
  close(): Promise<void>;
}

/** Credentials of a request. `dispatcher` may change when the TLS identity does. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** Options of a transport. `close` releases what `authenticate` holds. */
export interface TransportOptions {
  readonly server: string;
  /** The proxy in between. */
  readonly through?: string | null;
  readonly authenticate: () => Promise<Credentials>;
  /** Drops cached credentials. */
  readonly renew?: () => void;
  readonly close: () => Promise<void>;
}

/** Options of the agent; `connect` adds TLS. TCP keep-alive also detects a dead peer. */
export const AGENT_OPTIONS = { allowH2: false, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 } as const;
/** Bytes of a stream that are buffered: with undici's own 64 KiB the parser pauses and resumes within a single read. */
const STREAM_AHEAD = 512 << 10;
/** Options of the agent's TCP connections, in milliseconds. */
export const CONNECT_OPTIONS = { timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

const queryText = (query: UrlQuery): string => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null) params.set(name, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
};

function unzipped(body: Readable, encoding: string | null): Readable {
  const unzip = encoding === 'gzip' ? createGunzip() : encoding === 'deflate' ? createInflate() : null;
  if (unzip === null) return body;
  // The reader of `unzip` gets the same error; without the callback it would also be uncaught.
  pipeline(body, unzip, () => undefined);
  return unzip;
}

const tooLarge = (most: number): TroubleError =>
  new TroubleError({ kind: 'too-large', message: reason`an answer of more than ${most} bytes` });

async function readAll(body: Readable, most: number, onChunk: () => void): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    onChunk();
    size += chunk.length;
    if (size > most) throw tooLarge(most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Decompressing a whole body at once takes a third of the time of a stream. */
function unzippedAtOnce(bytes: Buffer, encoding: string | null, most: number): Buffer {
  const options = { maxOutputLength: most, chunkSize: 1 << 18 };
  try {
    if (encoding === 'gzip') return gunzipSync(bytes, options);
    return encoding === 'deflate' ? inflateSync(bytes, options) : bytes;
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most);
    throw error;
  }
}

/** Stops waiting when the signal aborts: an exec plugin may wait for a password. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The server's name in errors: with the proxy of its cluster entry, which may be the unreachable part. */
const serverWords = (server: string, through: string | null): Reason =>
  through === null || through === '' ? nameOf(server) : reason`${nameOf(server)} through the proxy ${nameOf(through)}`;

/** The address without user, password and query. */
function nameOf(server: string): Reason {
  const url = URL.parse(server);
  return ours(url === null ? server : `${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}

/** Connects at the first request. */
export function createTransport(options: TransportOptions): Transport {
  const server = serverWords(options.server, options.through ?? null);
  let generation = 1;
  let authenticating: Promise<Credentials> | null = null;

  // One authentication at a time, so that an exec plugin is not started once per watch.
  const authenticate = async (signal: AbortSignal): Promise<Credentials> => {
    authenticating ??= options.authenticate().finally(() => {
      authenticating = null;
    });
    try {
      return await unlessAborted(authenticating, signal);
    } catch (error) {
      if (signal.aborted) {
        throw new TroubleError(
          {
            kind: 'silent',
            message: reason`authentication for ${server} does not finish; a credential plugin may wait for an answer: use this context with kubectl once`,
          },
          error,
        );
      }
      // For example a plugin's error output, which may contain a token.
      const detail = error instanceof Error ? error.message : String(error);
      const why = /\bENOENT\b/.test(detail)
        ? ours('the kubeconfig names a plugin or file that does not exist')
        : ours('the plugin or file that the kubeconfig names gives none; use this context with kubectl once');
      const message = reason`no credentials for ${server}: ${why}; see the log`;
      throw new TroubleError({ kind: 'unauthorized', message, detail }, error);
    }
  };

  const refresh = (credentials: number): void => {
    if (credentials !== generation) return;
    generation++;
    options.renew?.();
  };

  return {
    server,
    async request(path, query, { signal, stream = false, accept = 'application/json', post }) {
      const credentials = generation;
      const { headers, dispatcher } = await authenticate(signal);
      const trouble = (error: unknown): TroubleError =>
        new TroubleError(troubleOfError(error, server, signal.aborted ? signal.reason : null), error);
      let answer: Dispatcher.ResponseData;
      try {
        answer = await send(`${options.server}${path}${queryText(query)}`, {
          method: post === undefined ? 'GET' : 'POST',
          dispatcher,
          signal,
          ...(stream ? { highWaterMark: STREAM_AHEAD } : {}),
          headers: {
            ...headers,
            accept,
            'user-agent': 'ifscope',
            ...(stream ? {} : { 'accept-encoding': 'gzip' }),
            ...(post === undefined ? {} : { 'content-type': 'application/json' }),
          },
          body: post ?? null,
        });
      } catch (error) {
        // The kubeconfig may name the new authority by now.
        if (isCertificateError(error)) refresh(credentials);
        throw trouble(error);
      }
      const header = (name: string): string | null => {
        const value = answer.headers[name];
        return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
      };
      const encoding = header('content-encoding');
      const body = stream ? unzipped(answer.body, encoding) : answer.body;
      // A body that breaks while nobody reads it would otherwise be an uncaught exception.
      finished(body, () => undefined);
      const bytes = async (most: number, onChunk: () => void = () => undefined): Promise<Buffer> => {
        try {
          const all = await readAll(body, most, onChunk);
          return stream ? all : unzippedAtOnce(all, encoding, most);
        } catch (error) {
          throw trouble(error);
        }
      };
      return {
        status: answer.statusCode,
        credentials,
        header,
        body,
        bytes,
        text: async (most, onChunk) => (await bytes(most, onChunk)).toString(),
        discard() {
          body.destroy();
          answer.body.destroy();
        },
      };
    },
    refresh,
    close: options.close,
  };
}

/** A transport with a fixed bearer token, without a kubeconfig: the embedded demo cluster, and tests. */
export function createTokenTransport(server: string, token: string | null): Transport {
  const dispatcher = new Agent({ ...AGENT_OPTIONS, connect: CONNECT_OPTIONS });
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return createTransport({
    server: server.replace(/\/+$/, ''),
    authenticate: () => Promise.resolve({ headers, dispatcher }),
    close: () => dispatcher.destroy(),
  });
}
