/**
 * `ifscope serve`: builds the page if needed and runs `next start` as a child process until a signal ends both. Errors
 * in the command line, the port or the configuration are reported before anything is built.
 */
import { Option, type Command } from 'commander';
import { isChosen, readAuth } from '../../server/http/auth-settings';
import { describeFrom, formatFrom, resolveFrom } from '../../server/runtime/from';
import { Problem } from '../../server/runtime/problem';
import { isFile, readFromFile } from '../../server/runtime/read-file';
import { ensureBuilt, ROOT } from '../page/build';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, readPort, type OutputFormat } from '../common/options';
import { findPort, runServer } from '../page/server-process';

interface ServeOptions {
  readonly from?: string;
  readonly host: string;
  readonly port: number;
  readonly auth?: string;
  readonly token?: string;
  readonly proxyFrom: readonly string[];
  readonly proxyUserHeader?: string;
  readonly proxyGroupsHeader?: string;
  readonly rights?: string;
  readonly trustedProxy?: boolean;
  readonly allowHost: readonly string[];
  readonly output: OutputFormat;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

const urlHost = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

/** How visitors prove who they are, as the server reads it from its environment. */
const authEnv = (options: ServeOptions): Readonly<Record<string, string>> => ({
  IFSCOPE_AUTH: options.auth ?? '',
  IFSCOPE_TOKEN: options.token ?? '',
  IFSCOPE_PROXY_FROM: options.proxyFrom.join(','),
  IFSCOPE_PROXY_USER_HEADER: options.proxyUserHeader ?? '',
  IFSCOPE_PROXY_GROUPS_HEADER: options.proxyGroupsHeader ?? '',
  IFSCOPE_RIGHTS: options.rights ?? '',
  IFSCOPE_TRUSTED_PROXY: options.trustedProxy === true ? '1' : '',
});

async function serve(options: ServeOptions, { output, end }: CommandContext): Promise<void> {
  const env = authEnv(options);
  const auth = readAuth(env);
  if (!isLoopback(options.host) && !isChosen(env, auth))
    throw new Problem(
      'usage',
      `--host ${options.host} would show the cluster to whoever reaches this address: choose --token TOKEN (or IFSCOPE_TOKEN), --auth proxy, --trusted-proxy when something in front decides who gets in, or --auth none for everybody`,
    );
  const from = await resolveFrom(options.from);
  // Read here to report errors before anything is built.
  if (isFile(from)) await readFromFile(from);
  const port = await findPort(options.host, options.port);
  await ensureBuilt(ROOT, (line) => output.err(line));
  const hosts = [
    ...options.allowHost,
    ...(isLoopback(options.host) || options.host === '0.0.0.0' || options.host === '::' ? [] : [urlHost(options.host)]),
  ];
  const base = `http://${urlHost(options.host)}:${port}`;
  const code = await runServer({
    host: options.host,
    port,
    env: {
      IFSCOPE_FROM: formatFrom(from),
      ...env,
      IFSCOPE_ALLOWED_HOSTS: auth.mode === 'none' && !auth.trustedProxy ? hosts.join(',') : options.allowHost.join(','),
    },
    probe: `${base}/healthz`,
    onReady: () => {
      const url = auth.mode === 'token' ? `${base}/?token=${encodeURIComponent(auth.token ?? '')}` : base;
      const said = describeFrom(from);
      void output.out(
        options.output === 'json'
          ? `${JSON.stringify({ url, from: said, pid: process.pid })}\n`
          : `ifscope: ${url} · ${said}\n`,
      );
    },
  });
  end(code === 0 ? 0 : 1);
}

export function addServe(program: Command, context: CommandContext): void {
  program
    .command('serve', { isDefault: true })
    .description('serve the page and its HTTP interface (what runs when no command is given)')
    .addOption(fromOption())
    .addOption(new Option('--host <address>', 'address to listen on').env('HOST').default('127.0.0.1'))
    .addOption(
      new Option('--port <number>', 'port to listen on; 0 picks a free one')
        .env('PORT')
        .default(3000)
        .argParser(readPort),
    )
    .addOption(
      new Option(
        '--auth <mode>',
        'who gets in: none (everybody), token (who has --token), proxy (whom the proxy at --proxy-from names)',
      ).env('IFSCOPE_AUTH'),
    )
    .addOption(
      new Option(
        '--token <secret>',
        'require this secret from every visitor; with --auth proxy, programs that send it need no proxy and see everything',
      ).env('IFSCOPE_TOKEN'),
    )
    .addOption(
      new Option('--proxy-from <range...>', 'addresses of the proxy that names visitors, as 10.0.0.7 or 10.0.0.0/24')
        .env('IFSCOPE_PROXY_FROM')
        .default([]),
    )
    .addOption(
      new Option('--proxy-user-header <name>', 'header in which it names the visitor (x-forwarded-user)').env(
        'IFSCOPE_PROXY_USER_HEADER',
      ),
    )
    .addOption(
      new Option('--proxy-groups-header <name>', 'header with the groups, comma-separated (x-forwarded-groups)').env(
        'IFSCOPE_PROXY_GROUPS_HEADER',
      ),
    )
    .addOption(
      new Option(
        '--rights <who>',
        'who says which pods a visitor that was named may see: the API server of this kubeconfig context, in-cluster, or all (every visitor sees everything); left out, that of --from',
      ).env('IFSCOPE_RIGHTS'),
    )
    .option('--trusted-proxy', 'a proxy in front authenticates visitors: answer to any host name, without a token')
    .option('--allow-host <name...>', 'also answer to this host name', [])
    .addOption(outputOption())
    .action((options: ServeOptions) => serve(options, context));
}
