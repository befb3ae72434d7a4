/** Starts the real `ifscope serve` command, on a free port unless the arguments name one, and ends it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

export interface Served {
  readonly url: string;
  readonly pid: number;
  /** Everything printed on standard error. */
  log(): string;
  /** Sends SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** From now on, nobody reads its standard error. */
  unread(): void;
}

/**
 * Runs `serve` with `args`, and with `env` added to this process's environment. Rejects with the log if it exits before
 * it is ready. `within`: a command prefix that runs the rest in its own process (`unshare …`). `entry`: the program; the
 * default is that of the checkout.
 */
export async function serve(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  within: readonly string[] = [],
  entry = path.join(ROOT, 'lib/cli/ifscope.mjs'),
): Promise<Served> {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const program = [process.execPath, entry, 'serve'];
  const [command = '', ...rest] = [...within, ...program, ...port, '--output', 'json', ...args];
  const child: ChildProcess = spawn(command, rest, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, AWS_EC2_METADATA_DISABLED: 'true', ...env },
  });
  let log = '';
  let out = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = out.split('\n').find((text) => text.startsWith('{'));
      if (line !== undefined) resolve((JSON.parse(line) as { readonly url: string }).url);
    });
    child.once('exit', (code) => reject(new Error(`ifscope serve ended with ${code ?? 'a signal'}:\n${log}`)));
  });
  const url = await ready;
  return {
    url,
    pid: child.pid ?? 0,
    log: () => log,
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      return child.exitCode;
    },
    unread: () => void child.stderr?.destroy(),
  };
}
