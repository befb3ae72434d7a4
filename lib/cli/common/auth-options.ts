/** Options for authentication, which the server reads as environment variables (`lib/server/http/auth-settings`). */
import { Option, type Command } from 'commander';
import type { AuthMode } from '../../server/http/auth-settings';
import { Problem } from '../../server/runtime/problem';
import { MAX_SESSION_MINUTES } from '../../server/rights/session';
import { readList, readMinutes } from './options';

/** The options of `serve` for authentication. */
export const authOptions = (): readonly Option[] => [
  new Option(
    '--auth <mode>',
    'access control: none (everybody), token (visitors with --token), proxy (visitors identified by the proxy at --proxy-from), oidc (visitors who sign in at --oidc-issuer)',
  ).env('IFSCOPE_AUTH'),
  new Option(
    '--token <secret>',
    'require this secret from every visitor; with --auth proxy or oidc, programs that send it need no identity and see everything',
  ).env('IFSCOPE_TOKEN'),
  new Option(
    '--rights <who>',
    'what determines the pods an identified visitor may see: the API server of this kubeconfig context, in-cluster, or all (every visitor sees everything); by default, the API server of --from',
  ).env('IFSCOPE_RIGHTS'),
  new Option('--proxy-from <range...>', 'addresses of the proxy, such as 10.0.0.7 or 10.0.0.0/24')
    .env('IFSCOPE_PROXY_FROM')
    .default([])
    .argParser(readList),
  new Option('--proxy-user-header <name>', 'header with the visitor’s user name')
    .env('IFSCOPE_PROXY_USER_HEADER')
    .default('x-forwarded-user'),
  new Option('--proxy-groups-header <name>', 'header with the groups, comma-separated')
    .env('IFSCOPE_PROXY_GROUPS_HEADER')
    .default('x-forwarded-groups'),
  new Option(
    '--url <address>',
    'URL that visitors use; the redirect URI for the identity provider is /oidc/callback below it',
  ).env('IFSCOPE_URL'),
  new Option('--oidc-issuer <address>', 'issuer URL of the identity provider (OpenID Connect)').env(
    'IFSCOPE_OIDC_ISSUER',
  ),
  new Option('--oidc-client-id <id>', 'client id of ifscope at the provider').env('IFSCOPE_OIDC_CLIENT_ID'),
  new Option('--oidc-client-secret <secret>', 'client secret; none for a public client').env(
    'IFSCOPE_OIDC_CLIENT_SECRET',
  ),
  new Option('--oidc-scopes <scopes>', 'scopes to request')
    .env('IFSCOPE_OIDC_SCOPES')
    .default('openid profile email groups'),
  new Option('--oidc-user-claim <claim>', 'claim with the user name as in the API server')
    .env('IFSCOPE_OIDC_USER_CLAIM')
    .default('sub'),
  new Option('--oidc-groups-claim <claim>', 'claim with the groups').env('IFSCOPE_OIDC_GROUPS_CLAIM').default('groups'),
  new Option('--oidc-user-prefix <text>', 'prefix that the API server adds to the user name').env(
    'IFSCOPE_OIDC_USER_PREFIX',
  ),
  new Option('--oidc-groups-prefix <text>', 'prefix that the API server adds to each group').env(
    'IFSCOPE_OIDC_GROUPS_PREFIX',
  ),
  new Option(
    '--session-secret <secret>',
    'secret for encrypting cookies, at least 32 random characters; by default, each start generates a new one, and visitors must sign in again',
  ).env('IFSCOPE_SESSION_SECRET'),
  new Option(
    '--session-minutes <number>',
    'how long a sign-in lasts, unless the visitor or the provider ends it earlier',
  )
    .env('IFSCOPE_SESSION_MINUTES')
    .default(MAX_SESSION_MINUTES)
    .argParser(readMinutes(MAX_SESSION_MINUTES)),
];

/** The modes in which options have an effect, by the start of their names. */
const MODES_OF: readonly (readonly [RegExp, readonly AuthMode[]])[] = [
  [/^proxy/, ['proxy']],
  [/^(oidc|session|url$)/, ['oidc']],
  [/^rights$/, ['proxy', 'oidc']],
];

/** Rejects settings of another mode: a user who configures an identity provider expects that visitors must sign in. */
export function refuseIdle(command: Command, mode: AuthMode): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const modes = MODES_OF.find(([pattern]) => pattern.test(name))?.[1];
    const value = command.getOptionValue(name) as string | number | readonly string[] | undefined;
    // A file printed by --print-config also contains the defaults.
    const isSet = value !== option.defaultValue && String(value ?? '') !== '';
    if (isSet && modes !== undefined && !modes.includes(mode))
      throw new Problem(
        'usage',
        `${option.long ?? name} does nothing with --auth ${mode}: choose --auth ${modes.join(' or ')}, or leave it out`,
      );
  }
}
