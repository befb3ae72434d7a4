/**
 * Access control: a check of the Host header protects a server on the loopback interface from DNS rebinding, and a
 * token protects one that listens on other addresses. Pure: a request in, a verdict out.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export interface AccessPolicy {
  /** Accepted host names, lower case, without port; null accepts any (a token or a proxy protects the server). */
  readonly hosts: ReadonlySet<string> | null;
  readonly token: string | null;
}

export interface Asked {
  readonly path: string;
  readonly search: string;
  readonly host: string | null;
  readonly authorization: string | null;
  readonly cookie: string | null;
}

export type Verdict =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly status: 401 | 403; readonly error: string }
  /** The token was in the URL: keep it in a cookie and redirect without it, so that a copied link does not share it. */
  | { readonly kind: 'remember'; readonly location: string; readonly cookie: string };

const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];
const COOKIE = 'ifscope_token';
/** Called by the kubelet and load balancers under any host name; the responses tell nothing about the cluster. */
const PROBES = new Set(['/healthz', '/readyz']);

/** The name in a Host header, lower case, without its port: `[::1]:3000` → `[::1]`. */
export function hostName(host: string): string {
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(:\d*)?$/i.exec(host.trim());
  return (match?.[1] ?? '').toLowerCase();
}

/** Reads the environment that `ifscope serve` sets for its server. */
export function policyFromEnv(env: Readonly<Record<string, string | undefined>>): AccessPolicy {
  const token = (env.IFSCOPE_TOKEN ?? '').trim();
  const listed = (env.IFSCOPE_ALLOWED_HOSTS ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  const allowed = listed.filter((entry) => entry !== '');
  const guardedElsewhere = token !== '' || env.IFSCOPE_TRUSTED_PROXY === '1';
  return {
    hosts: guardedElsewhere && allowed.length === 0 ? null : new Set([...LOCAL, ...allowed]),
    token: token === '' ? null : token,
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

function cookieValue(header: string | null, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [key, ...rest] = pair.trim().split('=');
    if (key !== name) continue;
    try {
      return decodeURIComponent(rest.join('='));
    } catch {
      return null;
    }
  }
  return null;
}

export function judge(asked: Asked, policy: AccessPolicy): Verdict {
  if (PROBES.has(asked.path)) return { kind: 'allow' };
  const name = hostName(asked.host ?? '');
  if (policy.hosts !== null && !policy.hosts.has(name))
    return {
      kind: 'refuse',
      status: 403,
      error: `the Host header names "${name}", which this server does not answer to: use 127.0.0.1, or start it with --allow-host ${name === '' ? 'NAME' : name}`,
    };
  if (policy.token === null) return { kind: 'allow' };
  const bearer = /^Bearer +(.+)$/i.exec(asked.authorization ?? '')?.[1]?.trim();
  const given = bearer ?? cookieValue(asked.cookie, COOKIE);
  if (given !== null && same(given, policy.token)) return { kind: 'allow' };
  const params = new URLSearchParams(asked.search);
  const inAddress = params.get('token');
  if (inAddress !== null && same(inAddress, policy.token)) {
    params.delete('token');
    const rest = params.toString();
    return {
      kind: 'remember',
      location: rest === '' ? asked.path : `${asked.path}?${rest}`,
      cookie: `${COOKIE}=${encodeURIComponent(policy.token)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000`,
    };
  }
  const wrong = given !== null || inAddress !== null;
  return {
    kind: 'refuse',
    status: 401,
    error: wrong
      ? 'that token is not the one this server was started with'
      : 'this server requires a token: open the URL with ?token=… once, or send it as "Authorization: Bearer …"',
  };
}
