/** Queries the threads of a measured server, each of which has loaded `bench/probe.ts`. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ThreadReport } from './probe';

export type { ThreadReport };

/** Access to the probes of a server. */
export interface Probe {
  /** Environment variables that load the probe into a process and its threads. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * `reset` clears the recorded blocks, `profile` also starts sampling, `collect` collects garbage before answering.
   */
  ask(what: 'look' | 'reset' | 'profile' | 'collect'): Promise<readonly ThreadReport[]>;
  stop(): Promise<void>;
}

const get = (socketPath: string, url: string): Promise<ThreadReport> =>
  new Promise((resolve, reject) => {
    request({ socketPath, path: url }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text) as ThreadReport);
        else reject(new Error(`the probe failed: ${text}`));
      });
    })
      .on('error', reject)
      .end();
  });

const NOBODY = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET']);

/** Creates the socket folder of the probes. */
export async function createProbe(): Promise<Probe> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ifscope-probe-'));
  const file = pathToFileURL(path.join(import.meta.dirname, 'probe.ts')).href;
  return {
    env: { IFSCOPE_PROBE: folder, NODE_OPTIONS: `--import ${file}` },
    async ask(what) {
      const sockets = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
      const reports = await Promise.all(
        sockets.map((name) =>
          // A thread that ended leaves its socket behind.
          get(path.join(folder, name), `/${what}`).catch((error: unknown) => {
            if (NOBODY.has((error as NodeJS.ErrnoException).code ?? '')) return null;
            throw error;
          }),
        ),
      );
      // The process of the command only waits for the server.
      return reports.filter((report) => report !== null).filter(({ program }) => program !== 'ifscope.mjs');
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

const TICKS_PER_SECOND = 100;

/** Processor time of a process with all its threads, in milliseconds (proc(5): utime and stime). */
export async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000;
}
