/** Reads the authentication settings from the environment that `ifscope serve` sets for its server. */
import { parseCidr, canonicalIp, type Cidr } from '../../model/ip';
import { Problem } from '../runtime/problem';
import { readOidc, type OidcSettings } from './oidc-settings';

/** The values of `--auth`. */
export const AUTH_MODES = ['none', 'token', 'proxy', 'oidc'] as const;
/** A value of `--auth`. */
export type AuthMode = (typeof AUTH_MODES)[number];

/** A proxy that identifies visitors in headers. */
export interface ProxySettings {
  /** Its addresses; headers from other addresses are not trusted. */
  readonly from: readonly Cidr[];
  /** Lower case. */
  readonly userHeader: string;
  readonly groupsHeader: string;
}

/** The authentication settings. */
export interface AuthSettings {
  readonly mode: AuthMode;
  /** Null in mode `none`; optional in modes `proxy` and `oidc`, where it admits programs. */
  readonly token: string | null;
  /** `--trusted-proxy`: a proxy in front controls access without identifying visitors. */
  readonly trustedProxy: boolean;
  /** Null unless the mode is `proxy`. */
  readonly proxy: ProxySettings | null;
  /**
   * What determines the records that an identified visitor may see: `all` (everybody sees everything), or `in-cluster`
   * or a kubeconfig context (that API server decides). Null: the API server of the shown cluster.
   */
  readonly rights: string | null;
  /** Null unless the mode is `oidc`. */
  readonly oidc: OidcSettings | null;
  /** Additional host names that the server answers to, lower case. */
  readonly hosts: readonly string[];
}

/** Environment variables. */
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

/** Reads `10.0.0.0/8` or a single address. */
function networkOf(text: string): Cidr {
  const ip = canonicalIp(text);
  const cidr = parseCidr(ip === null ? text : `${ip}/${ip.includes(':') ? 128 : 32}`);
  if (cidr === null)
    throw new Problem('usage', `--proxy-from ${text}: give an address or a range, such as 10.0.0.7 or 10.0.0.0/24`);
  if (cidr.prefixLength === 0)
    throw new Problem('usage', `--proxy-from ${text}: that is everybody; give the addresses of the proxy alone`);
  return cidr;
}

function headerName(env: Env, name: string, flag: string, otherwise: string): string {
  const text = valueOf(env, name);
  if (text === '') return otherwise;
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/i.test(text))
    throw new Problem('usage', `${flag} ${text}: not the name of a header, as ${otherwise}`);
  return text.toLowerCase();
}

function proxyOf(env: Env): ProxySettings {
  const from = listOf(env, 'IFSCOPE_PROXY_FROM').map(networkOf);
  if (from.length === 0)
    throw new Problem(
      'usage',
      '--auth proxy: give the addresses of the proxy with --proxy-from, such as 10.0.0.7 or 10.0.0.0/24; its headers are trusted from nowhere else',
    );
  const userHeader = headerName(env, 'IFSCOPE_PROXY_USER_HEADER', '--proxy-user-header', 'x-forwarded-user');
  const groupsHeader = headerName(env, 'IFSCOPE_PROXY_GROUPS_HEADER', '--proxy-groups-header', 'x-forwarded-groups');
  if (userHeader === groupsHeader)
    throw new Problem('usage', `--proxy-groups-header ${groupsHeader}: that is --proxy-user-header; give another one`);
  return { from, userHeader, groupsHeader };
}

/** A name as in a Host header, without the port; IPv6 addresses have brackets. */
function hostOf(text: string): string {
  const host =
    (text.includes(':') ? canonicalIp(text) : null) === null ? text.toLowerCase() : `[${text.toLowerCase()}]`;
  if (!/^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/.test(host))
    throw new Problem('usage', `--allow-host ${text}: give the name alone, without scheme, port or path`);
  return host;
}

/** Throws a `Problem` for invalid settings. */
export function readAuth(env: Env): AuthSettings {
  const token = valueOf(env, 'IFSCOPE_TOKEN');
  const mode = modeOf(env, token);
  const trustedProxy = valueOf(env, 'IFSCOPE_TRUSTED_PROXY') === 'on';
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
    hosts: listOf(env, 'IFSCOPE_ALLOWED_HOSTS').map(hostOf),
  };
}

/** Whether visitors are identified and see only what their rights in the cluster allow. */
export const asksForRights = ({ mode, rights }: AuthSettings): boolean =>
  (mode === 'proxy' || mode === 'oidc') && rights !== 'all';

/** Whether access control was explicitly chosen, which is required unless the server listens on the loopback interface only. */
export const isChosen = (env: Env, { mode, trustedProxy }: AuthSettings): boolean =>
  mode !== 'none' || trustedProxy || valueOf(env, 'IFSCOPE_AUTH') !== '';
