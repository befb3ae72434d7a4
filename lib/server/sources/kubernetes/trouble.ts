/**
 * The classes of errors between us and an API server; `recovery.ts` says what follows from each. They are those of
 * client-go's reflector: expired, retriable, refused.
 */
import { Silence } from '../watchdog';
import { oneLine } from '../health';

export type Trouble =
  /** The version or the continue token is too old (410): list again. */
  | { readonly kind: 'expired'; readonly message: string }
  /** 401: the credentials were refused. */
  | { readonly kind: 'unauthorized'; readonly message: string }
  /** 403: this identity lacks the permission. */
  | { readonly kind: 'denied'; readonly message: string }
  /** 404: the server does not serve this kind. */
  | { readonly kind: 'absent'; readonly message: string }
  /** 429 and 5xx: try again later, not before the server's Retry-After. */
  | { readonly kind: 'busy'; readonly message: string; readonly retryAfterMs: number | null }
  /** 504: the server has not come to the version that was asked for. */
  | { readonly kind: 'ahead'; readonly message: string; readonly retryAfterMs: number | null }
  /** The server has gone back to an earlier state, as after a restore of etcd: nothing that was read counts. */
  | { readonly kind: 'rewound'; readonly message: string }
  /** What was read is not what the server has. */
  | { readonly kind: 'diverged'; readonly message: string }
  /** Any other 4xx: the request itself was refused. */
  | { readonly kind: 'rejected'; readonly message: string }
  /** The connection failed or broke. */
  | { readonly kind: 'broken'; readonly message: string }
  /** Nothing was received in time. */
  | { readonly kind: 'silent'; readonly message: string }
  /** What was received violates the protocol. */
  | { readonly kind: 'garbled'; readonly message: string }
  /** The answer is larger than the limit. */
  | { readonly kind: 'too-large'; readonly message: string }
  /** A watch that ended at once without an event; retried at once, it would become a hot loop. */
  | { readonly kind: 'brief'; readonly message: string };

export class TroubleError extends Error {
  override readonly name = 'TroubleError';
  readonly trouble: Trouble;
  constructor(trouble: Trouble, cause?: unknown) {
    super(trouble.message, { cause });
    this.trouble = trouble;
  }
}

/** Classifies a status code, of an HTTP response or of an ERROR event. `said` is the server's own message. */
export function troubleOfStatus(code: number, said: string, retryAfterMs: number | null): Trouble {
  const message = oneLine(said === '' ? `HTTP ${code}` : `HTTP ${code}: ${said}`);
  if (code === 410) return { kind: 'expired', message };
  if (code === 401) return { kind: 'unauthorized', message };
  if (code === 403) return { kind: 'denied', message };
  if (code === 404) return { kind: 'absent', message };
  // Retried unchanged: the server has to catch up first.
  if (code === 504 && said.includes('Too large resource version')) return { kind: 'ahead', message, retryAfterMs };
  if (code === 429 || code >= 500) return { kind: 'busy', message, retryAfterMs };
  return { kind: 'rejected', message };
}

/** `from`: what was reached; `to`: what the server says now. */
export const rewound = (from: string, to: string): Trouble => ({
  kind: 'rewound',
  message: `the API server has gone back from version ${from} to ${to}, as after a restore of etcd`,
});

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed before the answer was complete',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be looked up',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is self-signed and not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate is signed by an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate is signed by an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate is signed by an authority that is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another host name',
  CERT_HAS_EXPIRED: 'certificate has expired',
};

interface Caused {
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** The first code in an error, its causes and its parts (Node puts one error per address in an AggregateError). */
function codeOf(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 4) return null;
  const { code, cause, errors }: Caused = error;
  if (typeof code === 'string' && code !== 'ECONNABORTED') return code;
  if (Array.isArray(errors)) {
    for (const each of errors) {
      const found = codeOf(each, depth + 1);
      if (found !== null) return found;
    }
  }
  return codeOf(cause, depth + 1);
}

/** Classifies a failed request or read. `server` is named in the message; `aborted` is the abort reason, if any. */
export function troubleOfError(error: unknown, server: string, aborted: unknown = null): Trouble {
  if (error instanceof TroubleError) return error.trouble;
  if (aborted instanceof TroubleError) return aborted.trouble;
  if (aborted instanceof Silence) return { kind: 'silent', message: `${aborted.message} from ${server}` };
  if (error instanceof Silence) return { kind: 'silent', message: `${error.message} from ${server}` };
  const code = codeOf(error);
  if (code?.startsWith('Z_') === true)
    return { kind: 'garbled', message: `unreadable compressed answer from ${server}` };
  const words = code === null ? undefined : WORDS[code];
  const text = words ?? (error instanceof Error ? error.message : String(error));
  return {
    kind: 'broken',
    message: oneLine(`${server}: ${text}${words === undefined || code === null ? '' : ` (${code})`}`),
  };
}

/** `Retry-After` in milliseconds: seconds or an HTTP date; null when there is none or it cannot be read. */
export function retryAfterOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Date.parse reads almost anything as a date; an HTTP date begins with a weekday.
  const date = /^[A-Z][a-z]+, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

/** Classifies a `Status` object. `code`: where it states none. */
export function troubleOfStatusObject(status: unknown, code: number, retryAfterMs: number | null): Trouble {
  const seconds = property(property(status, 'details'), 'retryAfterSeconds');
  const stated = property(status, 'code');
  const said = property(status, 'message');
  const after = retryAfterMs ?? (typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null);
  return troubleOfStatus(typeof stated === 'number' ? stated : code, typeof said === 'string' ? said : '', after);
}

/** What was received violates the protocol. */
export const garbled = (message: string): TroubleError => new TroubleError({ kind: 'garbled', message });
