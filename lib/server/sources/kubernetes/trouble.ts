/**
 * The classes of errors between ifscope and an API server, after client-go: expired, retriable, refused. `recovery.ts`
 * decides what follows.
 */
import { fields } from '../../../normalise/read/guards';
import { CERTIFICATE_WORDS, CONNECTION_WORDS } from '../connection-words';
import { ours, reason, type Reason } from '../reason';
import { Silence } from '../watchdog';

interface TroubleText {
  /** Shown to the user. */
  readonly message: Reason;
  /** The original message of the server, a plugin or the system, for the log only. */
  readonly detail?: string;
}

/** A classified error, discriminated by `kind`. */
export type Trouble = TroubleText & Kind;

type Kind =
  /** The version or the continue token is too old (410): list again. */
  | { readonly kind: 'expired' }
  /** 401: the credentials were rejected. */
  | { readonly kind: 'unauthorized' }
  /** 403: this identity lacks the permission. */
  | { readonly kind: 'denied' }
  /** 404: the server does not serve this kind. */
  | { readonly kind: 'absent' }
  /** 429 and 5xx: try again later, not before the server's Retry-After. */
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null }
  /** 504: the server has not reached the requested version. */
  | { readonly kind: 'ahead'; readonly retryAfterMs: number | null }
  /** The server has gone back to an earlier state, as after a restore of etcd: everything read is invalid. */
  | { readonly kind: 'rewound' }
  /** The known objects differ from the server's. */
  | { readonly kind: 'diverged' }
  /** Any other 4xx: the request itself was refused. */
  | { readonly kind: 'rejected' }
  /** The connection failed or broke. */
  | { readonly kind: 'broken' }
  /** Nothing was received in time. */
  | { readonly kind: 'silent' }
  /** What was received violates the protocol. */
  | { readonly kind: 'garbled' }
  /** The answer is larger than the limit. */
  | { readonly kind: 'too-large' }
  /** A watch that ended immediately without an event; retried without a wait, it would become a hot loop. */
  | { readonly kind: 'brief' };

/** Carries a `Trouble`. Its message is for the user. */
export class TroubleError extends Error {
  override readonly name = 'TroubleError';
  readonly trouble: Trouble;
  constructor(trouble: Trouble, cause?: unknown) {
    super(trouble.message, { cause });
    this.trouble = trouble;
  }
}

const STATUS_WORDS: Readonly<Record<number, Reason>> = {
  400: ours('the request is refused'),
  401: ours('the credentials are refused'),
  403: ours('this identity lacks the right; the log names it'),
  404: ours('not found'),
  406: ours('no common encoding'),
  410: ours('the version is too old'),
  422: ours('the request is refused'),
  429: ours('too many requests'),
  500: ours('a server error'),
  502: ours('a proxy cannot reach the server'),
  503: ours('the server is not available'),
  504: ours('the server did not answer in time'),
};

/** Classifies the status code of an HTTP response or of an ERROR event. `text`: the server's own message. */
export function troubleOfStatus(stated: number, text: string, retryAfterMs: number | null): Trouble {
  const code = stated >= 100 && stated <= 599 ? Math.floor(stated) : 500;
  const words = STATUS_WORDS[code];
  const message = words === undefined ? reason`HTTP ${code}` : reason`HTTP ${code}: ${words}`;
  const all = { message, detail: text };
  if (code === 410) return { kind: 'expired', ...all };
  if (code === 401) return { kind: 'unauthorized', ...all };
  if (code === 403) return { kind: 'denied', ...all };
  if (code === 404) return { kind: 'absent', ...all };
  // Retried unchanged: the server has to catch up first.
  if (code === 504 && text.includes('Too large resource version'))
    return {
      kind: 'ahead',
      ...all,
      message: reason`the server has not reached the version that was read`,
      retryAfterMs,
    };
  if (code === 429 || code >= 500) return { kind: 'busy', ...all, retryAfterMs };
  return { kind: 'rejected', ...all };
}

/** `from`: the reached version; `to`: the server's version now. */
export const rewound = (from: string, to: string): Trouble => ({
  kind: 'rewound',
  // They have been compared, so they are numbers.
  message: reason`the API server has returned from version ${ours(from)} to ${ours(to)}, as after a restore of etcd`,
});

const WORDS: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'connection closed before the answer was complete',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  ...CONNECTION_WORDS,
  ...CERTIFICATE_WORDS,
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

/** Whether the server's certificate was not accepted. */
export const isCertificateError = (error: unknown): boolean => Object.hasOwn(CERTIFICATE_WORDS, codeOf(error) ?? '');

/** Classifies a failed request or read. `server` is named in the message; `aborted` is the abort reason, if any. */
export function troubleOfError(error: unknown, server: Reason, aborted: unknown = null): Trouble {
  if (error instanceof TroubleError) return error.trouble;
  if (aborted instanceof TroubleError) return aborted.trouble;
  const silence = aborted instanceof Silence ? aborted : error;
  if (silence instanceof Silence) return { kind: 'silent', message: reason`${ours(silence.message)} from ${server}` };
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  if (code?.startsWith('Z_') === true)
    return { kind: 'garbled', message: reason`unreadable compressed answer from ${server}`, detail };
  const words = code === null ? undefined : WORDS[code];
  if (code === null || words === undefined)
    return { kind: 'broken', message: reason`${server}: the connection failed`, detail };
  return { kind: 'broken', message: reason`${server}: ${ours(words)} (${ours(code)})` };
}

/** `Retry-After` in milliseconds, from seconds or an HTTP date; null without one. */
export function retryAfterOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Date.parse accepts almost anything; an HTTP date begins with a weekday.
  const date = /^[A-Z][a-z]+, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** Classifies a `Status` object. `code`: used when it has none. */
export function troubleOfStatusObject(status: unknown, code: number, retryAfterMs: number | null): Trouble {
  const { details, code: stated, message: said } = fields(status);
  const seconds = fields(details)['retryAfterSeconds'];
  const after = retryAfterMs ?? (typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null);
  return troubleOfStatus(typeof stated === 'number' ? stated : code, typeof said === 'string' ? said : '', after);
}

/** A `TroubleError` of kind `garbled`. */
export const garbled = (message: Reason, detail = ''): TroubleError =>
  new TroubleError({ kind: 'garbled', message, detail });
