/**
 * `ifscope serve`: builds the page if needed and runs `next start` as a child process until a signal ends both. Errors
 * in the command line, the port or the configuration are reported before anything is built.
 */
import { Option, type Command } from 'commander';
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
  readonly token?: string;
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

async function serve(options: ServeOptions, { output, end }: CommandContext): Promise<void> {
  if (!isLoopback(options.host) && options.token === undefined && options.trustedProxy !== true)
    throw new Problem(
      'usage',
      `--host ${options.host} would show the cluster to whoever reaches this address: add --token TOKEN (or IFSCOPE_TOKEN), or --trusted-proxy when a proxy in front authenticates visitors`,
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
      IFSCOPE_TOKEN: options.token ?? '',
      IFSCOPE_TRUSTED_PROXY: options.trustedProxy === true ? '1' : '',
      IFSCOPE_ALLOWED_HOSTS:
        options.token === undefined && options.trustedProxy !== true ? hosts.join(',') : options.allowHost.join(','),
    },
    probe: `${base}/healthz`,
    onReady: () => {
      const url = options.token === undefined ? base : `${base}/?token=${encodeURIComponent(options.token)}`;
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
    .addOption(new Option('--token <secret>', 'require this secret from every visitor').env('IFSCOPE_TOKEN'))
    .option('--trusted-proxy', 'a proxy in front authenticates visitors: answer to any host name, without a token')
    .option('--allow-host <name...>', 'also answer to this host name', [])
    .addOption(outputOption())
    .action((options: ServeOptions) => serve(options, context));
}
