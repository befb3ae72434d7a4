/**
 * Access control. A check of the Host header protects a server on the loopback interface from DNS rebinding; a server
 * on other addresses is protected by a token, or by a proxy that identifies the visitor. Pure: a request in, a verdict
 * out.
 */
import { canonicalIp, cidrContains } from '../../model/ip';
import { cookieValues } from './cookies';
import { readAuth, type Env, type ProxySettings } from './auth-settings';
import { visitorOf, type Viewer } from './identity';
import type { Peer } from './peer';
import { equalSecrets } from './equal-secrets';

/** Who may access the server. Null means that a check does not apply. */
export interface AccessPolicy {
  /** Accepted host names, lower case, without port; null accepts any (a token or a proxy protects the server). */
  readonly hosts: ReadonlySet<string> | null;
  readonly token: string | null;
  readonly proxy: ProxySettings | null;
  /** Visitors sign in with an identity provider. */
  readonly signIn: boolean;
}

/** The parts of a request that the access check reads. */
export interface AccessRequest {
  readonly path: string;
  readonly search: string;
  readonly headers: Headers;
  /** Null when the connection is not known. */
  readonly peer: Peer | null;
}

/** The outcome of the check. */
export type Verdict =
  | { readonly kind: 'allow'; readonly viewer: Viewer }
  | { readonly kind: 'refuse'; readonly status: 401 | 403; readonly error: string }
  /** Only signed-in visitors are admitted; `SignIn` decides. */
  | { readonly kind: 'sign-in' }
  /** The token was in the URL: store it in a cookie and redirect without it, so that a copied link does not share it. */
  | { readonly kind: 'remember'; readonly location: string; readonly cookie: string };

const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];
const COOKIE = 'ifscope_token';
/** Called by the kubelet and load balancers under any host name; the responses reveal nothing about the cluster. */
const PROBES = new Set(['/healthz', '/readyz']);
const EVERYTHING: Verdict = { kind: 'allow', viewer: null };

const refused = (status: 401 | 403, error: string): Verdict => ({ kind: 'refuse', status, error });

/** The name in a Host header, lower case, without its port: `[::1]:3000` → `[::1]`. */
export function hostName(host: string): string {
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(:\d*)?$/i.exec(host.trim());
  return (match?.[1] ?? '').toLowerCase();
}

/** Reads the environment that `ifscope serve` sets for its server. Throws a `Problem` for invalid settings. */
export function policyFromEnv(env: Env): AccessPolicy {
  const { mode, token, trustedProxy, proxy, hosts } = readAuth(env);
  const isGuarded = mode !== 'none' || trustedProxy;
  return {
    hosts: isGuarded && hosts.length === 0 ? null : new Set([...LOCAL, ...hosts]),
    token,
    proxy,
    signIn: mode === 'oidc',
  };
}

const bearerOf = (headers: Headers): string | null =>
  /^Bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1]?.trim() ?? null;

/** The canonical address of the socket, which may give an IPv4 address in IPv6-mapped form. */
const addressOf = ({ address }: Peer): string => canonicalIp(address.replace(/^::ffff:(?=[\d.]+$)/i, '')) ?? '';

/** Checks access. Order: probes, Host, cross-site requests, token, proxy or sign-in. */
export function checkAccess(request: AccessRequest, policy: AccessPolicy): Verdict {
  if (PROBES.has(request.path)) return EVERYTHING;
  const name = hostName(request.headers.get('host') ?? '');
  if (policy.hosts !== null && !policy.hosts.has(name))
    return refused(
      403,
      `the Host header names "${name}", which this server does not serve: use 127.0.0.1, or start it with --allow-host ${name === '' ? 'NAME' : name}`,
    );
  if (isForeign(request.headers, policy.hosts))
    return refused(403, 'pages of other sites may link here, but their requests are refused');
  const isNamed = policy.proxy !== null || policy.signIn;
  if (isNamed && hasToken(request, policy.token)) return EVERYTHING;
  if (policy.proxy !== null) return throughProxy(request, policy.proxy);
  if (policy.signIn) return { kind: 'sign-in' };
  return policy.token === null ? EVERYTHING : withToken(request, policy.token);
}

/**
 * Whether a page of another site sent the request, according to the browser. Following a link does not count. Behind a
 * proxy, the name in Origin may differ from that in Host, so it is compared only if the names are known.
 */
function isForeign(headers: Headers, hosts: AccessPolicy['hosts']): boolean {
  if (headers.get('sec-fetch-site') === 'cross-site' && headers.get('sec-fetch-mode') !== 'navigate') return true;
  const origin = headers.get('origin');
  return origin !== null && hosts !== null && !hosts.has(hostName(URL.parse(origin)?.host ?? ''));
}

/**
 * If visitors are identified, a program with the token (Prometheus, another ifscope) needs no identity and sees
 * everything.
 */
function hasToken({ headers }: AccessRequest, token: string | null): boolean {
  const bearer = bearerOf(headers);
  return token !== null && bearer !== null && equalSecrets(bearer, token);
}

/** The proxy identifies the visitor. */
function throughProxy({ headers, peer }: AccessRequest, proxy: ProxySettings): Verdict {
  const address = peer === null ? '' : addressOf(peer);
  if (peer === null || !proxy.from.some((range) => cidrContains(range, address)))
    return refused(403, `only the proxy may connect: ${address || 'this address'} is not in --proxy-from`);
  const twice = [proxy.userHeader, proxy.groupsHeader].find((header) => peer.repeated.includes(header));
  // The visitor sent the header too, and the two values cannot be distinguished.
  if (twice !== undefined)
    return refused(401, `the header ${twice} arrived twice: the proxy must overwrite what visitors send`);
  const user = headers.get(proxy.userHeader) ?? '';
  const viewer = visitorOf(user, (headers.get(proxy.groupsHeader) ?? '').split(','));
  if (viewer === null) return refused(401, `the proxy sent no user name in ${proxy.userHeader}`);
  return { kind: 'allow', viewer };
}

/**
 * Whether the browser's connection uses TLS, which may end at a proxy. A forged header only affects the sender's own
 * cookie.
 */
const isSecure = (headers: Headers): boolean =>
  (headers.get('x-forwarded-proto') ?? '').split(',')[0]?.trim().toLowerCase() === 'https';

function withToken({ path, search, headers }: AccessRequest, token: string): Verdict {
  const bearer = bearerOf(headers);
  // Another server of the same domain may have set a cookie of the same name.
  const given = bearer === null ? cookieValues(headers.get('cookie'), COOKIE) : [bearer];
  if (given.some((one) => equalSecrets(one, token))) return EVERYTHING;
  const params = new URLSearchParams(search);
  const inAddress = params.get('token');
  if (inAddress !== null && equalSecrets(inAddress, token)) {
    params.delete('token');
    const rest = params.toString();
    return {
      kind: 'remember',
      location: rest === '' ? path : `${path}?${rest}`,
      cookie: `${COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000${isSecure(headers) ? '; Secure' : ''}`,
    };
  }
  const wrong = given.length > 0 || inAddress !== null;
  return refused(
    401,
    wrong
      ? 'wrong token: this server was started with another one'
      : 'this server requires a token: open the URL with ?token=… once, or send it as "Authorization: Bearer …"',
  );
}
