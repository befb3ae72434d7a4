/** How visitors prove who they are, from the environment that `ifscope serve` sets for its server. */
import { parseCidr, canonicalIp, type Cidr } from '../../model/ip';
import { Problem } from '../runtime/problem';
import { readOidc, type OidcSettings } from './oidc-settings';

export const AUTH_MODES = ['none', 'token', 'proxy', 'oidc'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** A proxy that names the visitor in headers. */
export interface ProxySettings {
  /** Its addresses: from others the headers mean nothing. */
  readonly from: readonly Cidr[];
  /** Lower case. */
  readonly userHeader: string;
  readonly groupsHeader: string;
}

export interface AuthSettings {
  readonly mode: AuthMode;
  /** Null in the modes `none` and, unless programs are to get in by one, `proxy` and `oidc`. */
  readonly token: string | null;
  /** `--trusted-proxy`: something in front decides who gets in, and names nobody. */
  readonly trustedProxy: boolean;
  /** Null unless the mode is `proxy`. */
  readonly proxy: ProxySettings | null;
  /**
   * Who says what a visitor may see, where visitors are told apart: `all` (everybody sees everything), `in-cluster` or a
   * kubeconfig context (that API server is asked); null: the API server that is shown.
   */
  readonly rights: string | null;
  /** Null unless the mode is `oidc`. */
  readonly oidc: OidcSettings | null;
  /** Further host names that the server answers to, lower case. */
  readonly hosts: readonly string[];
}

export type Env = Readonly<Record<string, string | undefined>>;

const valueOf = (env: Env, name: string): string => (env[name] ?? '').trim();
const listOf = (env: Env, name: string): string[] =>
  valueOf(env, name)
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');

const isMode = (text: string): text is AuthMode => AUTH_MODES.some((mode) => mode === text);

function modeOf(env: Env, token: string): AuthMode {
  const asked = valueOf(env, 'IFSCOPE_AUTH');
  if (asked === '') return token === '' ? 'none' : 'token';
  if (!isMode(asked)) throw new Problem('usage', `--auth ${asked}: the choices are ${AUTH_MODES.join(', ')}`);
  return asked;
}

/** `10.0.0.0/8`, or one address. */
function networkOf(text: string): Cidr {
  const ip = canonicalIp(text);
  const cidr = parseCidr(ip === null ? text : `${ip}/${ip.includes(':') ? 128 : 32}`);
  if (cidr === null)
    throw new Problem('usage', `--proxy-from ${text}: give an address or a range, as 10.0.0.7 or 10.0.0.0/24`);
  return cidr;
}

function headerName(env: Env, name: string, otherwise: string): string {
  const text = valueOf(env, name).toLowerCase();
  if (text === '') return otherwise;
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(text)) throw new Problem('usage', `${name}=${text}: not the name of a header`);
  return text;
}

function proxyOf(env: Env): ProxySettings {
  const from = listOf(env, 'IFSCOPE_PROXY_FROM').map(networkOf);
  if (from.length === 0)
    throw new Problem(
      'usage',
      '--auth proxy: name the addresses of the proxy with --proxy-from, as 10.0.0.7 or 10.0.0.0/24; from all others its headers mean nothing',
    );
  return {
    from,
    userHeader: headerName(env, 'IFSCOPE_PROXY_USER_HEADER', 'x-forwarded-user'),
    groupsHeader: headerName(env, 'IFSCOPE_PROXY_GROUPS_HEADER', 'x-forwarded-groups'),
  };
}

/** Throws a `Problem` for settings that cannot be meant. */
export function readAuth(env: Env): AuthSettings {
  const token = valueOf(env, 'IFSCOPE_TOKEN');
  const mode = modeOf(env, token);
  const trustedProxy = valueOf(env, 'IFSCOPE_TRUSTED_PROXY') === '1';
  if (mode === 'token' && token === '')
    throw new Problem('usage', '--auth token: give the token with --token, or in IFSCOPE_TOKEN');
  if (mode === 'none' && token !== '')
    throw new Problem('usage', '--auth none does not go with --token: leave one of them out');
  return {
    mode,
    token: token === '' ? null : token,
    trustedProxy,
    proxy: mode === 'proxy' ? proxyOf(env) : null,
    oidc: mode === 'oidc' ? readOidc(env) : null,
    rights: valueOf(env, 'IFSCOPE_RIGHTS') || null,
    hosts: listOf(env, 'IFSCOPE_ALLOWED_HOSTS').map((host) => host.toLowerCase()),
  };
}

/** Whether visitors are told apart, and each is to see what the cluster lets them see. */
export const asksForRights = ({ mode, rights }: AuthSettings): boolean =>
  (mode === 'proxy' || mode === 'oidc') && rights !== 'all';

/** Whether somebody has decided who gets in; bound wider than the loopback interface, a server needs that. */
export const isChosen = (env: Env, { mode, trustedProxy }: AuthSettings): boolean =>
  mode !== 'none' || trustedProxy || valueOf(env, 'IFSCOPE_AUTH') !== '';
