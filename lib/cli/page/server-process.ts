/** The server as a child process: finds a port, starts it, reports when it responds, forwards signals, ends with it. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { Problem, reasonOf } from '../../server/runtime/problem';
import { ROOT } from './build';
import { problemOfEnd } from './unasked-end';

/** Beside this file in a checkout; in the package, this file is part of `built/main.mjs`. */
const SERVER = path.join(ROOT, 'lib', 'cli', 'page', 'server.mjs');

/**
 * Time from SIGTERM until the server is killed. Its streams close immediately, so this is for the worst case.
 * Milliseconds.
 */
const GRACE_MS = 10_000;
const PROBE_MS = 50;

/**
 * Fewer malloc arenas for the threads of the process: with glibc's default of eight per core, memory freed by one thread
 * is not reused by another. Other C libraries ignore it; the user's own value takes precedence.
 */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2' };

/** Returns `port` if it is free; 0 finds a free one. Throws a `Problem` that names the remedy. */
export function findPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => reject(portProblem(error, host, port)));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(found));
    });
  });
}

function portProblem(error: NodeJS.ErrnoException, host: string, port: number): Problem {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Problem(
        'runtime',
        `port ${port} on ${host} is in use: stop what listens there, or choose another with --port (0 picks a free one)`,
      );
    case 'EACCES':
      return new Problem('runtime', `not allowed to listen on port ${port}: choose one above 1023 with --port`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Problem(
        'usage',
        `--host ${host} is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all of them`,
      );
    default:
      return new Problem('runtime', `cannot listen on ${host}:${port}: ${reasonOf(error)}`);
  }
}

/** Options of the page's server process. */
export interface ServerProcess {
  readonly host: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** URL that answers 200 once the server is up. */
  readonly probe: string;
  readonly onReady: () => void;
}

/**
 * Runs until the server ends. Resolves to 0 if this process was asked to stop, otherwise to the server's exit code;
 * rejects with a `Problem` if another signal ended it.
 */
export function runServer({ host, port, env, probe, onReady }: ServerProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SERVER], {
      cwd: ROOT,
      env: { ...ALLOCATOR, ...process.env, ...env, HOST: host, PORT: String(port) },
      // The channel closes when this process ends, for any reason, and the server detects that.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let asked = false;
    let ended = false;
    let force: NodeJS.Timeout | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      asked = true;
      child.kill(signal);
      force ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      force.unref();
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, stop);

    const ask = async (): Promise<void> => {
      while (!ended) {
        const answered = await fetch(probe).then(
          (response) => response.ok,
          () => false,
        );
        if (answered) {
          onReady();
          return;
        }
        await new Promise((wait) => setTimeout(wait, PROBE_MS));
      }
    };
    void ask();

    child.on('error', (error) => reject(new Problem('runtime', `cannot start the server: ${reasonOf(error)}`)));
    child.on('exit', (code, signal) => {
      ended = true;
      clearTimeout(force);
      for (const signal of signals) process.off(signal, stop);
      const problem = asked ? null : problemOfEnd(signal);
      if (problem === null) resolve(asked ? 0 : (code ?? 1));
      else reject(problem);
    });
  });
}
