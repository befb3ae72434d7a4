/** How visitors prove who they are, as options; the server reads them as variables (`lib/server/http/auth-settings`). */
import { Option } from 'commander';
import { readList } from './options';

export const authOptions = (): readonly Option[] => [
  new Option(
    '--auth <mode>',
    'who gets in: none (everybody), token (who has --token), proxy (whom the proxy at --proxy-from names)',
  ).env('IFSCOPE_AUTH'),
  new Option(
    '--token <secret>',
    'require this secret from every visitor; with --auth proxy, programs that send it need no name and see everything',
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
];
