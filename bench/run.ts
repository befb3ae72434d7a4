/**
 * `npm run bench [-- NAME… [--option…]]`: runs the named benchmarks, or all, one after the other, each in its own process and
 * with the given options. Everything stays on loopback, and a benchmark stops only what it started.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';

const NAMES = ['layout', 'keyframe', 'server', 'engine', 'browser'] as const;
/** A benchmark that takes longer hangs. Milliseconds. */
const LONGEST = 15 * 60_000;

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const options = firstOption < 0 ? [] : args.slice(firstOption);
const names = firstOption < 0 ? args : args.slice(0, firstOption);
const unknown = names.filter((name) => !(NAMES as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(' or ')}; there are ${NAMES.join(', ')}`);
  process.exit(2);
}

console.log(
  `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
);
let failed = false;
const ending = new AbortController();
for (const name of names.length === 0 ? NAMES : names) {
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
  // The benchmark and its children form one process group.
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
