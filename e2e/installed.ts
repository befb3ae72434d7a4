/** The published package, packed by npm and installed from the archive alone, and its command. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
export const STAGED = path.join(ROOT, 'out', 'package');

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: environment() });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** An environment without a cluster, and without npm's variables for scripts. */
function environment(home = tmpdir()): NodeJS.ProcessEnv {
  const { PATH = '' } = process.env;
  const node = path.dirname(process.execPath);
  return {
    NODE_ENV: 'production',
    PATH: `${node}${path.delimiter}${PATH}`,
    HOME: home,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

export interface Installed {
  readonly archive: string;
  /** The folder in which it is installed. */
  readonly folder: string;
  /** The path of its command. */
  readonly command: string;
  /** Milliseconds that `npm install` took. */
  readonly ms: number;
}

/** Makes the package from the checkout; builds the page if necessary. */
export const stage = (): string => run('npm', ['run', '--silent', 'package'], ROOT);

/** Installs without network and without running scripts. */
export function install(): Installed {
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-package-'));
  run('npm', ['pack', STAGED, '--silent', '--pack-destination', folder], ROOT);
  const archive = path.join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  const started = performance.now();
  run('npm', ['install', '--prefix', folder, '--offline', '--ignore-scripts', '--no-audit', archive], folder);
  return {
    archive,
    folder,
    command: path.join(folder, 'node_modules', '.bin', 'ifscope'),
    ms: Math.round(performance.now() - started),
  };
}

export const remove = ({ folder }: Installed): void => rmSync(folder, { recursive: true, force: true });

export interface Started {
  readonly url: string;
  /** Milliseconds until it printed its address. */
  readonly ms: number;
  log(): string;
  /** Sends SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `ifscope serve` on a free port, with `env` added. Rejects with its output if it exits. */
export async function start(
  { command, folder }: Installed,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const began = performance.now();
  const child: ChildProcess = spawn(command, ['serve', '--port', '0', '--output', 'json', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(folder), ...env },
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) resolve((JSON.parse(out) as { readonly url: string }).url);
    });
    child.once('exit', (code) => reject(new Error(`ifscope serve ended with ${code ?? 'a signal'}:\n${log}`)));
  });
  return {
    url,
    ms: Math.round(performance.now() - began),
    log: () => log,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      return child.exitCode;
    },
  };
}

export const runCommand = ({ command, folder }: Installed, args: readonly string[]): string =>
  run(command, args, folder);
