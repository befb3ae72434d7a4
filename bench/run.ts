/**
 * `npm run bench [-- NAME [options]]`: runs all benchmarks, or one, each in a process of its own, one after the other.
 * Everything stays on loopback, ends by itself, and ends only what it started.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';

const NAMES = ['layout', 'server', 'engine', 'browser'] as const;
/** No benchmark takes this long; one that does hangs. Milliseconds. */
const LONGEST = 15 * 60_000;

const [wanted, ...options] = process.argv.slice(2);
if (wanted !== undefined && !(NAMES as readonly string[]).includes(wanted)) {
  console.error(`bench: there is no ${JSON.stringify(wanted)}; there are ${NAMES.join(', ')}`);
  process.exit(2);
}

console.log(
  `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
);
let failed = false;
const ending = new AbortController();
for (const name of wanted === undefined ? NAMES : [wanted]) {
  const file = path.join(import.meta.dirname, `${name}.ts`);
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=8192', '--import', 'tsx', file, ...options],
    {
      cwd: path.resolve(import.meta.dirname, '..'),
      stdio: 'inherit',
      detached: true,
    },
  );
  // The benchmark with all that it started: they are one group.
  const stop = (): void => {
    ending.abort();
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const limit = setTimeout(stop, LONGEST);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(limit);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  failed ||= code !== 0;
  if (ending.signal.aborted) break;
}
process.exitCode = failed ? 1 : 0;
