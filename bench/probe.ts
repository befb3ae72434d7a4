/**
 * Preloaded into a measured server (`NODE_OPTIONS=--import`), in each of its threads: answers on a Unix socket in the
 * folder `IFSCOPE_PROBE` how long the thread was blocked, its memory, and where its time was spent. Erasable TypeScript
 * without imports of our own, so that Node runs it directly.
 */
import { createServer } from 'node:http';
import { Session, type Profiler } from 'node:inspector/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, threadId } from 'node:worker_threads';

/** The report of one thread; `block*` since the last reset. */
export interface ThreadReport {
  readonly pid: number;
  /** The program of the process. */
  readonly program: string;
  /** `main`, or `collecting` for a worker with the file `collecting-thread.ts`. */
  readonly thread: string;
  /** Milliseconds. */
  readonly longestBlock: number;
  readonly block99: number;
  /**
   * Most processor time that the thread used without a turn for its timers, in milliseconds. A longer block is also due
   * to the machine: the thread waited for a core.
   */
  readonly longestRun: number;
  /** Bytes, including array buffers; after a garbage collection if one was requested. */
  readonly heap: number;
  /** Resident bytes of the whole process. */
  readonly resident: number;
  /** Self time by function in milliseconds, largest first; empty without profiling. */
  readonly profile: readonly (readonly [what: string, ms: number])[];
}

const RESOLUTION_MS = 10;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
let longestRun = 0;
let session: Session | null = null;

function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
}

async function startProfile(): Promise<void> {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 1000 });
  await session.post('Profiler.start');
}

function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): readonly (readonly [string, number])[] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber, columnNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${path.basename(url)}:${lineNumber + 1}:${columnNumber + 1}`,
    ]),
  );
  const times = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[at] ?? 0) / 1000);
  }
  return [...times].sort(([, a], [, b]) => b - a).slice(0, 40);
}

async function endProfile(): Promise<ThreadReport['profile']> {
  if (session === null) return [];
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = null;
  return selfTimes(profile);
}

/** The build names a chunk after its file. */
function threadName(): string {
  if (isMainThread) return 'main';
  const file = path.basename(process.argv[1] ?? '');
  return /([a-z]+)-thread/.exec(file)?.[1] ?? `worker ${threadId}`;
}

/** The thread's processor time, in milliseconds. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function watchRuns(): void {
  let before = threadTime();
  setInterval(() => {
    const now = threadTime();
    longestRun = Math.max(longestRun, now - before);
    before = now;
  }, RESOLUTION_MS).unref();
}

function reset(): void {
  delay.reset();
  longestRun = 0;
}

async function tell(): Promise<ThreadReport> {
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return {
    pid: process.pid,
    program: path.basename(process.argv[1] ?? ''),
    thread: threadName(),
    longestBlock: ms(delay.max),
    block99: ms(delay.percentile(99)),
    longestRun,
    heap: heapUsed + arrayBuffers,
    resident: rss,
    profile: await endProfile(),
  };
}

async function answer(url: string): Promise<ThreadReport> {
  if (url === '/collect') collect();
  const report = await tell();
  if (url === '/reset' || url === '/profile') reset();
  if (url === '/profile') await startProfile();
  return report;
}

const folder = process.env['IFSCOPE_PROBE'];
if (folder !== undefined) {
  delay.enable();
  watchRuns();
  createServer((request, response) => {
    answer(request.url ?? '').then(
      (report) => response.end(JSON.stringify(report)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  })
    .listen(path.join(folder, `${process.pid}-${threadId}.sock`))
    .unref();
}
