/**
 * `ifscope serve`: builds the page if needed and runs the server (`lib/cli/page/server.mjs`) as a child process until a signal ends both. Errors
 * in the command line, the port or the configuration are reported before anything is built.
 */
import { Option, type Command } from 'commander';
import { asksForRights, isChosen, readAuth, type AuthSettings } from '../../server/http/auth-settings';
import { LOG_LEVELS } from '../../model/log-level';
import { LOG_FORMATS } from '../../server/log/options';
import { describeFrom, formatFrom, processWorld, resolveFrom } from '../../server/runtime/from';
import { readNamespaces } from '../../server/runtime/namespaces';
import { Problem, reasonOf } from '../../server/runtime/problem';
import { isFile, readFromFile } from '../../server/runtime/read-file';
import { checkReviewer } from '../../server/runtime/reviewer';
import { ensureBuilt, ROOT } from '../page/build';
import { offlinePage } from '../page/offline';
import type { CommandContext } from '../common/command';
import { authOptions, refuseIdle } from '../common/auth-options';
import {
  fromOption,
  outputOption,
  readBasePath,
  readList,
  readPort,
  readSeconds,
  type OutputFormat,
} from '../common/options';
import { applyConfigFile, formatConfig, refuseEmpty, settingsEnv } from '../common/settings';
import { findPort, runServer } from '../page/server-process';

interface ServeOptions {
  readonly from?: string;
  readonly host: string;
  readonly port: number;
  readonly basePath: string;
  readonly allowHost: readonly string[];
  readonly output: OutputFormat;
  readonly config?: string;
  readonly printConfig?: boolean;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

const urlHost = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

/** Sign-in redirects to `--url`; requests below another path get no answer. */
function refuseOtherPath({ oidc }: AuthSettings, basePath: string): void {
  const path = oidc === null ? basePath : new URL(oidc.url).pathname.replace(/\/$/, '');
  if (path !== basePath)
    throw new Problem(
      'usage',
      `--url ${oidc?.url ?? ''}: its path must be that of --base-path, which is "${basePath}": give --base-path ${path || '/'}, or another --url`,
    );
}

async function serve(command: Command, { output, end }: CommandContext): Promise<void> {
  const file = command.opts<ServeOptions>().config;
  if (file !== undefined) applyConfigFile(command, file);
  refuseEmpty(command);
  const options = command.opts<ServeOptions>();
  const env = settingsEnv(command);
  const auth = readAuth(env);
  refuseIdle(command, auth.mode);
  refuseOtherPath(auth, options.basePath);
  readNamespaces(env);
  if (!isLoopback(options.host) && !isChosen(env, auth))
    throw new Problem(
      'usage',
      `--host ${options.host} would show the cluster to anybody who can reach this address: choose --token TOKEN (or IFSCOPE_TOKEN), --auth proxy or oidc, --trusted-proxy if a proxy in front authenticates visitors, or --auth none to admit everybody`,
    );
  if (options.printConfig === true) return output.out(formatConfig(command));
  const from = await resolveFrom(options.from);
  if (asksForRights(auth)) await checkReviewer(from, auth.rights, processWorld().env);
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
      ...env,
      IFSCOPE_PAGE_FILE: offlinePage(ROOT),
      IFSCOPE_FROM: formatFrom(from),
      IFSCOPE_ALLOWED_HOSTS: auth.mode === 'none' && !auth.trustedProxy ? hosts.join(',') : options.allowHost.join(','),
    },
    probe: `${base}/healthz`,
    onReady: () => {
      const page = `${base}${options.basePath}`;
      // Includes the token for a click in a terminal. Elsewhere, for instance in a pod, the output is kept in logs, so
      // the token is left out.
      const isClicked = auth.mode === 'token' && process.stdout.isTTY;
      const url = isClicked ? `${page}/?token=${encodeURIComponent(auth.token ?? '')}` : page;
      const said = describeFrom(from);
      const line =
        options.output === 'json'
          ? `${JSON.stringify({ url, from: said, pid: process.pid })}\n`
          : `ifscope: ${url} · ${said}\n`;
      // The server runs even if its address cannot be printed here.
      output.out(line).catch((error: unknown) => output.err(`ifscope: ${reasonOf(error)}`));
    },
  });
  end(code === 0 ? 0 : 1);
}

/** The options for the source of facts, in addition to `--from`. */
const sourceOptions = (): readonly Option[] => [
  new Option(
    '--namespaces <name...>',
    'read pods and other namespaced objects only in these namespaces, if ifscope may not read all; nothing is concluded from missing data',
  )
    .env('IFSCOPE_NAMESPACES')
    .default([])
    .argParser(readList),
  new Option('--from-token <secret>', 'token for the ifscope at the URL in --from').env('IFSCOPE_FROM_TOKEN'),
  new Option('--ec2 <switch>', 'whether to read EC2').env('IFSCOPE_EC2').choices(['on', 'off']).default('on'),
  new Option('--ec2-poll-seconds <number>', 'interval between two sweeps of EC2; the CNI shares the account’s quota')
    .env('IFSCOPE_EC2_POLL_SECONDS')
    .default(undefined, '30')
    .argParser(readSeconds(1)),
  new Option('--ec2-gap-seconds <number>', 'minimum interval between two EC2 calls')
    .env('IFSCOPE_EC2_GAP_SECONDS')
    .default(undefined, '1; a third of that until every call has been answered once')
    .argParser(readSeconds(0)),
  new Option('--aws-node <switch>', 'whether to read the metrics of aws-node')
    .env('IFSCOPE_AWS_NODE')
    .choices(['on', 'off'])
    .default('on'),
];

const logOptions = (): readonly Option[] => [
  new Option('--log-level <level>', 'lowest level to log, on standard error')
    .env('IFSCOPE_LOG_LEVEL')
    .choices(LOG_LEVELS)
    .default('warn'),
  new Option('--log-format <format>', 'plain lines, or one JSON object per line')
    .env('IFSCOPE_LOG_FORMAT')
    .choices(LOG_FORMATS)
    .default('text'),
];

/** Adds `ifscope serve`: serves the page and its HTTP interface. */
export function addServe(program: Command, context: CommandContext): void {
  const command = program
    .command('serve', { isDefault: true })
    .description('serve the page and its HTTP interface (the default command)')
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
        '--base-path <path>',
        'base path of the page and the HTTP interface; a proxy in front may strip it or keep it',
      )
        .env('IFSCOPE_BASE_PATH')
        .default('')
        .argParser(readBasePath),
    );
  for (const option of authOptions()) command.addOption(option);
  command
    .addOption(
      new Option(
        '--trusted-proxy [switch]',
        'a proxy in front authenticates visitors: answer to any host name, without a token',
      )
        .env('IFSCOPE_TRUSTED_PROXY')
        .choices(['on', 'off'])
        .preset('on')
        .default('off'),
    )
    .addOption(
      new Option('--allow-host <name...>', 'also answer to this host name')
        .env('IFSCOPE_ALLOWED_HOSTS')
        .default([])
        .argParser(readList),
    );
  for (const option of [...sourceOptions(), ...logOptions()]) command.addOption(option);
  command
    .addOption(new Option('--config <file>', 'read settings from this file (YAML or JSON)').env('IFSCOPE_CONFIG'))
    .option('--print-config', 'print the settings and their origins, and exit')
    .addOption(outputOption())
    .action((_options, self: Command) => serve(self, context));
}
