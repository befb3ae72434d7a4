/** How visitors prove who they are, as options; the server reads them as variables (`lib/server/http/auth-settings`). */
import { Option } from 'commander';
import { readList } from './options';

export const authOptions = (): readonly Option[] => [
  new Option(
    '--auth <mode>',
    'who gets in: none (everybody), token (who has --token), proxy (whom the proxy at --proxy-from names), oidc (who signs in at --oidc-issuer)',
  ).env('IFSCOPE_AUTH'),
  new Option(
    '--token <secret>',
    'require this secret from every visitor; with --auth proxy or oidc, programs that send it need no name and see everything',
  ).env('IFSCOPE_TOKEN'),
  new Option(
    '--rights <who>',
    'who says which pods a visitor with a name may see: the API server of this kubeconfig context, in-cluster, or all (every visitor sees everything); left out, that of --from',
  ).env('IFSCOPE_RIGHTS'),
  new Option('--proxy-from <range...>', 'addresses of the proxy, as 10.0.0.7 or 10.0.0.0/24')
    .env('IFSCOPE_PROXY_FROM')
    .default([])
    .argParser(readList),
  new Option('--proxy-user-header <name>', 'header that names the visitor')
    .env('IFSCOPE_PROXY_USER_HEADER')
    .default('x-forwarded-user'),
  new Option('--proxy-groups-header <name>', 'header with the groups, comma-separated')
    .env('IFSCOPE_PROXY_GROUPS_HEADER')
    .default('x-forwarded-groups'),
  new Option(
    '--url <address>',
    'address that visitors use; the identity provider sends them back to /oidc/callback below it',
  ).env('IFSCOPE_URL'),
  new Option('--oidc-issuer <address>', 'identity provider (OpenID Connect)').env('IFSCOPE_OIDC_ISSUER'),
  new Option('--oidc-client-id <id>', 'what ifscope is called there').env('IFSCOPE_OIDC_CLIENT_ID'),
  new Option('--oidc-client-secret <secret>', 'its secret there; none for a public client').env(
    'IFSCOPE_OIDC_CLIENT_SECRET',
  ),
  new Option('--oidc-scopes <scopes>', 'what is asked for')
    .env('IFSCOPE_OIDC_SCOPES')
    .default('openid profile email groups'),
  new Option('--oidc-user-claim <claim>', 'claim with the name that the API server knows')
    .env('IFSCOPE_OIDC_USER_CLAIM')
    .default('sub'),
  new Option('--oidc-groups-claim <claim>', 'claim with the groups').env('IFSCOPE_OIDC_GROUPS_CLAIM').default('groups'),
  new Option('--oidc-user-prefix <text>', 'what the API server puts before the name').env('IFSCOPE_OIDC_USER_PREFIX'),
  new Option('--oidc-groups-prefix <text>', 'what the API server puts before each group').env(
    'IFSCOPE_OIDC_GROUPS_PREFIX',
  ),
  new Option(
    '--session-secret <secret>',
    'what cookies are encrypted with, 32 random characters or more; left out, each start makes a new one, and visitors sign in again',
  ).env('IFSCOPE_SESSION_SECRET'),
];
